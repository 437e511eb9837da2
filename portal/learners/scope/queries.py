"""Which learners somebody may reach: all of the school, or for a teacher those in her own groups (LB-06)."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, true

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.courses.models import GroupTeacher, LearnerGroup
from portal.courses.scope import not_over, taught_until
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.permissions import own_groups_only


def taught_by(account: Any, day: Any) -> Select[UUID]:
    """Return the learners in a group that this account teaches on this day; values or parameters.

    After the last day of the group, or of a learner in it, a week is left to finish.
    """
    return (
        select(Enrolment.learner_id)
        .join(
            GroupTeacher,
            (GroupTeacher.school_id == Enrolment.school_id) & (GroupTeacher.group_id == Enrolment.group_id),
        )
        .join(
            LearnerGroup,
            (LearnerGroup.school_id == Enrolment.school_id) & (LearnerGroup.id == Enrolment.group_id),
        )
        .where(
            GroupTeacher.account_id == account,
            GroupTeacher.starts_on <= day,
            Enrolment.lasts_until(GroupTeacher.starts_on),
            taught_until(day, LearnerGroup.ends_on, Enrolment.ends_on),
            not_over(day, LearnerGroup.ends_on, Enrolment.ends_on),
        )
    )


def in_reach(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `Learner` that holds for those whom this member of staff may reach."""
    return Learner.id.in_(taught_by(actor.account_id, today())) if own_groups_only(actor.roles) else true()


def find_learner(learner_id: UUID, *, lock: bool = False) -> Learner | None:
    """Return a learner of this school, or None; with `lock` she isn't merged into another before the commit."""
    how = {"read": True, "key_share": True} if lock else None
    return session.get(Learner, (current_school_id(), learner_id), with_for_update=how, populate_existing=lock)


def find_kept_id(learner_id: UUID) -> UUID | None:
    """Return the id of the record that this one was merged into; None for one that is in use, or isn't there."""
    learner = find_learner(learner_id)
    return learner.merged_into_id if learner is not None else None


def is_in_reach(learner_id: UUID, actor: Actor) -> bool:
    """Say whether this member of staff may reach a learner."""
    if not own_groups_only(actor.roles):
        return True
    found = session.scalar(
        select(Learner.id).where(Learner.school_id == current_school_id(), Learner.id == learner_id, in_reach(actor))
    )
    return found is not None
