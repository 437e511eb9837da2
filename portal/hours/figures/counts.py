"""The statements that count a school's figures by month from marks, enrolments, levels, exams and answers.

In two steps: what each learner has in a month, and to which group, course, client and route that belongs.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Executable,
    Integer,
    Select,
    String,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on

from portal.attendance.models import AttendanceMark, Status
from portal.attendance.open_registers.queries import has_open_rows
from portal.core.clock import AMSTERDAM
from portal.core.db.scope import current_school_id
from portal.courses.models import LearnerGroup, Lesson
from portal.hours.figures.models import FigureKind
from portal.hours.figures.months import months_on
from portal.learners.corrections.models import Correction
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Trajectory
from portal.policy.queries import current_policy
from portal.progress.models import ExamResult, Level, Rung
from portal.purposes.models import StepState, Withdrawal, WithdrawalStep
from portal.purposes.queries import closed_because

MARKS = ("present", "late", "absent", "excused", "minutes_attended", "minutes_offered")
EVENTS = (
    "levels_up", "exams", "exams_passed", "corrections", "corrections_answered", "correction_minutes",
    "withdrawals", "withdrawals_done", "withdrawal_minutes",
)  # fmt: skip
_PEOPLE = {
    "levels_people": "levels_up", "exams_people": "exams", "corrections_people": "corrections",
    "withdrawals_people": "withdrawals",
}  # fmt: skip
"""How many people there are behind which counts: one may have several exams in a month."""
_HEIGHTS = {
    Rung.ALFA_A: 0, Rung.ALFA_B: 1, Rung.A0: 2, Rung.ALFA_C: 3, Rung.A1: 3, Rung.A2: 4, Rung.B1: 5, Rung.B2: 6,
    Rung.C1: 7,
}  # fmt: skip
"""How high a whole level is on both ladders together: Alfa C stands beside A1, so that going over is no step up."""


def count_of_months(first: date, last: date, day: date, moment: datetime) -> Select[Any]:
    """Select what there is of each kind, month and subject, from one month to another, until a day and moment.

    Months are given by their first day.
    """
    marks = _marks(first, last, moment)
    members = _members(marks, months_of(first, last), day)
    events = _events(first, last)
    people = union(select(members.c.learner_id, members.c.month), select(events.c.learner_id, events.c.month)).cte(
        "people"
    )
    trajectories = trajectories_of(people)
    keyed = _keyed(members, people, events, trajectories)
    sums = _sums_of_marks(marks, trajectories)
    counted = (
        select(
            keyed.c.kind, keyed.c.month, keyed.c.subject, func.count().label("learners"),
            *(func.coalesce(func.sum(events.c[name]), 0).label(name) for name in EVENTS),
            *(func.count().filter(events.c[of] > 0).label(name) for name, of in _PEOPLE.items()),
        )
        .outerjoin(events, and_(events.c.learner_id == keyed.c.learner_id, events.c.month == keyed.c.month))
        .group_by(keyed.c.kind, keyed.c.month, keyed.c.subject)
        .cte("counted")
    )  # fmt: skip
    same = and_(sums.c.kind == counted.c.kind, sums.c.month == counted.c.month, sums.c.subject == counted.c.subject)
    return select(
        counted,
        func.coalesce(sums.c.marked, counted.c.learners).label("people"),
        *(func.coalesce(sums.c[name], 0).label(name) for name in MARKS),
    ).outerjoin(sums, same)


def count_without_group(first: date, last: date, day: date, moment: datetime) -> Executable:
    """Select by month how many learners the school knew who were in no group."""
    months = months_of(first, last)
    members = _members(_marks(first, last, moment), months, day)
    is_in_one = exists().where(members.c.learner_id == Learner.id, members.c.month == months.c.month)
    return (
        select(months.c.month, func.count(Learner.id).label("people"))
        .join(months, _local_day(Learner.created_at) < end_of(months.c.month))
        .where(
            Learner.school_id == current_school_id(), Learner.is_in_use, ~is_in_one, *may_count(Learner.id.expression)
        )
        .group_by(months.c.month)
    )


def may_count(whose: Any) -> tuple[ColumnElement[bool], ...]:
    """Say of a learner's id that she counts: not who objects to what the school makes figures for (AVG art. 21)."""
    purposes = current_policy().purposes_of_figures()
    return tuple(not_(closed) for purpose in purposes for closed, _code in closed_because(purpose, whose))


def months_of(first: date, last: date) -> CTE:
    """Return the months from one to another, by their first day."""
    series = func.generate_series(first, last, func.make_interval(0, 1))
    return select(cast(series, Date).label("month")).cte("months")


def end_of(month: Any) -> ColumnElement[date]:
    """Return the first day of the month after."""
    return cast(month + func.make_interval(0, 1), Date)


def count_of_lessons(first: date, last: date, moment: datetime) -> Executable:
    """Select by group and month how many lessons were held, how many have an open register, how many were cancelled."""
    counts = Lesson.counts_by(moment)
    is_over = _ends_before(moment)
    month = _month(Lesson.held_on)
    return (
        select(
            Lesson.group_id, LearnerGroup.course_id, month.label("month"),
            func.count().filter(counts).label("lessons"),
            func.count().filter(counts, is_over, has_open_rows()).label("lessons_open"),
            func.count().filter(Lesson.is_cancelled).label("lessons_cancelled"),
        )
        .join(LearnerGroup, and_(LearnerGroup.school_id == Lesson.school_id, LearnerGroup.id == Lesson.group_id))
        .where(Lesson.school_id == current_school_id(), *_within(Lesson.held_on, first, last))
        .group_by(Lesson.group_id, LearnerGroup.course_id, month)
    )  # fmt: skip


def _ends_before(moment: datetime) -> ColumnElement[bool]:
    at = moment.astimezone(AMSTERDAM)
    return or_(Lesson.held_on < at.date(), and_(Lesson.held_on == at.date(), Lesson.ends_at <= at.time()))


def _month(day: Any) -> ColumnElement[date]:
    return cast(func.date_trunc("month", day), Date)


def _local_day(moment: Any) -> ColumnElement[date]:
    return cast(func.timezone(str(AMSTERDAM), moment), Date)


def _within(day: Any, first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    return day >= first, day < months_on(last, 1)


def _marks(first: date, last: date, moment: datetime) -> CTE:
    """What a learner's marks come to in the lessons of a group in a month."""
    mark, month = AttendanceMark, _month(Lesson.held_on)
    return (
        select(
            mark.learner_id, Lesson.group_id, month.label("month"),
            func.count().filter(mark.is_present).label("present"),
            func.count().filter(mark.is_late).label("late"),
            func.count().filter(mark.status == Status.ABSENT).label("absent"),
            func.count().filter(mark.status == Status.EXCUSED).label("excused"),
            func.sum(mark.minutes).label("minutes_attended"),
            func.sum(Lesson.minutes).label("minutes_offered"),
        )
        .join(Lesson, and_(Lesson.school_id == mark.school_id, Lesson.id == mark.lesson_id))
        .where(
            mark.school_id == current_school_id(), Lesson.school_id == current_school_id(),
            *_within(Lesson.held_on, first, last), Lesson.counts_by(moment), *may_count(mark.learner_id),
        )
        .group_by(mark.learner_id, Lesson.group_id, month)
        .cte("marks")
    )  # fmt: skip


def _members(marks: CTE, months: CTE, day: date) -> CTE:
    """Who was in a group in a month: enrolled on a day of it until now, or marked all the same."""
    ends = end_of(months.c.month)
    enrolled = (
        select(Enrolment.learner_id, Enrolment.group_id, LearnerGroup.course_id, months.c.month)
        .join(LearnerGroup, and_(LearnerGroup.school_id == Enrolment.school_id, LearnerGroup.id == Enrolment.group_id))
        .join(months, and_(Enrolment.starts_on < ends, Enrolment.lasts_until(months.c.month)))
        .where(
            Enrolment.school_id == current_school_id(), Enrolment.starts_on <= day,
            LearnerGroup.starts_on < ends, LearnerGroup.lasts_until(months.c.month), *may_count(Enrolment.learner_id),
        )
    )  # fmt: skip
    marked = select(marks.c.learner_id, marks.c.group_id, LearnerGroup.course_id, marks.c.month).join(
        LearnerGroup, and_(LearnerGroup.school_id == current_school_id(), LearnerGroup.id == marks.c.group_id)
    )
    return union(enrolled, marked).cte("members")


def _events(first: date, last: date) -> CTE:
    """What else there was of a learner in a month: steps up, exams, what she asked to change and what she withdrew."""
    every = union_all(
        _levels(first, last), _exams(first, last), _corrections(first, last), _withdrawals(first, last)
    ).subquery()
    return (
        select(every.c.learner_id, every.c.month, *(func.sum(every.c[name]).label(name) for name in EVENTS))
        .where(*may_count(every.c.learner_id))
        .group_by(every.c.learner_id, every.c.month)
        .cte("events")
    )


def _event(learner_id: Any, day: Any, **counts: Any) -> Select[Any]:
    """Select the learner and month of something, with what it counts for and nothing for all else."""
    zero = literal(0, Integer())
    return select(
        learner_id.label("learner_id"),
        _month(day).label("month"),
        *(counts.get(name, zero).label(name) for name in EVENTS),
    )


def _yes(condition: Any) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _every_height() -> dict[Rung, int]:
    """Return how high each level is: one between levels is as high as the whole level that is reached."""
    return {rung: _HEIGHTS[rung.whole] for rung in Rung}


def _levels(first: date, last: date) -> Select[Any]:
    height = case(*((Level.level == rung, at) for rung, at in _every_height().items()))
    before = func.lag(height).over(
        partition_by=(Level.learner_id, Level.skill), order_by=(Level.found_on, Level.entered_at, Level.id)
    )
    steps = (
        select(Level.learner_id, Level.found_on, (height > before).label("is_up"))
        .where(Level.school_id == current_school_id())
        .subquery()
    )
    one = literal(1, Integer())
    return _event(steps.c.learner_id, steps.c.found_on, levels_up=one).where(
        steps.c.is_up, *_within(steps.c.found_on, first, last)
    )


def _exams(first: date, last: date) -> Select[Any]:
    result = ExamResult
    counts = {"exams": literal(1, Integer()), "exams_passed": _yes(result.is_passed)}
    return _event(result.learner_id, result.taken_on, **counts).where(
        result.school_id == current_school_id(), result.is_passed.is_not(None), *_within(result.taken_on, first, last)
    )


def _minutes_between(start: Any, end: Any) -> ColumnElement[int]:
    return cast(func.coalesce(func.extract("epoch", end - start) / 60, 0), Integer)


def _corrections(first: date, last: date) -> Select[Any]:
    asked, day = Correction, _local_day(Correction.proposed_at)
    counts = {
        "corrections": literal(1, Integer()),
        "corrections_answered": _yes(asked.decided_at.is_not(None)),
        "correction_minutes": _minutes_between(asked.proposed_at, asked.decided_at),
    }
    return _event(asked.learner_id, day, **counts).where(
        asked.school_id == current_school_id(), *_within(day, first, last)
    )


def _withdrawals(first: date, last: date) -> Select[Any]:
    """What was withdrawn; done once each step is, recipients whom the school tells by hand included."""
    asked, step, day = Withdrawal, WithdrawalStep, _local_day(Withdrawal.asked_at)
    of_it = and_(step.school_id == asked.school_id, step.withdrawal_id == asked.id)
    last_step = select(func.max(step.done_at)).where(of_it).scalar_subquery()
    is_done = and_(asked.done_at.is_not(None), ~exists().where(of_it, step.state != StepState.DONE))
    minutes = _minutes_between(asked.asked_at, func.greatest(asked.done_at, last_step))
    counts = {
        "withdrawals": literal(1, Integer()),
        "withdrawals_done": _yes(is_done),
        "withdrawal_minutes": case((is_done, minutes), else_=0),
    }
    return _event(asked.learner_id, day, **counts).where(
        asked.school_id == current_school_id(), *_within(day, first, last)
    )


def trajectories_of(people: CTE) -> CTE:
    """The client and route that each had in a month: of her trajectory of that month that began last."""
    row, month = Trajectory, people.c.month
    return (
        select(
            people.c.learner_id, month,
            func.coalesce(cast(row.client_id, Text), "").label("client"),
            func.coalesce(cast(row.route, Text), "").label("route"),
        )
        .ext(distinct_on(people.c.learner_id, month))
        .outerjoin(
            row,
            and_(
                row.school_id == current_school_id(), row.learner_id == people.c.learner_id,
                row.starts_on < end_of(month), row.lasts_until(month),
            ),
        )
        .order_by(people.c.learner_id, month, row.starts_on.desc().nulls_last(), row.id)
        .cte("trajectories")
    )  # fmt: skip


def _keyed(members: CTE, people: CTE, events: CTE, trajectories: CTE) -> CTE:
    """To what each learner of a month belongs, of each kind; who has no group that month belongs to none ("")."""
    in_none = ~exists().where(members.c.learner_id == events.c.learner_id, members.c.month == events.c.month)

    def of(kind: FigureKind, subject: Any, source: CTE) -> Select[Any]:
        return select(_kind(kind), source.c.month, subject.label("subject"), source.c.learner_id)

    none = literal("", String())
    return union(
        of(FigureKind.GROUP, cast(members.c.group_id, Text), members),
        of(FigureKind.COURSE, cast(members.c.course_id, Text), members),
        of(FigureKind.GROUP, none, events).where(in_none),
        of(FigureKind.COURSE, none, events).where(in_none),
        of(FigureKind.CLIENT, trajectories.c.client, trajectories),
        of(FigureKind.ROUTE, trajectories.c.route, trajectories),
        of(FigureKind.SCHOOL, none, people),
    ).cte("keyed")


def _kind(kind: FigureKind) -> ColumnElement[str]:
    return literal(kind.value, String()).label("kind")


def _sums_of_marks(marks: CTE, trajectories: CTE) -> CTE:
    """What the marks of each kind and subject come to in a month, and of how many learners they are."""
    hers = and_(trajectories.c.learner_id == marks.c.learner_id, trajectories.c.month == marks.c.month)
    group = and_(LearnerGroup.school_id == current_school_id(), LearnerGroup.id == marks.c.group_id)

    def of(kind: FigureKind, subject: Any) -> Select[Any]:
        return select(_kind(kind), subject.label("subject"), marks)

    every = union_all(
        of(FigureKind.GROUP, cast(marks.c.group_id, Text)),
        of(FigureKind.COURSE, cast(LearnerGroup.course_id, Text)).join(LearnerGroup, group),
        of(FigureKind.CLIENT, trajectories.c.client).join(trajectories, hers),
        of(FigureKind.ROUTE, trajectories.c.route).join(trajectories, hers),
        of(FigureKind.SCHOOL, literal("", String())),
    ).subquery()
    return (
        select(
            every.c.kind, every.c.month, every.c.subject,
            func.count(every.c.learner_id.distinct()).label("marked"),
            *(func.sum(every.c[name]).label(name) for name in MARKS),
        )
        .group_by(every.c.kind, every.c.month, every.c.subject)
        .cte("sums")
    )  # fmt: skip


def columns() -> Sequence[str]:
    """Return the names of what is counted, beside the lessons."""
    return ("learners", "people", *MARKS, *EVENTS, *_PEOPLE)
