"""Reads for de-identified rows: what is counted of people before they go, and what is kept of those who went."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, String, cast, extract, func, literal, null, select

from portal.attendance.models import AttendanceMark
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.courses.models import Lesson
from portal.finances.models import InvoiceLine
from portal.learners.trajectories.models import Trajectory
from portal.organisations.models import Organisation
from portal.retention.deidentified.models import DeidentifiedRow
from portal.retention.deidentified.sums import Part

_MINUTES_OF_AN_HOUR = 60


def list_parts(category: str, learner_ids: Sequence[UUID], scope: Scope) -> list[Part]:
    """Return what is counted of a category of these learners; nothing of one in which there is nothing to count."""
    scope.must_reach_school("learner")
    counted = _COUNTED.get(category)
    if counted is None or not learner_ids:
        return []
    return [
        Part(row.learner_id, row.year, row.kind, row.client_id, int(row.minutes or 0), int(row.cents or 0))
        for row in session.execute(counted(learner_ids)).all()
    ]


def _latest_client() -> Any:
    """Return the client of somebody's last trajectory, by the learner of the row beside it."""
    return (
        select(Trajectory.client_id)
        .where(Trajectory.school_id == AttendanceMark.school_id, Trajectory.learner_id == AttendanceMark.learner_id)
        .order_by(Trajectory.starts_on.desc(), Trajectory.id.desc())
        .limit(1)
        .correlate(AttendanceMark)
        .scalar_subquery()
    )


def _attended(learner_ids: Sequence[UUID]) -> Any:
    year = cast(extract("year", Lesson.held_on), Integer)
    of_lesson = (Lesson.school_id == AttendanceMark.school_id) & (Lesson.id == AttendanceMark.lesson_id)
    marks = (
        select(
            AttendanceMark.learner_id, year.label("year"), cast(Lesson.kind, String).label("kind"),
            _latest_client().label("client_id"), AttendanceMark.minutes.label("minutes"),
        )
        .join(Lesson, of_lesson)
        .where(AttendanceMark.school_id == current_school_id(), among_ids(AttendanceMark.learner_id, learner_ids))
        .subquery()
    )  # fmt: skip
    shared = (marks.c.learner_id, marks.c.year, marks.c.kind, marks.c.client_id)
    return select(*shared, func.sum(marks.c.minutes).label("minutes"), literal(0).label("cents")).group_by(*shared)


def _followed(learner_ids: Sequence[UUID]) -> Any:
    return select(
        Trajectory.learner_id,
        cast(extract("year", Trajectory.starts_on), Integer).label("year"),
        cast(Trajectory.act, String).label("kind"),
        Trajectory.client_id,
        (func.coalesce(Trajectory.hours_bought, 0) * _MINUTES_OF_AN_HOUR).label("minutes"),
        literal(0).label("cents"),
    ).where(Trajectory.school_id == current_school_id(), among_ids(Trajectory.learner_id, learner_ids))


def _billed(learner_ids: Sequence[UUID]) -> Any:
    return select(
        InvoiceLine.learner_id,
        cast(extract("year", InvoiceLine.issued_on), Integer).label("year"),
        cast(null(), String).label("kind"),
        cast(null(), Organisation.id.type).label("client_id"),
        literal(0).label("minutes"),
        InvoiceLine.amount_cents.label("cents"),
    ).where(InvoiceLine.school_id == current_school_id(), among_ids(InvoiceLine.learner_id, learner_ids))


_COUNTED: Mapping[str, Callable[[Sequence[UUID]], Any]] = {
    "attendance": _attended,
    "trajectory": _followed,
    "finance": _billed,
}


@dataclass(frozen=True)
class KeptFigure:
    """What is kept of several people who are gone, with the client by name."""

    row: DeidentifiedRow
    client: str | None


def list_figures(by: Actor) -> list[KeptFigure]:
    """Return all that is kept of people who are gone, the newest year first."""
    by.scope.must_reach_school("deidentified_row")
    of_client = (Organisation.school_id == DeidentifiedRow.school_id) & (Organisation.id == DeidentifiedRow.client_id)
    statement = (
        select(DeidentifiedRow, Organisation.name)
        .outerjoin(Organisation, of_client)
        .where(DeidentifiedRow.school_id == current_school_id())
        .order_by(
            DeidentifiedRow.category,
            DeidentifiedRow.year.desc().nulls_last(),
            DeidentifiedRow.kind.nulls_last(),
            Organisation.name.nulls_last(),
            DeidentifiedRow.id,
        )
    )
    return [KeptFigure(row, client) for row, client in session.execute(statement).all()]
