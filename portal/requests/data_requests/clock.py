"""The legal clock of a request: from its receipt on, in calendar days, as the policy says, else the law (AVG 12(3))."""

from datetime import date, timedelta

from portal.policy.queries import current_policy
from portal.policy.schema.periods import Period
from portal.policy.schema.statement import Deadline
from portal.requests.data_requests.models import RequestKind

_MONTH = Period(number=1, unit="months")
_LONGEST = Period(number=3, unit="months")
_TWO_MONTHS = Period(number=2, unit="months")
_ASKED_WITHIN = 3  # working days
_WEEKEND = 5


def _deadline(kind: RequestKind) -> Deadline | None:
    """Return what the statement promises of this kind; None where it names none, so that the law's month holds."""
    try:
        return current_policy().deadline(kind.value)
    except KeyError:
        return None


def first_due_on(kind: RequestKind, received_on: date) -> date:
    """Return the day by which a request is answered: 28 days on, or a month, of which 31 January gives February's last.

    Weekends and holidays don't move it.
    """
    deadline = _deadline(kind)
    return (deadline.within if deadline is not None else _MONTH).added_to(received_on)


def extended_due_on(kind: RequestKind, received_on: date) -> date | None:
    """Return the last day to which an answer may be put off, three months after receipt at most.

    None where the statement promises its term without exception.
    """
    deadline = _deadline(kind)
    if deadline is not None and deadline.extension is None:
        return None
    extension = deadline.extension if deadline is not None and deadline.extension is not None else _TWO_MONTHS
    return min(extension.added_to(first_due_on(kind, received_on)), _LONGEST.added_to(received_on))


def pauses_for_identity(kind: RequestKind, *, received_on: date, asked_on: date) -> bool:
    """Say whether the days until it is sure who asks don't count.

    Only where the policy says why, and only where the school asked within three working days (AVG art. 12(6)).
    """
    deadline = _deadline(kind)
    if deadline is None or deadline.identity_pause is None:
        return False
    return asked_on <= _add_working_days(received_on, _ASKED_WITHIN)


def _add_working_days(day: date, number: int) -> date:
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < _WEEKEND
    return day
