"""Which groups and lessons somebody reaches: the office all, a teacher her own (LB-06)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Date, and_, exists, false, func, or_, select, true, union
from sqlalchemy.orm import aliased

from portal.core.clock import today
from portal.core.http.access import Actor
from portal.courses.models import GroupTeacher, LearnerGroup, Lesson
from portal.permissions import own_groups_only

FINISHING = timedelta(days=7)
"""So long after a last day, of a group or of a learner in it, its teacher can still finish registers and levels.

So can a substitute, or a teacher who left the group, the registers of lessons that she gave.
"""


def not_over(day: Any, *ends: Any) -> ColumnElement[bool]:
    """Say whether the earliest of these last days, of which each may be open, is at most a week before a day."""
    over: ColumnElement[bool] = func.coalesce(func.least(*ends, type_=Date()) + FINISHING.days, day) >= day
    return over


def taught_until(day: Any, *ends: Any) -> ColumnElement[bool]:
    """Say of `group_teacher` whether her period lasts until this day, or until the earliest of these last days."""
    last: ColumnElement[bool] = GroupTeacher.ends_on >= func.least(day, *ends, type_=Date())
    return or_(GroupTeacher.ends_on.is_(None), last)


def teaches_group(account: Any, day: Any) -> ColumnElement[bool]:
    """Say of `learner_group` whether this account teaches it on this day, or did when it ended, a week before at most.

    Values or parameters.
    """
    return exists().where(
        GroupTeacher.school_id == LearnerGroup.school_id,
        GroupTeacher.group_id == LearnerGroup.id,
        GroupTeacher.account_id == account,
        GroupTeacher.starts_on <= day,
        taught_until(day, LearnerGroup.ends_on),
        not_over(day, LearnerGroup.ends_on),
    )


def own_lessons(account: Any, still: Any) -> ColumnElement[bool]:
    """Say of `lesson` whether a teacher reaches it: held while she taught the group, or taken over by her.

    When her period or the group is over she has a week to finish: `still` is the day that both must have lasted until,
    a week ago. Before her first day nothing of it opens yet.
    """
    group = aliased(LearnerGroup)
    own = exists().where(
        GroupTeacher.school_id == Lesson.school_id,
        GroupTeacher.group_id == Lesson.group_id,
        GroupTeacher.account_id == account,
        GroupTeacher.lasts_until(still),
        group.school_id == Lesson.school_id,
        group.id == Lesson.group_id,
        group.lasts_until(still),
        GroupTeacher.starts_on <= func.least(Lesson.held_on, still + FINISHING.days, type_=Date()),
        GroupTeacher.lasts_until(Lesson.held_on),
    )
    return or_(own, and_(Lesson.substitute_id == account, Lesson.held_on >= still))


def group_within_reach(actor: Actor) -> ColumnElement[bool]:
    """Say, within a statement on `learner_group`, whether she reaches it: the office all, a teacher her own."""
    if actor.account_id is None or not actor.is_staff:
        return false()
    if not own_groups_only(actor.roles):
        return true()
    return teaches_group(actor.account_id, today())


def given_lessons(account: Any, still: Any, when: Callable[[Any], ColumnElement[bool]]) -> CompoundSelect[UUID]:
    """Return the ids of the lessons that a teacher reaches and gives: her own groups', unless another takes them over.

    `when` narrows them by their day, so that only those are read; `still` as with `own_lessons`.
    """
    mine, taken = aliased(Lesson), aliased(Lesson)
    own = (
        select(mine.id)
        .join(GroupTeacher, (GroupTeacher.school_id == mine.school_id) & (GroupTeacher.group_id == mine.group_id))
        .join(LearnerGroup, (LearnerGroup.school_id == mine.school_id) & (LearnerGroup.id == mine.group_id))
        .where(
            GroupTeacher.account_id == account,
            GroupTeacher.lasts_until(still),
            LearnerGroup.lasts_until(still),
            GroupTeacher.starts_on <= func.least(mine.held_on, still + FINISHING.days, type_=Date()),
            GroupTeacher.lasts_until(mine.held_on),
            or_(mine.substitute_id.is_(None), mine.substitute_id == account),
            when(mine),
        )
    )
    instead = select(taken.id).where(taken.substitute_id == account, taken.held_on >= still, when(taken))
    return union(own, instead)
