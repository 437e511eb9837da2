"""Reads of courses, groups and who teaches them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Account, Membership
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.courses.models import USUAL_KINDS, Course, GroupTeacher, Holiday, LearnerGroup, LessonKind, TimetableSlot
from portal.courses.scope import reaches_group
from portal.permissions import Permission, Role


@dataclass(frozen=True)
class GroupView:
    """A group with its course and the names of who teaches it today."""

    id: UUID
    name: str
    course_id: UUID
    course_name: str
    room: str | None
    starts_on: date
    ends_on: date | None
    teachers: tuple[str, ...]
    capacity: int | None = None

    @property
    def is_over(self) -> bool:
        """Say whether its last day has passed."""
        return self.ends_on is not None and self.ends_on < today()


GROUP_ORDERS: Mapping[str, Callable[[GroupView], Any]] = {
    "name": lambda group: group.name.casefold(),
    "course": lambda group: (group.course_name.casefold(), group.name.casefold()),
    "teacher": lambda group: [name.casefold() for name in group.teachers] or ["\uffff"],
    "start": lambda group: group.starts_on,
    "end": lambda group: group.ends_on or date.max,
}
"""By what the list of groups is sorted."""


def _views(*conditions: ColumnElement[bool]) -> list[GroupView]:
    day = today()
    teachers = (
        select(func.array_agg(Account.name))
        .select_from(GroupTeacher)
        .join(Account, and_(Account.school_id == GroupTeacher.school_id, Account.id == GroupTeacher.account_id))
        .where(
            GroupTeacher.school_id == LearnerGroup.school_id,
            GroupTeacher.group_id == LearnerGroup.id,
            GroupTeacher.holds_on(day),
        )
        .correlate(LearnerGroup)
        .scalar_subquery()
    )
    group = LearnerGroup
    rows = session.execute(
        select(
            group.id, group.name, group.course_id, Course.name.label("course"), group.room, group.starts_on,
            group.ends_on, group.capacity, teachers.label("teachers"),
        )
        .join(Course, and_(Course.school_id == group.school_id, Course.id == group.course_id))
        .where(*conditions)
        .order_by(Course.name, group.name, group.id)
    )  # fmt: skip
    return [
        GroupView(
            id=row.id,
            name=row.name,
            course_id=row.course_id,
            course_name=row.course,
            room=row.room,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            teachers=tuple(sorted(set(row.teachers or ()))),
            capacity=row.capacity,
        )
        for row in rows
    ]


def get_group(group_id: UUID, actor: Actor) -> GroupView:
    """Return a group that she reaches; raises NotFound, which is written down, for any other."""
    found = _views(LearnerGroup.id == group_id, reaches_group(actor.scope))
    if not found:
        raise NotFound("group", refused=Permission.TIMETABLE_VIEW.value)
    return found[0]


def get_usual_kind(group_id: UUID, scope: Scope) -> LessonKind:
    """Return the kind that a lesson of this group has unless somebody says otherwise; raises NotFound."""
    group = session.scalar(
        select(LearnerGroup)
        .where(LearnerGroup.id == group_id, reaches_group(scope))
        .options(joinedload(LearnerGroup.course))
    )
    if group is None:
        raise NotFound("group")
    return USUAL_KINDS[group.course.kind]


def list_groups(actor: Actor, *, over: bool = False) -> list[GroupView]:
    """Return the groups that she reaches, by course and name: those that are going on or to come, or those over."""
    goes_on = and_(LearnerGroup.lasts_until(today()))
    return _views(reaches_group(actor.scope), ~goes_on if over else goes_on)


def list_courses(*, active_only: bool = False) -> Sequence[Course]:
    """Return the school's courses, by name."""
    statement = select(Course).order_by(Course.name, Course.id)
    if active_only:
        statement = statement.where(Course.is_active)
    return session.scalars(statement).all()


def get_course(course_id: UUID) -> Course:
    """Return a course; raises NotFound."""
    course = session.get(Course, (current_school_id(), course_id))
    if course is None:
        raise NotFound("course")
    return course


def list_teachers(group_id: UUID, scope: Scope) -> Sequence[GroupTeacher]:
    """Return who teaches a group within reach, ever, the latest first; the account is loaded."""
    return session.scalars(
        select(GroupTeacher)
        .options(joinedload(GroupTeacher.account))
        .join(GroupTeacher.group)
        .where(GroupTeacher.group_id == group_id, reaches_group(scope))
        .order_by(GroupTeacher.starts_on.desc(), GroupTeacher.id)
    ).all()


def get_teacher(group_id: UUID, row_id: UUID, scope: Scope) -> GroupTeacher:
    """Return that somebody teaches a group, with her account; raises NotFound."""
    found = [row for row in list_teachers(group_id, scope) if row.id == row_id]
    if not found:
        raise NotFound("group_teacher")
    return found[0]


def get_slot(group_id: UUID, slot_id: UUID, scope: Scope) -> TimetableSlot:
    """Return a weekly lesson of a group; raises NotFound."""
    slot = session.scalar(
        select(TimetableSlot)
        .join(TimetableSlot.group)
        .where(TimetableSlot.id == slot_id, TimetableSlot.group_id == group_id, reaches_group(scope))
    )
    if slot is None:
        raise NotFound("timetable_slot")
    return slot


def list_teaching_accounts() -> Sequence[Account]:
    """Return the accounts that may teach: those who are teacher today, by name."""
    day = today()
    return session.scalars(
        select(Account)
        .join(Membership, and_(Membership.school_id == Account.school_id, Membership.account_id == Account.id))
        .where(
            Membership.role == Role.TEACHER,
            Membership.holds_on(day),
            Account.is_in_force,
        )
        .order_by(Account.name, Account.id)
    ).all()


def list_slots(group: GroupView) -> Sequence[TimetableSlot]:
    """Return the weekly lessons of a group that was opened, of those that are not over, by weekday and hour."""
    return session.scalars(
        select(TimetableSlot)
        .where(
            TimetableSlot.group_id == group.id,
            TimetableSlot.lasts_until(today()),
        )
        .order_by(TimetableSlot.weekday, TimetableSlot.starts_at, TimetableSlot.id)
    ).all()


def list_holidays() -> Sequence[Holiday]:
    """Return all days without lessons, the latest first."""
    return session.scalars(select(Holiday).order_by(Holiday.starts_on.desc(), Holiday.id)).all()


def list_holidays_between(first: date, last: date) -> Sequence[Holiday]:
    """Return the days without lessons of which any lies between two days, in order."""
    wanted = select(Holiday).where(Holiday.starts_on <= last, Holiday.ends_on >= first)
    return session.scalars(wanted.order_by(Holiday.starts_on, Holiday.id)).all()
