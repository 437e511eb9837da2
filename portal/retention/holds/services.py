"""Setting a hold on what is kept of a learner, and ending it before its day. She reads both."""

from datetime import date
from uuid import UUID

from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.policy.schema.periods import Period
from portal.retention.holds.queries import get_hold
from portal.retention.models import HoldReason, RetentionHold

LONGEST = Period(number=2, unit="years")
"""So long a hold may last; a longer one is set anew, by somebody who looks at it again."""
MOST_SIGNS = 400
NAMED = frozenset({HoldReason.LAW, HoldReason.CLAIM})
"""Reasons of which the details are said: which law, which claim."""


def set_hold(learner_id: UUID, *, reason: HoldReason, details: str, ends_on: date, by: Actor) -> RetentionHold:
    """Let nothing of a learner go at the end of its term until a day.

    Raises NotFound for a learner out of reach, Invalid for a day that is past or too far off, and where the law or
    the claim isn't named.
    """
    by.must(Permission.RETENTION_KEEP)
    learner = get_within_reach(learner_id, by, lock=True)
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
        learner_id=learner.id,
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
    session.flush()
    _record("retention.hold_ended", hold, by)
    return hold


def _record(event: str, hold: RetentionHold, by: Actor) -> None:
    facts = {"reason": hold.reason.value, "ends_on": hold.ends_on.isoformat()}
    audit.record(event, learner_id=hold.learner_id, subject=("retention_hold", hold.id), facts=facts, by=by)
