"""Registers that are not filled in, or not wholly: what somebody still has to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select

from portal.attendance.models import AttendanceMark
from portal.core.access import Actor
from portal.core.clock import local, now, today
from portal.core.database import session
from portal.courses.models import Lesson
from portal.courses.queries.lessons import LessonView, lesson_columns, lesson_view, with_group
from portal.courses.queries.reach import lesson_within_reach, own_lesson
from portal.learners.models import Enrolment
from portal.permissions import own_groups_only


@dataclass(frozen=True)
class RegisterState:
    """A lesson and how far its register is: learners enrolled that day, and marks in it."""

    lesson: LessonView
    learners: int
    marks: int

    @property
    def open(self) -> int:
        """How many learners are still *nog niet ingevuld*."""
        return max(0, self.learners - self.marks)

    @property
    def is_begun(self) -> bool:
        """Say whether the lesson has begun."""
        return self.lesson.begins <= now()


def _enrolled() -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(
            Enrolment.school_id == Lesson.school_id,
            Enrolment.group_id == Lesson.group_id,
            Enrolment.starts_on <= Lesson.held_on,
            or_(Enrolment.ends_on.is_(None), Enrolment.ends_on >= Lesson.held_on),
        )
        .correlate(Lesson)
        .scalar_subquery()
    )


def _marked() -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(AttendanceMark.school_id == Lesson.school_id, AttendanceMark.lesson_id == Lesson.id)
        .correlate(Lesson)
        .scalar_subquery()
    )


def _hers(actor: Actor) -> ColumnElement[bool]:
    """What she is to fill in: a teacher what she gives, the office everything."""
    if own_groups_only(actor.roles):
        return and_(lesson_within_reach(actor), own_lesson(actor, on=date.min))
    return lesson_within_reach(actor)


def _states(*conditions: ColumnElement[bool], order: Sequence[Any], limit: int | None) -> list[RegisterState]:
    statement = (
        with_group(
            select(*lesson_columns(), _enrolled().label("learners"), _marked().label("marks")).select_from(Lesson)
        )
        .where(*conditions)
        .order_by(*order)
        .limit(limit)
    )
    return [RegisterState(lesson_view(row), row.learners, row.marks) for row in session.execute(statement)]


def _held() -> ColumnElement[bool]:
    clock = local(now()).time()
    return or_(Lesson.held_on < today(), and_(Lesson.held_on == today(), Lesson.ends_at <= clock))


def list_open_registers(
    actor: Actor, *, since: date, before: date | None = None, limit: int = 100
) -> list[RegisterState]:
    """Return lessons that are over while somebody in them is still not filled in, the oldest first."""
    conditions = [
        _hers(actor),
        Lesson.cancelled_at.is_(None),
        Lesson.held_on >= since,
        _held(),
        _enrolled() > _marked(),
    ]
    if before is not None:
        conditions.append(Lesson.held_on < before)
    return _states(*conditions, order=(Lesson.held_on, Lesson.starts_at, Lesson.id), limit=limit)


def count_open_registers(actor: Actor, *, since: date) -> int:
    """Count the lessons that `list_open_registers` would list without its limit."""
    statement = (
        select(func.count())
        .select_from(Lesson)
        .where(_hers(actor), Lesson.cancelled_at.is_(None), Lesson.held_on >= since, _held(), _enrolled() > _marked())
    )
    return session.scalar(statement) or 0


def list_lessons_of_day(actor: Actor, day: date) -> list[RegisterState]:
    """Return the lessons of a day that she gives (the office: all), in order, cancelled ones included."""
    order = (Lesson.starts_at, Lesson.group_id, Lesson.id)
    return _states(_hers(actor), Lesson.held_on == day, order=order, limit=200)


def find_next_lesson(actor: Actor, *, after: date) -> RegisterState | None:
    """Return the first lesson that she gives after a day; None where none is planned."""
    conditions = (_hers(actor), Lesson.held_on > after, Lesson.cancelled_at.is_(None))
    found = _states(*conditions, order=(Lesson.held_on, Lesson.starts_at, Lesson.id), limit=1)
    return found[0] if found else None
