"""Lessons at the same time as another, of one teacher, in one room, of one group or of one learner.

Each is asked about and stands where it is meant: two groups are taught together when a colleague is ill, two share a
room, a teacher beside another lets her have the group alone. What can't be meant is refused where it is planned: a
group that has two lessons at one moment has all its learners twice, and one of the two registers would be wrong.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.scope import Scope
from portal.core.ports import Port
from portal.courses.models import GroupTeacher, LearnerGroup, Lesson, LessonPlace
from portal.courses.scope import reaches_lesson


class ClashKind(StrEnum):
    """What two lessons at the same time share."""

    TEACHER = "teacher"
    ROOM = "room"
    GROUP = "group"
    LEARNERS = "learners"


@dataclass(frozen=True, kw_only=True)
class Clash:
    """A lesson at the time of another: what they share by name, when it is, and of which group.

    `count` is of how many learners; they have no name here.
    """

    kind: ClashKind
    shared: str = ""
    count: int = 0
    held_on: date
    starts_at: time
    ends_at: time
    group: str


class LearnersAtOnce(NamedTuple):
    """How many learners have a lesson at the time of another, and that other one."""

    learners: int
    held_on: date
    starts_at: time
    ends_at: time
    group: str


Conditions = tuple[ColumnElement[bool], ...]
# Called with conditions on `lesson`; returns the first other lesson that learners of these have at the same time.
LEARNERS_AT_ONCE: Port[Callable[[Conditions], LearnersAtOnce | None]] = Port("courses.learners_at_once")


def is_at_once(other: Any) -> ColumnElement[bool]:
    """Say of `lesson` and another row of it, of whatever group, whether both are to be given at the same time."""
    return and_(
        other.school_id == Lesson.school_id,
        other.held_on == Lesson.held_on,
        other.id != Lesson.id,
        other.starts_at < Lesson.ends_at,
        other.ends_at > Lesson.starts_at,
        Lesson.held_on >= today(),
        not_(Lesson.is_cancelled),
        not_(other.is_cancelled),
    )


def find_clash(*which: ColumnElement[bool]) -> Clash | None:
    """Return the first lesson from today on that the teacher of one of these gives elsewhere at its time; else None.

    `which` are conditions on `lesson`, and may name `account`, the teacher.
    """
    other = aliased(Lesson)
    gives_both = and_(Account.school_id == Lesson.school_id, gives(Lesson), gives(other))
    statement = _with_other(other, Account.name).join(Account, gives_both).where(other.group_id != Lesson.group_id)
    return _first(ClashKind.TEACHER, statement.where(*which).order_by(Account.name))


def find_clashes(*which: ColumnElement[bool]) -> list[Clash]:
    """Return of each kind the first clash of these lessons from today on; `which` are conditions on `lesson`."""
    other = aliased(Lesson)
    same_group = other.group_id == Lesson.group_id
    found = [
        find_clash(*which),
        _in_room(which),
        _first(ClashKind.GROUP, _with_other(other, LearnerGroup.name).where(same_group, *which)),
        _of_learners(which),
    ]
    return [clash for clash in found if clash is not None]


def count_busy(lesson_ids: Collection[UUID], scope: Scope) -> Mapping[UUID, int]:
    """Return by teacher at the time of how many of these lessons, within reach, she gives one to another group."""
    other = aliased(Lesson)
    rows = session.execute(
        select(Account.id, func.count(Lesson.id.distinct()).label("lessons"))
        .select_from(Lesson)
        .join(other, and_(is_at_once(other), other.group_id != Lesson.group_id))
        .join(Account, and_(Account.school_id == Lesson.school_id, gives(other)))
        .where(Lesson.id.in_(lesson_ids), reaches_lesson(scope))
        .group_by(Account.id)
    )
    return {row.id: row.lessons for row in rows}


def check_free(*which: ColumnElement[bool], despite: bool) -> None:
    """Raise Invalid("at_once") where a teacher gives two of these at once, unless they are to stand `despite` that."""
    clash = None if despite else find_clash(*which)
    if clash is not None:
        raise Invalid("despite", "at_once", clashes=[clash])


def check_clashes(*which: ColumnElement[bool], despite: bool) -> None:
    """Raise Invalid("at_once") with every clash of these lessons, unless they are to stand `despite` them."""
    clashes = [] if despite else find_clashes(*which)
    if clashes:
        raise Invalid("despite", "at_once", clashes=clashes)


def check_room(*which: ColumnElement[bool], despite: bool) -> None:
    """Raise Invalid("at_once") where another group has the room of one of these, unless they are to stand `despite`."""
    clash = None if despite else _in_room(which)
    if clash is not None:
        raise Invalid("despite", "at_once", clashes=[clash])


def _in_room(which: Conditions) -> Clash | None:
    other = aliased(Lesson)
    same_room = and_(
        func.lower(other.room) == func.lower(Lesson.room),
        other.group_id != Lesson.group_id,
        Lesson.place == LessonPlace.SCHOOL,
        other.place == LessonPlace.SCHOOL,
    )
    return _first(ClashKind.ROOM, _with_other(other, Lesson.room).where(same_room, *which))


def _with_other(other: Any, shared: Any) -> Select[Any]:
    """Select what two lessons share and the other one, with its group."""
    columns: tuple[Any, ...] = (
        shared.label("shared"),
        other.held_on,
        other.starts_at,
        other.ends_at,
        LearnerGroup.name,
    )
    return (
        select(*columns)
        .select_from(Lesson)
        .join(other, is_at_once(other))
        .join(LearnerGroup, and_(LearnerGroup.school_id == other.school_id, LearnerGroup.id == other.group_id))
        .order_by(other.held_on, other.starts_at, other.id)
        .limit(1)
    )


def _first(kind: ClashKind, statement: Select[Any]) -> Clash | None:
    row = session.execute(statement).first()
    if row is None:
        return None
    shared, held_on, starts_at, ends_at, group = row
    return Clash(kind=kind, shared=shared, held_on=held_on, starts_at=starts_at, ends_at=ends_at, group=group)


def _of_learners(which: Conditions) -> Clash | None:
    found = LEARNERS_AT_ONCE.only(which)
    if found is None:
        return None
    count, held_on, starts_at, ends_at, group = found
    return Clash(
        kind=ClashKind.LEARNERS, count=count, held_on=held_on, starts_at=starts_at, ends_at=ends_at, group=group
    )


def gives(lesson: Any) -> ColumnElement[bool]:
    """Say whether `account` gives a lesson: a teacher of its group on that day, unless another takes it over."""
    of_group = exists().where(
        GroupTeacher.school_id == lesson.school_id,
        GroupTeacher.group_id == lesson.group_id,
        GroupTeacher.account_id == Account.id,
        GroupTeacher.holds_on(lesson.held_on),
    )
    return or_(lesson.substitute_id == Account.id, and_(lesson.substitute_id.is_(None), of_group))
