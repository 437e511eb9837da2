"""Registers that are not filled in, or not wholly: what somebody still has to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Row,
    ScalarSelect,
    Select,
    Time,
    Uuid,
    all_,
    and_,
    bindparam,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)

from portal.accounts.models import Account
from portal.attendance.models import AttendanceMark
from portal.core.clock import local, now, today
from portal.core.db.session import read, session
from portal.core.http.access import Actor
from portal.core.http.scope import Reach, Scope
from portal.courses.lessons.queries import LessonView, lesson_columns, lesson_view, with_group
from portal.courses.models import GroupTeacher, Lesson
from portal.courses.scope import gives_lesson, parameters_of
from portal.learners.enrolments.models import Enrolment


@dataclass(frozen=True)
class RegisterState:
    """A lesson and how far its register is: how many learners are still *nog niet ingevuld*, and the marks in it."""

    lesson: LessonView
    open: int
    marks: int
    teachers: tuple[str, ...] = ()
    """Who taught the group that day, where the list is about others' lessons too."""

    @property
    def learners(self) -> int:
        """How many learners stand in it: who was in the group that day, and whoever has a mark all the same."""
        return self.open + self.marks

    @property
    def is_begun(self) -> bool:
        """Say whether the lesson has begun."""
        return self.lesson.begins <= now()


def _left() -> ScalarSelect[int]:
    """Count the learners of a lesson's day of whom its register says nothing yet.

    Its marks are read once, as a list: looking each learner up takes four times as long.
    """
    of_lesson = and_(AttendanceMark.school_id == Lesson.school_id, AttendanceMark.lesson_id == Lesson.id)
    marked = select(AttendanceMark.learner_id).where(of_lesson).correlate(Lesson).scalar_subquery()
    return (
        select(func.count(Enrolment.learner_id.distinct()))
        .where(
            Enrolment.school_id == Lesson.school_id,
            Enrolment.group_id == Lesson.group_id,
            Enrolment.holds_on(Lesson.held_on),
            Enrolment.learner_id != all_(func.array(marked, type_=ARRAY(Uuid()))),
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


def _teachers() -> ScalarSelect[list[str]]:
    """Collect the names of who taught the group of a lesson on its day."""
    return (
        select(func.array_agg(Account.name.distinct()))
        .select_from(GroupTeacher)
        .join(Account, and_(Account.school_id == GroupTeacher.school_id, Account.id == GroupTeacher.account_id))
        .where(
            GroupTeacher.school_id == Lesson.school_id,
            GroupTeacher.group_id == Lesson.group_id,
            GroupTeacher.holds_on(Lesson.held_on),
        )
        .correlate(Lesson)
        .scalar_subquery()
    )


_DAY: BindParameter[date] = bindparam("day", type_=Date())
_SINCE: BindParameter[date] = bindparam("since", type_=Date())
_BEFORE: BindParameter[date] = bindparam("before", type_=Date())
_LIMIT: BindParameter[int] = bindparam("limit", type_=Integer())


def _held(lesson: Any) -> ColumnElement[bool]:
    clock = bindparam("clock", type_=Time())
    over = or_(lesson.held_on < _DAY, and_(lesson.held_on == _DAY, lesson.ends_at <= clock))
    return and_(lesson.held_on >= _SINCE, lesson.held_on < _BEFORE, lesson.held_on <= _DAY, over)


def _open(reach: Reach) -> tuple[ColumnElement[bool], ...]:
    return gives_lesson(Scope(reach), _held), not_(Lesson.is_cancelled), _left() > 0


def _states(*conditions: ColumnElement[bool], order: Sequence[Any], limit: Any = _LIMIT) -> Select[Any]:
    columns = select(*lesson_columns(), _left().label("open"), _marked().label("marks"))
    return with_group(columns.select_from(Lesson)).where(*conditions).order_by(*order).limit(limit)


_MOST_A_DAY = 200
_IN_TIME = (Lesson.held_on, Lesson.starts_at, Lesson.id)


@lru_cache(maxsize=len(Reach))
def _open_statement(reach: Reach) -> Select[Any]:
    """Made once, like those below: building a statement takes longer than running it."""
    return _states(*_open(reach), order=_IN_TIME).add_columns(_teachers().label("teachers"))


@lru_cache(maxsize=len(Reach))
def _count_statement(reach: Reach) -> Select[Any]:
    return select(func.count()).select_from(Lesson).where(*_open(reach))


@lru_cache(maxsize=len(Reach))
def _day_statement(reach: Reach) -> Select[Any]:
    on_day = gives_lesson(Scope(reach), lambda lesson: lesson.held_on == _DAY)
    in_order = (Lesson.starts_at, Lesson.group_id, Lesson.id)
    return _states(on_day, order=in_order).add_columns(_teachers().label("teachers"))


@lru_cache(maxsize=1)
def _teachers_day_statement() -> Select[Any]:
    """A teacher's earlier lessons that are still open (0), her lessons of the day (1), and her next one (2)."""
    on_day = gives_lesson(Scope(Reach.OWN_GROUPS), lambda lesson: lesson.held_on == _DAY)
    after = gives_lesson(Scope(Reach.OWN_GROUPS), lambda lesson: lesson.held_on > _DAY)
    parts = (
        _states(*_open(Reach.OWN_GROUPS), order=_IN_TIME),
        _states(on_day, order=_IN_TIME, limit=_MOST_A_DAY),
        _states(after, not_(Lesson.is_cancelled), order=_IN_TIME, limit=1),
    )
    named = [part.subquery(f"part{at}") for at, part in enumerate(parts)]
    every = union_all(*(select(literal(at).label("part"), *part.c) for at, part in enumerate(named))).subquery()
    return select(every).order_by(every.c.part, every.c.held_on, every.c.starts_at, every.c.lesson_id)


def _run(actor: Actor, statement: Callable[[Reach], Select[Any]], **values: Any) -> Sequence[Row[Any]]:
    """Run a statement made for the actor's reach."""
    return read(statement(actor.scope.reach), values | parameters_of(actor.scope)).all()


def _read(rows: Sequence[Row[Any]]) -> list[RegisterState]:
    return [RegisterState(lesson_view(row), row.open, row.marks, tuple(sorted(row.teachers or ()))) for row in rows]


def count_registers(lessons: Sequence[LessonView]) -> dict[UUID, tuple[int, int]]:
    """Return of lessons that were opened how many learners are still *nog niet ingevuld*, and how many marks."""
    lesson_ids = [lesson.id for lesson in lessons]
    if not lesson_ids:
        return {}
    wanted = select(Lesson.id, _left().label("open"), _marked().label("marks")).where(Lesson.id.in_(lesson_ids))
    return {row.id: (row.open, row.marks) for row in session.execute(wanted)}


OPEN_FOR = timedelta(days=84)
"""So far back open registers are listed and counted: twelve weeks."""


def list_open_registers(actor: Actor, *, since: date, before: date = date.max, limit: int = 100) -> list[RegisterState]:
    """Return lessons that are over while somebody in them is still not filled in, the oldest first."""
    values = {"since": since, "before": before, "limit": limit, "day": today(), "clock": local(now()).time()}
    return _read(_run(actor, _open_statement, **values))


def count_open_registers(actor: Actor, *, since: date) -> int:
    """Count the lessons that `list_open_registers` would list without its limit."""
    rows = _run(actor, _count_statement, since=since, before=date.max, day=today(), clock=local(now()).time())
    return int(rows[0][0]) if rows else 0


def list_lessons_of_day(actor: Actor, day: date) -> list[RegisterState]:
    """Return the lessons of a day that she gives (the office: all), in order, cancelled ones included."""
    return _read(_run(actor, _day_statement, day=day, limit=_MOST_A_DAY))


@dataclass(frozen=True)
class TeachersDay:
    """What a teacher has before her: lessons before today that are still open, those of today, and the next one."""

    earlier: list[RegisterState]
    lessons: list[RegisterState]
    next_lesson: RegisterState | None


def get_teachers_day(actor: Actor, *, since: date, limit: int) -> TeachersDay:
    """Return a teacher's day, with at most so many lessons from a day on that are still open; one statement."""
    parts: tuple[list[RegisterState], ...] = ([], [], [])
    if actor.scope.reach is Reach.OWN_GROUPS:
        values = {"day": today(), "clock": local(now()).time(), "since": since, "before": today(), "limit": limit}
        for row in read(_teachers_day_statement(), values | parameters_of(actor.scope)):
            parts[row.part].append(RegisterState(lesson_view(row), row.open, row.marks))
    earlier, lessons, coming = parts
    return TeachersDay(earlier, lessons, coming[0] if coming else None)
