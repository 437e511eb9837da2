"""Setting a hold on what is kept of somebody, and ending it before its day. She reads both."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.core import audit
from portal.core.clock import now, today
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.personal_data import PersonKind
from portal.learners.scope.services import get_within_reach
from portal.organisations.queries import get_contact_person
from portal.permissions import Permission
from portal.policy.schema.periods import Period
from portal.requests.askers.queries import get_staff_account
from portal.retention.holds.queries import get_hold
from portal.retention.models import HOLDERS, HoldReason, RetentionHold

LONGEST = Period(number=2, unit="years")
"""So long a hold may last; a longer one is set anew, by somebody who looks at it again."""
MOST_SIGNS = 400
NAMED = frozenset({HoldReason.LAW, HoldReason.CLAIM})
"""Reasons of which the details are said: which law, which claim."""


@dataclass(frozen=True)
class Whom:
    """Somebody whose data a hold may keep: what she is to the school, and her name."""

    kind: PersonKind
    id: UUID
    name: str

    @property
    def learner_id(self) -> UUID | None:
        """Her id, where she is a learner."""
        return self.id if self.kind is PersonKind.LEARNER else None


def get_whom(kind: PersonKind, person_id: UUID, by: Actor, *, lock: bool = False) -> Whom:
    """Return a learner, a contact person, or who works or worked here; raises NotFound for who is out of reach.

    With `lock` she stays until the commit: for who adds a row that points to her.
    """
    match kind:
        case PersonKind.LEARNER:
            return Whom(kind, person_id, get_within_reach(person_id, by, lock=lock).full_name)
        case PersonKind.CONTACT_PERSON:
            return Whom(kind, person_id, get_contact_person(person_id, by.scope, lock=lock).name)
        case PersonKind.STAFF:
            return Whom(kind, person_id, get_staff_account(person_id, by, lock=lock).name)
    raise NotFound(kind.value)


def set_hold(
    kind: PersonKind, person_id: UUID, *, reason: HoldReason, details: str, ends_on: date, by: Actor
) -> RetentionHold:
    """Let nothing of somebody go at the end of its term until a day.

    Raises NotFound for somebody out of reach, Invalid for a day that is past or too far off, and where the law or the
    claim isn't named.
    """
    by.must(Permission.RETENTION_KEEP)
    whom = get_whom(kind, person_id, by, lock=True)
    details = details.strip()
    if ends_on < today():
        raise Invalid("ends_on", "day_past")
    if ends_on > LONGEST.added_to(today()):
        raise Invalid("ends_on", "day_far")
    if len(details) > MOST_SIGNS:
        raise Invalid("details", "too_long", most=MOST_SIGNS)
    if reason in NAMED and not details:
        raise Invalid("details", "not_named")
    hold = RetentionHold(
        **{HOLDERS[kind]: whom.id},
        reason=reason,
        details=details,
        ends_on=ends_on,
        set_at=now(),
        set_by=by.account_id,
        set_by_name=by.name,
    )
    session.add(hold)
    session.flush()
    _record("retention.hold_set", hold, by)
    return hold


def end_hold(hold_id: UUID, *, by: Actor) -> RetentionHold:
    """End a hold before its day; raises NotFound, and Conflict for one that has ended."""
    by.must(Permission.RETENTION_KEEP)
    hold = get_hold(hold_id, by.scope, lock=True)
    if not hold.is_in_force_on(today()):
        raise Conflict("ended")
    hold.ended_at, hold.ended_by, hold.ended_by_name = now(), by.account_id, by.name
    record_ending(Ending.HOLD, hold.id)
    session.flush()
    _record("retention.hold_ended", hold, by)
    return hold


def _record(event: str, hold: RetentionHold, by: Actor) -> None:
    facts = {"reason": hold.reason.value, "ends_on": hold.ends_on.isoformat()}
    subject = ("retention_hold", hold.id)
    if hold.contact_person_id is not None:
        subject = ("contact_person", hold.contact_person_id)
    elif hold.account_id is not None:
        subject = ("account", hold.account_id)
    audit.record(event, learner_id=hold.learner_id, subject=subject, facts=facts, by=by)
