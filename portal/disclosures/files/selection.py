"""Which learners are in a file, which are left out and why, and its rows: a client gets the days that it paid for.

The lessons of a file are those that the register and the learner's own page count, so that hours agree everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

from portal.attendance.models import AttendanceMark
from portal.core.clock import now, today
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id, hidden_learners, hides_anyone
from portal.core.personal_data import registry
from portal.courses.models import Course, LearnerGroup, Lesson
from portal.disclosures.files.columns import FileColumn, columns_for, contested_column, figure_columns, lesson_columns
from portal.disclosures.files.wanted import Wanted, follows, has_trajectory, is_owed_to_client, overlaps
from portal.finances.models import InvoiceLine
from portal.hours.figures.models import LEAST_PEOPLE, FigureKind, SchoolFigure
from portal.hours.queries import lessons_of
from portal.learners.corrections.models import Correction
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Act, Trajectory
from portal.progress.models import ExamResult
from portal.purposes.queries import closed_because
from portal.purposes.statutes.queries import gives_hours_to_duo

Cs = TypeVarTuple("Cs")

NOT_REPORTING = "not_reporting"
NOT_UNDER_ACT = "not_under_act"
NOT_BY_LAW = "not_by_law"
NO_LESSONS = "no_lessons"
NO_ROWS = "no_rows"
_ACTS = (Act.WI2013, Act.WI2021)
_DETAILS: Mapping[str, tuple[type[ExamResult] | type[InvoiceLine], InstrumentedAttribute[date]]] = {
    "exams": (ExamResult, ExamResult.taken_on),
    "invoices": (InvoiceLine, InvoiceLine.issued_on),
}
"""Of files with a row for each exam or invoice line: the table, and the day that must lie in the period."""


@dataclass(frozen=True)
class Selection:
    """What one file holds, fixed once before it is written: its columns, and statements for its rows and totals.

    The rows begin with the learner's id. Totals, one row a learner, are there for a file of lessons alone.
    """

    wanted: Wanted
    columns: tuple[FileColumn, ...]
    rows: Select[Any]
    totals: Select[*tuple[Any, ...]] | None


def selection_of(wanted: Wanted, learners: Select[UUID]) -> Selection:
    """Return what a file about these learners holds, as of today."""
    columns, rows = rows_of(wanted, learners)
    return Selection(wanted, tuple(columns), rows, totals_of(wanted, learners) if _holds_lessons(wanted) else None)


def _reason(wanted: Wanted, having: Subquery | None) -> ColumnElement[Any]:
    """Return the expression that is null for a learner in the file, and else why she is left out.

    `having` are the learners with a lesson in the file, where it holds lessons.
    """
    whens: list[tuple[ColumnElement[bool], str]] = []
    if "reporting_trajectory" in wanted.template.only:
        whens.append((~has_trajectory(wanted, Trajectory.reports_to_government.is_(True)), NOT_REPORTING))
    if "under_the_act" in wanted.template.only:
        whens.append((~has_trajectory(wanted, Trajectory.act.in_(_ACTS)), NOT_UNDER_ACT))
    if "reported_by_law" in wanted.template.only:
        whens.append((~has_trajectory(wanted, *_gives_hours()), NOT_BY_LAW))
    whens += closed_because(wanted.template.purpose, Learner.id.expression, owed=is_owed_to_client(wanted))
    if having is not None:
        whens.append((having.c.learner_id.is_(None), NO_LESSONS if _holds_lessons(wanted) else NO_ROWS))
    if not whens:
        return literal(None)
    return case(*((condition, literal(reason)) for condition, reason in whens), else_=None)


def candidates(wanted: Wanted) -> Subquery:
    """Return whom it can be about of those enrolled in the period, with why she is left out: null for those in it.

    Who is another client's, or follows another course, isn't left out: the file isn't about her. Nor is who restricted
    what the file holds, of whom no more is said.
    For a file of lessons also who has a mark in it after she left.
    """
    there: ColumnElement[bool] = exists().where(
        Enrolment.school_id == Learner.school_id, Enrolment.learner_id == Learner.id, overlaps(Enrolment, wanted)
    )
    having = None
    statement = select(Learner.id, Learner.sort_name)
    if _holds_lessons(wanted):
        having = select(_lessons_in(wanted).c.learner_id).distinct().subquery("having")
        statement = statement.outerjoin(having, having.c.learner_id == Learner.id)
        there = or_(there, having.c.learner_id.is_not(None))
    elif wanted.template.shape in _DETAILS:
        having = _details_in(wanted)
        statement = statement.outerjoin(having, having.c.learner_id == Learner.id)
        there = or_(there, having.c.learner_id.is_not(None))
    elif _holds_figures(wanted):
        there = false()  # it names nobody
    if "paid_by_recipient" in wanted.template.only:
        statement = statement.where(has_trajectory(wanted, Trajectory.client_id == wanted.client_id))
    if wanted.template.courses:
        statement = statement.where(follows(wanted))
    if hides_anyone():  # whole records are hidden by the database; nobody stands in it with a gap
        statement = statement.where(Learner.id.not_in(_hidden_in(wanted)))
    if wanted.is_of_minors:
        statement = statement.where(Learner.is_minor_on(today()))
    return (
        statement.add_columns(_reason(wanted, having).label("reason"))
        .where(Learner.school_id == current_school_id(), Learner.is_in_use, there)
        .subquery("candidate")
    )


def _hidden_in(wanted: Wanted) -> frozenset[UUID]:
    """Return the learners who restricted a category that the file holds."""
    fields = registry(Base.metadata)
    held = {fields[key].category for key in wanted.template.fields if key in fields}
    held |= {"attendance"} if _holds_lessons(wanted) else set()
    return frozenset().union(*(hidden_learners(category) for category in held))


def _holds_lessons(wanted: Wanted) -> bool:
    return wanted.template.shape == "attendance"


def _holds_figures(wanted: Wanted) -> bool:
    return wanted.template.shape == "course_figures"


def _details_in(wanted: Wanted) -> Subquery:
    """Return the learners with an exam or an invoice line in the period."""
    model, day = _DETAILS[wanted.template.shape]
    dated = day.between(wanted.starts_on, wanted.ends_on)
    return select(model.learner_id).where(model.school_id == current_school_id(), dated).distinct().subquery("having")


def _held(wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    """Say of `lesson` that it counts: held in the period and by now, and not cancelled."""
    return Lesson.held_on >= wanted.starts_on, Lesson.held_on <= wanted.ends_on, and_(Lesson.counts_by(now()))


def _lessons_in(wanted: Wanted) -> Subquery:
    """Return the pairs of learner and lesson that belong in the file, whoever is in it."""
    pairs = lessons_of(_held(wanted))
    if not wanted.is_statutory:
        pairs = _without_contested(pairs)
    if "paid_by_recipient" not in wanted.template.only or wanted.client_id is None:
        return pairs
    return (
        select(pairs.c.learner_id, pairs.c.lesson_id)
        .join(Lesson, and_(Lesson.school_id == current_school_id(), Lesson.id == pairs.c.lesson_id))
        .where(*_paid_days(pairs.c.learner_id, wanted.client_id))
        .subquery("paid")
    )


def _is_contested() -> ColumnElement[bool]:
    """Say of `attendance_mark` that its learner says otherwise and has no answer yet (MN-17)."""
    return exists().where(
        Correction.school_id == AttendanceMark.school_id,
        Correction.learner_id == AttendanceMark.learner_id,
        Correction.entry_id == AttendanceMark.id,
        Correction.field.startswith(f"{AttendanceMark.__tablename__}."),
        Correction.is_waiting,
    )


def _without_contested(pairs: Subquery) -> Subquery:
    contested = exists().where(
        AttendanceMark.school_id == current_school_id(),
        AttendanceMark.learner_id == pairs.c.learner_id,
        AttendanceMark.lesson_id == pairs.c.lesson_id,
        _is_contested(),
    )
    return select(pairs.c.learner_id, pairs.c.lesson_id).where(~contested).subquery("uncontested")


def _paid_days(learner_id: ColumnElement[UUID], client_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Say of `lesson` that this client paid for this learner that day.

    Where two pay for her, a lesson belongs to whom her enrolment in the group hangs on.
    """
    pays = exists().where(
        Trajectory.school_id == Lesson.school_id,
        Trajectory.learner_id == learner_id,
        Trajectory.client_id == client_id,
        Trajectory.holds_on(Lesson.held_on),
    )
    of_another = exists().where(
        Enrolment.school_id == Lesson.school_id,
        Enrolment.learner_id == learner_id,
        Enrolment.group_id == Lesson.group_id,
        Enrolment.holds_on(Lesson.held_on),
        Trajectory.school_id == Enrolment.school_id,
        Trajectory.id == Enrolment.trajectory_id,
        Trajectory.client_id.is_distinct_from(client_id),
        Trajectory.holds_on(Lesson.held_on),
    )
    return pays, ~of_another


def included(wanted: Wanted) -> Select[UUID]:
    """Return the statement that selects the learners in the file."""
    everyone = candidates(wanted)
    return select(everyone.c.id).where(everyone.c.reason.is_(None))


def _latest_trajectory(wanted: Wanted) -> Any:
    other = Trajectory.__table__.alias()
    conditions = [
        other.c.school_id == Learner.school_id,
        other.c.learner_id == Learner.id,
        other.c.starts_on <= wanted.ends_on,
    ]
    if wanted.client_id is not None:
        conditions.append(other.c.client_id == wanted.client_id)
    if "under_the_act" in wanted.template.only:
        conditions.append(other.c.act.in_(_ACTS))
    if "reported_by_law" in wanted.template.only:
        conditions += [gives_hours_to_duo(other.c), other.c.reports_to_government.is_(True)]
    return select(*other.c).where(*conditions).order_by(other.c.starts_on.desc()).limit(1).lateral("latest_trajectory")


def columns_of(wanted: Wanted) -> tuple[list[FileColumn], Any]:
    """Return the columns of the file and the lateral trajectory that some of them select from."""
    latest = _latest_trajectory(wanted)
    if _holds_figures(wanted):
        return figure_columns(), latest
    held = columns_for(wanted.template.fields, latest)
    if wanted.template.shape == "hours":
        return _with_hours(wanted, held), latest
    if _holds_lessons(wanted):
        about_learner = [column for column in held if not column.key.startswith("attendance_mark.")]
        about_mark = [column for column in held if column.key.startswith("attendance_mark.")]
        held = [*about_learner, *lesson_columns(), *about_mark]
        if wanted.is_statutory:
            held.append(contested_column(_is_contested()))
    return held, latest


def _gives_hours() -> tuple[ColumnElement[bool], ...]:
    return Trajectory.reports_to_government.is_(True), gives_hours_to_duo(Trajectory)


def _with_hours(wanted: Wanted, held: list[FileColumn]) -> list[FileColumn]:
    """Let the minutes be those that a learner attended in the period, on days of which the law has the recipient hear.

    Where she contests a mark among them, that is said beside them.
    """
    on_the_day = exists().where(
        Trajectory.school_id == Lesson.school_id,
        Trajectory.learner_id == AttendanceMark.learner_id,
        Trajectory.holds_on(Lesson.held_on),
        *_gives_hours(),
    )
    hers = (
        AttendanceMark.school_id == Learner.school_id,
        AttendanceMark.learner_id == Learner.id,
        Lesson.school_id == AttendanceMark.school_id,
        Lesson.id == AttendanceMark.lesson_id,
        *_held(wanted),
        on_the_day,
    )
    minutes = select(func.coalesce(func.sum(AttendanceMark.minutes), 0)).where(*hers).correlate(Learner)
    contested = exists(select(AttendanceMark.id).where(*hers, _is_contested()).correlate(Learner))
    summed = {"attendance_mark.minutes": minutes.scalar_subquery()}
    columns = [replace(each, expression=summed.get(each.key, each.expression)) for each in held]
    return [*columns, contested_column(contested)] if wanted.is_statutory else columns


def rows_of(wanted: Wanted, learners: Select[UUID]) -> tuple[list[FileColumn], Select[Any]]:
    """Return the columns of a file and the statement for its rows, the learner's id first, in order of name."""
    held, latest = columns_of(wanted)
    if _holds_figures(wanted):
        return held, _figures_of(wanted, held)
    picked = [Learner.id, *(column.expression.label(column.key) for column in held)]
    statement = select(*picked).select_from(Learner)
    if any(column.key.startswith("trajectory.") for column in held):
        statement = statement.outerjoin(latest, true())
    statement = statement.where(Learner.school_id == current_school_id(), Learner.id.in_(learners))
    order = [Learner.sort_name, Learner.id]
    if _holds_lessons(wanted):
        statement = _with_lessons(statement, wanted)
        order += [Lesson.held_on, Lesson.starts_at]
    elif wanted.template.shape in _DETAILS:
        model, day = _DETAILS[wanted.template.shape]
        same = and_(model.school_id == Learner.school_id, model.learner_id == Learner.id)
        statement = statement.join(model, and_(same, day.between(wanted.starts_on, wanted.ends_on)))
        order += [day, model.id]
    return held, statement.order_by(*order)


def _figures_of(wanted: Wanted, held: list[FileColumn]) -> Select[Any]:
    """Return the statement for the months of courses behind which stand at least five people; no learner's id."""
    first, last = wanted.starts_on.replace(day=1), wanted.ends_on
    of_course = and_(Course.school_id == SchoolFigure.school_id, cast(Course.id, String) == SchoolFigure.subject)
    return (
        select(null().label("id"), *(column.expression.label(column.key) for column in held))
        .select_from(SchoolFigure)
        .join(Course, of_course)
        .where(
            SchoolFigure.school_id == current_school_id(),
            SchoolFigure.kind == FigureKind.COURSE,
            SchoolFigure.month.between(first, last),
            SchoolFigure.people >= LEAST_PEOPLE,
        )
        .order_by(Course.name, SchoolFigure.month)
    )


def _with_lessons(statement: Select[*Cs], wanted: Wanted) -> Select[*Cs]:
    pairs = _lessons_in(wanted)
    return (
        statement.join(pairs, pairs.c.learner_id == Learner.id)
        .join(Lesson, and_(Lesson.school_id == Learner.school_id, Lesson.id == pairs.c.lesson_id))
        .join(LearnerGroup, and_(LearnerGroup.school_id == Lesson.school_id, LearnerGroup.id == Lesson.group_id))
        .outerjoin(
            AttendanceMark,
            and_(
                AttendanceMark.school_id == Lesson.school_id,
                AttendanceMark.lesson_id == Lesson.id,
                AttendanceMark.learner_id == Learner.id,
            ),
        )
    )


def totals_of(wanted: Wanted, learners: Select[UUID]) -> Select[*tuple[Any, ...]]:
    """Return per learner: number, name in parts and whole, lessons, how many present, absent, of which authorised, not
    yet filled in, and the minutes followed.
    """
    statement = select(
        Learner.id,
        Learner.number,
        Learner.given_name,
        Learner.name_prefix,
        Learner.family_name,
        Learner.full_name.label("name"),
        func.count(Lesson.id).label("lessons"),
        func.count(AttendanceMark.id).filter(AttendanceMark.is_present).label("present"),
        func.count(AttendanceMark.id).filter(AttendanceMark.is_absence).label("absent"),
        func.count(AttendanceMark.id).filter(AttendanceMark.is_authorised.is_(True)).label("authorised"),
        (func.count(Lesson.id) - func.count(AttendanceMark.id)).label("open"),
        func.coalesce(func.sum(AttendanceMark.minutes), 0).label("minutes"),
    ).select_from(Learner)
    return (
        _with_lessons(statement, wanted)
        .where(Learner.school_id == current_school_id(), Learner.id.in_(learners))
        .group_by(Learner.school_id, Learner.id)
        .order_by(Learner.sort_name, Learner.id)
    )
