"""Which groups and lessons somebody reaches: the office all, a teacher her own (LB-06)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from portal.core.access import Actor
from portal.core.clock import today
from portal.courses.models import GroupTeacher, LearnerGroup, Lesson
from portal.permissions import own_groups_only

FINISHING = timedelta(days=7)
"""So long after her last lesson a substitute, or a teacher who left the group, can still finish its registers."""


def _teaches(actor: Actor, group_id: InstrumentedAttribute[UUID], *, ends_after: date) -> ColumnElement[bool]:
    return and_(
        GroupTeacher.group_id == group_id,
        GroupTeacher.account_id == actor.account_id,
        or_(GroupTeacher.ends_on.is_(None), GroupTeacher.ends_on >= ends_after),
    )


def own_lessons(account: Any, still: Any) -> ColumnElement[bool]:
    """Say of `lesson` whether a teacher reaches it: held while she taught the group, or taken over by her.

    When her period is over she has a week to finish: `still` is the day that it must have lasted until.
    """
    own = exists().where(
        GroupTeacher.school_id == Lesson.school_id,
        GroupTeacher.group_id == Lesson.group_id,
        GroupTeacher.account_id == account,
        or_(GroupTeacher.ends_on.is_(None), GroupTeacher.ends_on >= still),
        GroupTeacher.starts_on <= Lesson.held_on,
        or_(GroupTeacher.ends_on.is_(None), GroupTeacher.ends_on >= Lesson.held_on),
    )
    return or_(own, and_(Lesson.substitute_id == account, Lesson.held_on >= still))


def group_within_reach(actor: Actor) -> ColumnElement[bool]:
    """Say, within a statement on `learner_group`, whether she reaches it today: the office all, a teacher her own."""
    if actor.account_id is None or not actor.is_staff:
        return false()
    if not own_groups_only(actor.roles):
        return true()
    return exists().where(
        GroupTeacher.school_id == LearnerGroup.school_id,
        _teaches(actor, LearnerGroup.id, ends_after=today()),
        GroupTeacher.starts_on <= today(),
    )


def given_lessons(account: Any) -> ColumnElement[bool]:
    """Say of `lesson` whether this account gives it: it is her own group's that day, unless another takes it over."""
    own = exists().where(
        GroupTeacher.school_id == Lesson.school_id,
        GroupTeacher.group_id == Lesson.group_id,
        GroupTeacher.account_id == account,
        GroupTeacher.starts_on <= Lesson.held_on,
        or_(GroupTeacher.ends_on.is_(None), GroupTeacher.ends_on >= Lesson.held_on),
    )
    return or_(Lesson.substitute_id == account, and_(Lesson.substitute_id.is_(None), own))
