"""Which learners somebody may reach: all of the school, or for a teacher those in her own groups (LB-06)."""

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true

from portal.core.access import Actor
from portal.core.clock import today
from portal.core.database import current_school_id, session
from portal.courses.models import GroupTeacher
from portal.learners.models import Enrolment, Learner
from portal.permissions import own_groups_only


def in_reach(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `Learner` that holds for those whom this member of staff may reach."""
    if not own_groups_only(actor.roles):
        return true()
    day = today()
    taught = (
        select(Enrolment.learner_id)
        .join(
            GroupTeacher,
            (GroupTeacher.school_id == Enrolment.school_id) & (GroupTeacher.group_id == Enrolment.group_id),
        )
        .where(
            Enrolment.school_id == current_school_id(),
            GroupTeacher.account_id == actor.account_id,
            GroupTeacher.starts_on <= day,
            or_(GroupTeacher.ends_on.is_(None), GroupTeacher.ends_on >= day),
            or_(Enrolment.ends_on.is_(None), Enrolment.ends_on >= day),
        )
    )
    return Learner.id.in_(taught)


def find_learner(learner_id: UUID) -> Learner | None:
    """Return a learner of this school, or None."""
    return session.get(Learner, (current_school_id(), learner_id))


def is_in_reach(learner_id: UUID, actor: Actor) -> bool:
    """Say whether this member of staff may reach a learner."""
    if not own_groups_only(actor.roles):
        return True
    found = session.scalar(
        select(Learner.id).where(Learner.school_id == current_school_id(), Learner.id == learner_id, in_reach(actor))
    )
    return found is not None
