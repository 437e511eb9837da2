"""Reads of lessons: one of them, a group's, a day's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Uuid, bindparam, exists, not_, select

from portal.accounts.models import Account
from portal.core.db.scope import current_school_id
from portal.core.db.session import read, session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Reach, Scope
from portal.courses.models import (
    GroupTeacher,
    Holiday,
    LearnerGroup,
    Lesson,
    LessonKind,
    LessonPlace,
    lesson_minutes,
    moment_of,
)
from portal.courses.scope import parameters_of, reaches_group, reaches_lesson
from portal.permissions import Permission


@dataclass(frozen=True)
class LessonView:
    """A lesson with its group's name; times are Amsterdam's, `minutes` are without the break."""

    id: UUID
    group_id: UUID
    group_name: str
    held_on: date
    starts_at: time
    ends_at: time
    break_minutes: int
    kind: LessonKind
    place: LessonPlace
    room: str | None
    substitute_id: UUID | None
    substitute_name: str | None
    is_cancelled: bool
    cancelled_because: str | None

    @cached_property
    def minutes(self) -> int:
        """How long it is without the break, in minutes that really pass."""
        return lesson_minutes(self.held_on, self.starts_at, self.ends_at, self.break_minutes)

    @property
    def begins(self) -> datetime:
        """The moment it begins, in UTC."""
        return moment_of(self.held_on, self.starts_at)

    @property
    def ends(self) -> datetime:
        """The moment it ends, in UTC."""
        return moment_of(self.held_on, self.ends_at)


def lesson_columns() -> tuple[Any, ...]:
    """Return the columns from which `lesson_view` makes a lesson."""
    return (
        Lesson.id.label("lesson_id"),
        Lesson.group_id,
        LearnerGroup.name.label("group_name"),
        Lesson.held_on,
        Lesson.starts_at,
        Lesson.ends_at,
        Lesson.break_minutes,
        Lesson.kind.label("lesson_kind"),
        Lesson.place,
        Lesson.room,
        Lesson.substitute_id,
        Account.name.label("substitute_name"),
        Lesson.cancelled_at,
        Lesson.cancelled_because,
    )


def with_group(statement: Select[Any]) -> Select[Any]:
    """Join a lesson to its group and to who takes it over."""
    return statement.join(
        LearnerGroup, (LearnerGroup.school_id == Lesson.school_id) & (LearnerGroup.id == Lesson.group_id)
    ).outerjoin(Account, (Account.school_id == Lesson.school_id) & (Account.id == Lesson.substitute_id))


def lesson_view(row: Row[Any]) -> LessonView:
    """Make a lesson of a row with `lesson_columns`."""
    return LessonView(
        id=row.lesson_id,
        group_id=row.group_id,
        group_name=row.group_name,
        held_on=row.held_on,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        break_minutes=row.break_minutes,
        kind=LessonKind(row.lesson_kind),
        place=LessonPlace(row.place),
        room=row.room,
        substitute_id=row.substitute_id,
        substitute_name=row.substitute_name,
        is_cancelled=row.cancelled_at is not None,
        cancelled_because=row.cancelled_because,
    )


def one_lesson(statement: Select[Any], reach: Reach) -> Select[Any]:
    """Narrow a statement on lessons to :lesson, where a scope of this reach reaches it (`parameters_of`)."""
    return statement.where(Lesson.id == bindparam("lesson", type_=Uuid()), reaches_lesson(Scope(reach)))


def rows_of_lesson(
    statement: Callable[[Reach], Select[Any]], lesson_id: UUID, actor: Actor, **values: Any
) -> Sequence[Any]:
    """Return the rows of a statement made with `one_lesson` for the actor's reach.

    Raises NotFound, which is written down, for a lesson that she doesn't reach.
    """
    values |= {"lesson": lesson_id, **parameters_of(actor.scope)}
    rows = read(statement(actor.scope.reach), values).all()
    if not rows:
        raise NotFound("lesson", refused=Permission.REGISTER_KEEP.value)
    return rows


@lru_cache(maxsize=len(Reach))
def _lesson_statement(reach: Reach) -> Select[Any]:
    return one_lesson(with_group(select(*lesson_columns()).select_from(Lesson)), reach)


def get_lesson(lesson_id: UUID, actor: Actor) -> LessonView:
    """Return a lesson that she reaches; raises NotFound, which is written down, for any other."""
    return lesson_view(rows_of_lesson(_lesson_statement, lesson_id, actor)[0])


def list_givers(lesson: LessonView) -> list[UUID]:
    """Return the accounts of who gives a lesson: who takes it over, else who teaches the group that day."""
    if lesson.substitute_id is not None:
        return [lesson.substitute_id]
    teachers = select(GroupTeacher.account_id).where(
        GroupTeacher.school_id == current_school_id(),
        GroupTeacher.group_id == lesson.group_id,
        GroupTeacher.holds_on(lesson.held_on),
    )
    return list(session.scalars(teachers))


def list_lessons(group_id: UUID, actor: Actor, *, first: date, last: date) -> Sequence[LessonView]:
    """Return a group's lessons from one day to another, both included, in the order in which they are held."""
    rows = read(
        with_group(select(*lesson_columns()).select_from(Lesson))
        .where(Lesson.group_id == group_id, Lesson.held_on.between(first, last), reaches_group(actor.scope))
        .order_by(Lesson.held_on, Lesson.starts_at, Lesson.id)
    )
    return [lesson_view(row) for row in rows]


def list_lessons_on_holidays(actor: Actor, *, since: date) -> Sequence[LessonView]:
    """Return the lessons that are still to be given on days without lessons, from a day on, in order."""
    free = exists().where(
        Holiday.school_id == Lesson.school_id, Lesson.held_on.between(Holiday.starts_on, Holiday.ends_on)
    )
    rows = read(
        with_group(select(*lesson_columns()).select_from(Lesson))
        .where(Lesson.held_on >= since, not_(Lesson.is_cancelled), free, reaches_group(actor.scope))
        .order_by(Lesson.held_on, Lesson.starts_at, LearnerGroup.name, Lesson.id)
    )
    return [lesson_view(row) for row in rows]
