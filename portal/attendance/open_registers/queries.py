"""Registers that are not filled in, or not wholly: what somebody still has to do."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
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
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from portal.accounts.models import Account
from portal.attendance.models import AttendanceMark
from portal.core.clock import local, now, today
from portal.core.db.session import read, session
from portal.core.http.access import Actor
from portal.core.http.scope import Reach, Scope
from portal.courses.lessons.queries import LessonView, lesson_columns, lesson_view, with_group
from portal.courses.models import GroupTeacher, Lesson
from portal.courses.scope import gives_lesson, parameters_of, reaches_lesson
from portal.learners.enrolments.models import Enrolment


class Teacher(NamedTuple):
    """Who taught a group on a day, for as long as it is hers or as a substitute for a while."""

    account_id: UUID
    name: str
    is_substitute: bool


@dataclass(frozen=True)
class RegisterState:
    """A lesson and how far its register is: how many learners are still *nog niet ingevuld*, and the marks in it.

    `staff` are who taught the group that day, by name, where the list says so.
    """

    lesson: LessonView
    open: int
    marks: int
    staff: tuple[Teacher, ...] = ()

    @property
    def teachers(self) -> tuple[str, ...]:
        """The names of who taught the group that day."""
        return tuple(dict.fromkeys(each.name for each in self.staff))

    @property
    def givers(self) -> tuple[Teacher, ...]:
        """Who gives the lesson: whoever takes it over, else who teaches the group that day."""
        substitute_id = self.lesson.substitute_id
        if substitute_id is None:
            return self.staff
        return (Teacher(substitute_id, self.lesson.substitute_name or "", True),)

    @property
    def substitutes(self) -> tuple[Teacher, ...]:
        """Who gives the lesson for another: this one lesson, or the group's for a while."""
        return tuple(each for each in self.givers if each.is_substitute)

    @property
    def replaced(self) -> tuple[str, ...]:
        """The names of those for whom somebody else gives it."""
        away = [each for each in self.staff if not each.is_substitute and each.account_id != self.lesson.substitute_id]
        return tuple(dict.fromkeys(each.name for each in away)) if self.substitutes else ()

    def is_taken_over_by(self, account_id: UUID | None) -> bool:
        """Say whether this person gives it for another."""
        return any(each.account_id == account_id for each in self.substitutes)

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


def has_open_rows() -> ColumnElement[bool]:
    """Return, for a statement on lessons, whether somebody in one is still *nog niet ingevuld*."""
    return _left() > 0


def _marked() -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(AttendanceMark.school_id == Lesson.school_id, AttendanceMark.lesson_id == Lesson.id)
        .correlate(Lesson)
        .scalar_subquery()
    )


def _teachers() -> ScalarSelect[list[Any]]:
    """Collect who taught the group of a lesson on its day: account, name, whether as a substitute."""
    one = func.jsonb_build_array(Account.id, Account.name, GroupTeacher.is_substitute)
    return (
        select(func.jsonb_agg(one, type_=JSONB))
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
_ACCOUNT: BindParameter[UUID] = bindparam("account", type_=Uuid())
_LIMIT: BindParameter[int] = bindparam("limit", type_=Integer())


def _held(lesson: Any) -> ColumnElement[bool]:
    clock = bindparam("clock", type_=Time())
    over = or_(lesson.held_on < _DAY, and_(lesson.held_on == _DAY, lesson.ends_at <= clock))
    return and_(lesson.held_on >= _SINCE, lesson.held_on < _BEFORE, lesson.held_on <= _DAY, over)


def _open(reach: Reach) -> tuple[ColumnElement[bool], ...]:
    return gives_lesson(Scope(reach), _held), not_(Lesson.is_cancelled), _left() > 0


def _states(*conditions: ColumnElement[bool], order: Sequence[Any], limit: Any = _LIMIT) -> Select[Any]:
    counts = (_left().label("open"), _marked().label("marks"))
    columns = select(*lesson_columns(), *counts, _teachers().label("teachers"))
    return with_group(columns.select_from(Lesson)).where(*conditions).order_by(*order).limit(limit)


_MOST_A_DAY = 200
_MOST_A_WEEK = 2_000
_IN_TIME = (Lesson.held_on, Lesson.starts_at, Lesson.id)


@lru_cache(maxsize=len(Reach))
def _open_statement(reach: Reach) -> Select[Any]:
    """Made once, like those below: building a statement takes longer than running it."""
    return _states(*_open(reach), order=_IN_TIME)


@lru_cache(maxsize=len(Reach))
def _count_statement(reach: Reach) -> Select[Any]:
    return select(func.count()).select_from(Lesson).where(*_open(reach))


@lru_cache(maxsize=len(Reach))
def _day_statement(reach: Reach) -> Select[Any]:
    on_day = gives_lesson(Scope(reach), lambda lesson: lesson.held_on == _DAY)
    in_order = (Lesson.starts_at, Lesson.group_id, Lesson.id)
    return _states(on_day, order=in_order)


@lru_cache(maxsize=len(Reach))
def _days_statement(reach: Reach) -> Select[Any]:
    return _states(reaches_lesson(Scope(reach)), Lesson.held_on.between(_SINCE, _DAY), order=_IN_TIME)


@lru_cache(maxsize=len(Reach))
def _own_days_statement(reach: Reach) -> Select[Any]:
    teaches = exists().where(
        GroupTeacher.school_id == Lesson.school_id,
        GroupTeacher.group_id == Lesson.group_id,
        GroupTeacher.account_id == _ACCOUNT,
        GroupTeacher.holds_on(Lesson.held_on),
    )
    return _days_statement(reach).where(or_(teaches, Lesson.substitute_id == _ACCOUNT))


@lru_cache(maxsize=1)
def _teachers_day_statement() -> Select[Any]:
    """A teacher's earlier lessons that are still open (0), her lessons of the day (1), and her next one (2).

    Those of the day are also the ones that another gives for her.
    """
    on_day = gives_lesson(Scope(Reach.OWN_GROUPS), lambda lesson: lesson.held_on == _DAY, or_is_replaced=True)
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
    return [_state(row) for row in rows]


def _state(row: Row[Any]) -> RegisterState:
    found = (Teacher(UUID(account_id), name, is_substitute) for account_id, name, is_substitute in row.teachers or ())
    staff = tuple(sorted(found, key=lambda each: each.name))
    return RegisterState(lesson_view(row), row.open, row.marks, staff)


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


def list_lessons_between(actor: Actor, first: date, last: date, *, own: bool = False) -> list[RegisterState]:
    """Return the lessons within reach from one day to another, in order, cancelled ones included.

    `own`: only those that she gives, or that somebody else gives for her.
    """
    statement = _own_days_statement if own else _days_statement
    values = {"since": first, "day": last, "limit": _MOST_A_WEEK, "account": actor.account_id}
    return _read(_run(actor, statement, **values))


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
            parts[row.part].append(_state(row))
    earlier, lessons, coming = parts
    return TeachersDay(earlier, lessons, coming[0] if coming else None)


MOST_OPEN = 2_000
"""So many are read where they are counted by teacher."""


class OpenByTeacher(NamedTuple):
    """How many registers are open of lessons that a teacher gave."""

    account_id: UUID
    name: str
    number: int


def count_by_teacher(states: Sequence[RegisterState]) -> list[OpenByTeacher]:
    """Return who gave these lessons, with how many, by name.

    A page shows it only where the works council's consent is recorded (`may_monitor_staff`).
    """
    names = {each.account_id: each.name for state in states for each in state.givers}
    counts = Counter(account_id for state in states for account_id in {each.account_id for each in state.givers})
    found = [OpenByTeacher(account_id, names[account_id], number) for account_id, number in counts.items()]
    return sorted(found, key=lambda each: (each.name.casefold(), each.account_id))
