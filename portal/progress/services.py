"""What everything that is entered about a learner has in common: may it be, by whom and when, and that it is logged."""

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.progress.models import Evaluation, ExamResult, Note

EARLIEST = date(1990, 1, 1)
Entered = TypeVar("Entered", ExamResult, Evaluation, Note)


def must_be_kept(feature: str) -> None:
    """Raise NotFound where the school's policy keeps nothing of the kind: the feature is off there."""
    if not current_policy().feature(feature):
        raise NotFound("feature_off", feature=feature)


def check_day(day: date, field: str) -> None:
    """Raise Invalid for a day that lies ahead or that can't be."""
    if day > today():
        raise Invalid(field, "day_ahead")
    if day < EARLIEST:
        raise Invalid(field, "day_too_long_ago")


def get_to_enter(learner_id: UUID, feature: str, by: Actor) -> Learner:
    """Return a learner about whom this person may enter something of this feature; raises NotFound and NotAllowed."""
    must_be_kept(feature)
    by.must(Permission.PROGRESS_KEEP)
    return get_within_reach(learner_id, by, lock=True)


def must_reach(wanted: set[UUID], by: Actor) -> None:
    """Raise NotFound where one is out of reach or merged into another; none of them is, before the commit."""
    reached = set(
        session.scalars(
            select(Learner.id)
            .where(
                Learner.school_id == current_school_id(),
                Learner.id.in_(wanted),
                Learner.is_in_use,
                reaches_learner(by.scope),
            )
            .with_for_update(read=True, key_share=True)
        )
    )
    beyond = wanted - reached
    if beyond:
        get_within_reach(next(iter(beyond)), by)


def signed(verb: str, by: Actor) -> dict[str, Any]:
    """Return by whom and when something is `entered` or `written`, as columns."""
    return {f"{verb}_by": by.account_id, f"{verb}_by_name": by.name, f"{verb}_at": now()}


def enter(row: Entered, event: str, *, facts: dict[str, Any], by: Actor) -> Entered:
    """Store what was entered and log it."""
    session.add(row)
    session.flush()
    log(row, event, facts=facts, by=by)
    return row


def log(row: Entered, event: str, *, facts: dict[str, Any], by: Actor) -> None:
    """Log what was done with something that was entered about a learner."""
    audit.record(event, learner_id=row.learner_id, subject=(row.__tablename__, row.id), facts=facts, by=by)
