"""What signals about learners rest on: their lessons that are filled in, levels, last contact and trajectory."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, bindparam, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from portal.attendance.models import AttendanceMark
from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.courses.models import Lesson
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.learners.trajectories.models import Trajectory
from portal.progress.models import Level
from portal.signals.evaluation import LOOKS_BACK, Attended, History

_ANY_OF = func.any(bindparam("learners", type_=ARRAY(Uuid())))


def list_histories(learner_ids: Sequence[UUID], scope: Scope, day: date) -> dict[UUID, History]:
    """Return by learner what her signals rest on, in four statements however many learners there are."""
    values = {"learners": list(learner_ids)}
    lessons, levels = _lessons(values, day), _levels(values)
    rows = session.execute(
        select(Learner.id, Learner.last_contact_on).where(
            Learner.school_id == current_school_id(), Learner.id == _ANY_OF, reaches_learner(scope)
        ),
        values,
    ).all()
    trajectories = _trajectories(values, day)
    found = {}
    for row in rows:
        running = trajectories.get(row.id)
        found[row.id] = History(
            lessons=tuple(lessons[row.id]),
            last_contact_on=row.last_contact_on,
            levels=levels[row.id],
            **(running or {}),
        )
    return found


def _lessons(values: Mapping[str, Any], day: date) -> defaultdict[UUID, list[Attended]]:
    mark = AttendanceMark
    rows = session.execute(
        select(
            mark.learner_id,
            Lesson.held_on,
            Lesson.minutes.label("offered"),
            mark.minutes,
            mark.is_absence.label("is_absence"),
            mark.is_authorised,
        )
        .join(Lesson, and_(Lesson.school_id == mark.school_id, Lesson.id == mark.lesson_id))
        .where(
            mark.school_id == current_school_id(),
            mark.learner_id == _ANY_OF,
            Lesson.held_on >= day - LOOKS_BACK,
            Lesson.counts_by(now()),
        )
        .order_by(mark.learner_id, Lesson.held_on, Lesson.starts_at, Lesson.id),
        values,
    )
    found: defaultdict[UUID, list[Attended]] = defaultdict(list)
    for row in rows:
        found[row.learner_id].append(
            Attended(
                held_on=row.held_on,
                minutes=row.offered,
                minutes_attended=row.minutes,
                is_absence=row.is_absence,
                is_excused=row.is_absence and row.is_authorised is True,
            )
        )
    return found


def _levels(values: Mapping[str, Any]) -> defaultdict[UUID, dict[Any, Any]]:
    rows = session.execute(
        select(Level.learner_id, Level.skill, Level.level)
        .ext(distinct_on(Level.learner_id, Level.skill))
        .where(Level.school_id == current_school_id(), Level.learner_id == _ANY_OF)
        .order_by(Level.learner_id, Level.skill, Level.found_on.desc(), Level.entered_at.desc()),
        values,
    )
    found: defaultdict[UUID, dict[Any, Any]] = defaultdict(dict)
    for row in rows:
        found[row.learner_id][row.skill] = row.level
    return found


def _trajectories(values: Mapping[str, Any], day: date) -> dict[UUID, dict[str, Any]]:
    """Return the trajectory of each that runs and began last, with the minutes attended in it where hours were bought.

    Where hours were bought her marks since its first day are added up; nobody else's are read.
    """
    attended = (
        select(func.coalesce(func.sum(AttendanceMark.minutes), 0))
        .join(Lesson, and_(Lesson.school_id == AttendanceMark.school_id, Lesson.id == AttendanceMark.lesson_id))
        .where(
            AttendanceMark.school_id == Trajectory.school_id,
            AttendanceMark.learner_id == Trajectory.learner_id,
            Lesson.held_on >= Trajectory.starts_on,
            Lesson.counts_by(now()),
            Trajectory.hours_bought.is_not(None),
        )
        .correlate(Trajectory)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Trajectory.learner_id,
            Trajectory.act,
            Trajectory.route,
            Trajectory.ends_on,
            Trajectory.hours_bought,
            (Trajectory.minutes_before + attended).label("minutes_total"),
        )
        .ext(distinct_on(Trajectory.learner_id))
        .where(Trajectory.school_id == current_school_id(), Trajectory.learner_id == _ANY_OF, Trajectory.holds_on(day))
        .order_by(Trajectory.learner_id, Trajectory.starts_on.desc(), Trajectory.id),
        values,
    )
    names = ("act", "route", "ends_on", "hours_bought", "minutes_total")
    return {row.learner_id: {name: getattr(row, name) for name in names} for row in rows}
