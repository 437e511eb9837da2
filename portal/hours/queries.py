"""Attendance and hours in figures: of a learner, of a group. What isn't filled in stands apart, and counts for 0."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    ColumnExpressionArgument,
    Date,
    DateTime,
    Select,
    Subquery,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    union,
)

from portal.attendance.models import AttendanceMark, Status
from portal.attendance.registers.queries import Mark
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import read, session
from portal.core.http.scope import SYSTEM, Reach, Scope
from portal.courses.groups.queries import GroupView
from portal.courses.lessons.queries import LessonView, lesson_columns, lesson_view, with_group
from portal.courses.models import Lesson
from portal.courses.scope import parameters_of
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.learners.trajectories.models import Trajectory

Conditions = Sequence[ColumnElement[bool]]
OneLearner = UUID | BindParameter[UUID]
"""A learner's id, or the parameter of a statement that is kept for it."""


@dataclass(frozen=True)
class LessonOfLearner:
    """A lesson that a learner has or had, what the register says of it, and the minutes it counts for."""

    lesson: LessonView
    mark: Mark
    minutes: int

    @property
    def kind(self) -> str:
        """How it is drawn: present, late, absent, excused; open when not filled in; ahead or cancelled otherwise."""
        if self.lesson.is_cancelled:
            return "cancelled"
        if self.mark.status is None:
            return "open" if self.lesson.begins <= now() else "ahead"
        if self.mark.is_late:
            return "late"
        return self.mark.status.value


@dataclass(frozen=True)
class Hours:
    """What a learner was offered and attended, in minutes and lessons; `minutes_before` came along from elsewhere."""

    minutes_attended: int = 0
    minutes_offered: int = 0
    minutes_open: int = 0
    minutes_before: int = 0
    present: int = 0
    late: int = 0
    absent: int = 0
    excused: int = 0
    open: int = 0

    @property
    def minutes_total(self) -> int:
        """All contact minutes: attended here, and those from before."""
        return self.minutes_attended + self.minutes_before

    @property
    def lessons_filled(self) -> int:
        """How many lessons were held and filled in."""
        return self.present + self.absent + self.excused

    @property
    def percent(self) -> int | None:
        """Share attended of the minutes offered in lessons that are filled in, rounded; None where none is."""
        filled = self.minutes_offered - self.minutes_open
        return round(100 * self.minutes_attended / filled) if filled > 0 else None


@dataclass(frozen=True)
class HoursOfLearner:
    """A line of a group's figures; `apart_by` is her number where another of them has her name, and else empty."""

    learner_id: UUID
    name: str
    hours: Hours
    apart_by: str | None = None

    @property
    def told_name(self) -> str:
        """Her name, with what tells her apart."""
        return f"{self.name} ({self.apart_by})" if self.apart_by else self.name


def hours_together(lines: Iterable[HoursOfLearner]) -> Hours:
    """Return the hours of a group as a whole, for who sees figures but nobody's attendance."""
    each = [asdict(line.hours) for line in lines]
    return Hours(**{field.name: sum(hours[field.name] for hours in each) for field in fields(Hours)})


def lessons_of(when: Conditions) -> Subquery:
    """Return the pairs of learner and lesson, of lessons of which `when` is true; no pair twice."""
    return _pairs(SYSTEM, when=when)


def _pairs(
    scope: Scope,
    learner_id: UUID | BindParameter[UUID] | None = None,
    *,
    group: GroupView | None = None,
    when: Conditions = (),
) -> Subquery:
    """Return the pairs of learner and lesson: enrolled on the day, or marked all the same; no pair twice.

    Of one learner within reach, of a group that was opened, or of lessons of which `when` is true.
    """
    enrolled = (
        select(Enrolment.learner_id, Lesson.id.label("lesson_id"))
        .join(Lesson, and_(Lesson.school_id == Enrolment.school_id, Lesson.group_id == Enrolment.group_id))
        .where(
            Lesson.held_on >= Enrolment.starts_on,
            Enrolment.lasts_until(Lesson.held_on),
            *when,
            reaches_learner(scope, Enrolment.learner_id),
        )
    )
    marked = select(AttendanceMark.learner_id, AttendanceMark.lesson_id).where(
        reaches_learner(scope, AttendanceMark.learner_id)
    )
    if when or group is not None:
        own = and_(Lesson.school_id == AttendanceMark.school_id, Lesson.id == AttendanceMark.lesson_id)
        marked = marked.join(Lesson, own).where(*when)
    if group is not None:
        enrolled = enrolled.where(Enrolment.group_id == group.id)
        marked = marked.where(Lesson.group_id == group.id)
    if learner_id is not None:
        enrolled = enrolled.where(Enrolment.learner_id == learner_id)
        marked = marked.where(AttendanceMark.learner_id == learner_id)
    return union(enrolled, marked).subquery()


def with_mark(statement: Select[Any], pairs: Subquery) -> Select[Any]:
    """Join a pair's lesson to the pair, and its mark where there is one."""
    return statement.join(pairs, pairs.c.lesson_id == Lesson.id).outerjoin(
        AttendanceMark,
        and_(
            AttendanceMark.school_id == Lesson.school_id,
            AttendanceMark.lesson_id == Lesson.id,
            AttendanceMark.learner_id == pairs.c.learner_id,
        ),
    )


def list_lessons_of_learner(
    learner_id: UUID, scope: Scope, *, first: date | None = None, last: date | None = None
) -> Sequence[LessonOfLearner]:
    """Return all lessons of a learner within reach, the latest first; cancelled ones and those to come included."""
    pairs = _pairs(scope, learner_id)
    mark = AttendanceMark
    statement = with_mark(
        with_group(
            select(
                *lesson_columns(),
                mark.status,
                mark.late_minutes,
                mark.early_minutes,
                mark.is_authorised,
                mark.minutes.label("counted"),
            )
        ),
        pairs,
    ).order_by(Lesson.held_on.desc(), Lesson.starts_at.desc(), Lesson.id)
    if first is not None:
        statement = statement.where(Lesson.held_on >= first)
    if last is not None:
        statement = statement.where(Lesson.held_on <= last)
    return [
        LessonOfLearner(
            lesson=lesson_view(row),
            mark=Mark(
                learner_id=learner_id,
                status=row.status,
                late_minutes=row.late_minutes if row.status else 0,
                early_minutes=row.early_minutes or 0,
                is_authorised=row.is_authorised,
            ),
            minutes=0 if row.cancelled_at is not None else row.counted or 0,
        )
        for row in session.execute(statement)
    ]


def hours_of_learner(learner_id: UUID, scope: Scope) -> Hours:
    """Return what a learner within reach was offered and attended until now, and what came with her trajectories."""
    pairs = _pairs(scope, learner_id)
    figures = select(*_figures(), _before(learner_id, scope)).select_from(Lesson)
    statement = with_mark(figures, pairs).where(Lesson.counts_by(now()))
    return _hours(session.execute(statement).one())


@dataclass(frozen=True)
class HoursByWeek:
    """What a learner was offered and attended until now: all together, and by the Monday that begins each week."""

    total: Hours
    weeks: dict[date, Hours]


def hours_by_week(learner_id: UUID, scope: Scope) -> HoursByWeek:
    """Return what `hours_of_learner` does, and the same for each week in which she had lessons; one statement."""
    values = {"learner": learner_id, "moment": now(), **parameters_of(scope)}
    total, *weeks = read(_by_week(scope.reach), values).all()
    return HoursByWeek(_hours(total), {row.monday: replace(_hours(row), minutes_before=0) for row in weeks})


@lru_cache(maxsize=len(Reach))
def _by_week(reach: Reach) -> Select[Any]:
    """Made once for each reach: building it takes longer than running it."""
    scope, learner = Scope(reach), bindparam("learner", type_=Uuid())
    moment: Any = bindparam("moment", type_=DateTime(timezone=True))
    monday = cast(func.date_trunc("week", Lesson.held_on), Date).label("monday")
    figures = select(monday, *_figures(), _before(learner, scope)).select_from(Lesson)
    return (
        with_mark(figures, _pairs(scope, learner))
        .where(Lesson.counts_by(moment))
        .group_by(func.rollup(monday))
        .order_by(monday.nulls_first())
    )


def _before(learner_id: OneLearner, scope: Scope) -> ColumnElement[int]:
    """Add up the minutes that came along with a learner's trajectories."""
    return (
        select(func.coalesce(func.sum(Trajectory.minutes_before), 0))
        .where(Trajectory.learner_id == learner_id, reaches_learner(scope, Trajectory.learner_id))
        .scalar_subquery()
        .label("before")
    )


def _attended() -> Select[Any]:
    """Add up the marks of some learners by an index, and take off those few of lessons that don't count."""
    mark, learners = AttendanceMark, bindparam("learners", type_=ARRAY(Uuid()))
    school, day = bindparam("school", type_=Uuid()), bindparam("day", type_=Date())
    all_marks = (
        select(mark.learner_id.label("id"), func.sum(mark.minutes).label("minutes"))
        .where(mark.school_id == school, mark.learner_id == func.any(learners))
        .group_by(mark.learner_id)
        .cte("all_marks")
    )
    not_counted = (
        select(mark.learner_id.label("id"), func.sum(mark.minutes).label("minutes"))
        .select_from(Lesson)
        .join(mark, and_(mark.school_id == Lesson.school_id, mark.lesson_id == Lesson.id))
        .where(
            Lesson.school_id == school,
            or_(Lesson.is_cancelled, Lesson.held_on > day),
            mark.learner_id == func.any(learners),
        )
        .group_by(mark.learner_id)
        .cte("not_counted")
    )
    counted = (all_marks.c.minutes - func.coalesce(not_counted.c.minutes, 0)).label("minutes")
    return select(all_marks.c.id, counted).outerjoin(not_counted, not_counted.c.id == all_marks.c.id)


_ATTENDED = _attended()


def list_minutes_attended(learner_ids: Sequence[UUID], scope: Scope) -> dict[UUID, int]:
    """Return how many minutes each of these learners attended at this school until today; one statement."""
    scope.must_reach_school("learner")
    values = {"school": current_school_id(), "learners": list(learner_ids), "day": today()}
    return dict.fromkeys(learner_ids, 0) | {row.id: int(row.minutes) for row in read(_ATTENDED, values)}


def list_hours_of_group(
    group: GroupView, *, first: date | None = None, last: date | None = None
) -> list[HoursOfLearner]:
    """Return attendance and hours in the lessons of a group that was opened, of each learner who was in it, by name."""
    pairs = _pairs(SYSTEM, group=group)
    before = literal(0).label("before")
    names = (Learner.id, Learner.full_name.label("name"), Learner.number)
    statement = (
        with_mark(select(*names, *_figures(), before).select_from(Lesson), pairs)
        .join(Learner, and_(Learner.school_id == Lesson.school_id, Learner.id == pairs.c.learner_id))
        .where(Lesson.counts_by(now()))
        .group_by(Learner.school_id, Learner.id)
        .order_by(Learner.sort_name, Learner.id)
    )
    if first is not None:
        statement = statement.where(Lesson.held_on >= first)
    if last is not None:
        statement = statement.where(Lesson.held_on <= last)
    rows = session.execute(statement).all()
    known = Counter(row.name for row in rows)
    return [
        HoursOfLearner(
            learner_id=row.id,
            name=row.name,
            hours=_hours(row),
            apart_by=row.number if known[row.name] > 1 else None,
        )
        for row in rows
    ]


def _figures() -> tuple[ColumnElement[Any], ...]:
    mark = AttendanceMark

    def count_where(condition: ColumnExpressionArgument[bool], label: str) -> ColumnElement[Any]:
        return func.count().filter(condition).label(label)

    return (
        func.coalesce(func.sum(mark.minutes), 0).label("attended"),
        func.coalesce(func.sum(Lesson.minutes), 0).label("offered"),
        func.coalesce(func.sum(Lesson.minutes).filter(mark.is_open), 0).label("unfilled"),
        count_where(mark.is_present, "present"),
        count_where(mark.is_late, "late"),
        count_where(mark.status == Status.ABSENT, "absent"),
        count_where(mark.status == Status.EXCUSED, "excused"),
        count_where(mark.is_open, "open"),
    )


def _hours(row: Any) -> Hours:
    return Hours(
        minutes_attended=int(row.attended),
        minutes_offered=int(row.offered),
        minutes_open=int(row.unfilled),
        minutes_before=int(row.before),
        present=row.present,
        late=row.late,
        absent=row.absent,
        excused=row.excused,
        open=row.open,
    )
