"""Fields whose condition no longer holds: a BSN goes with the last reporting trajectory (MN-04)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.erasure import erase_fields
from portal.core.http.access import Actor
from portal.core.personal_data import PersonKind
from portal.learners.record.fields import LEARNER_FIELDS
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.learners.trajectories.models import Trajectory
from portal.policy.queries import current_policy


def clear_expired_fields(learner_ids: Sequence[UUID] | None = None, *, by: Actor) -> int:
    """Erase what needs a reporting trajectory from these learners who have none left, or from all such learners.

    Returns how many records changed. Safe to repeat.
    """
    policy = current_policy()
    fields = [field for field in LEARNER_FIELDS if policy.needs_reporting_trajectory(field.key)]
    if not fields:
        return 0
    running = (
        select(Trajectory.id)
        .where(
            Trajectory.school_id == Learner.school_id,
            Trajectory.learner_id == Learner.id,
            Trajectory.reports_to_government,
            Trajectory.lasts_until(today()),
        )
        .exists()
    )
    held = or_(*(getattr(Learner, field.column).is_not(None) for field in fields))
    statement = select(Learner.id).where(
        Learner.school_id == current_school_id(), held, ~running, reaches_learner(by.scope)
    )
    if learner_ids is not None:
        statement = statement.where(Learner.id.in_(learner_ids))
    expired = list(session.scalars(statement))
    if expired:
        keys = [field.key for field in fields]
        erase_fields(PersonKind.LEARNER, expired, keys, why="no_reporting_trajectory", by=by)
    return len(expired)
