"""Which learners lack what their record must have: those who are taught here, and those who were only just added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CTE, ColumnElement, Select, Uuid, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.core.clock import today
from portal.core.db.restrictions import is_hidden
from portal.core.db.scope import current_school_id, hides_anyone
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.lists import PER_PAGE, Paged
from portal.learners.completeness.requirements import Requirement, requirements_for
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.learners.search.queries import FoundLearner, list_found, sorted_by
from portal.learners.trajectories.models import Trajectory

ORDERS = ("name", "number")


@dataclass(frozen=True)
class IncompleteLearner:
    """A learner with what her record must have and lacks, and the trajectory in which the first of it is lacking."""

    learner: FoundLearner
    missing: tuple[Requirement, ...]
    trajectory_id: UUID | None


def list_incomplete(by: Actor, *, order: str = "name", page: int = 1, most: int = PER_PAGE) -> Paged[IncompleteLearner]:
    """Return a page of the learners within reach who lack something that this person sees, `most` at once.

    Two statements.
    """
    asked = requirements_for(by)
    if not asked:
        return Paged([], page, 0)
    statement = _incomplete(asked, by).order_by(*sorted_by(order, Learner)).limit(most).offset((page - 1) * PER_PAGE)
    rows = session.execute(statement).all()
    found = {each.id: each for each in list_found([row.id for row in rows], by.scope)}
    lines = [
        IncompleteLearner(
            found[row.id], tuple(each for each in asked if getattr(row, each.name)), getattr(row, "trajectory_id", None)
        )
        for row in rows
        if row.id in found
    ]
    return Paged(lines, page, rows[0].total if rows else 0)


def count_incomplete(by: Actor) -> int:
    """Return how many learners `list_incomplete` lists in all."""
    asked = requirements_for(by)
    if not asked:
        return 0
    return session.scalar(select(func.count()).select_from(_incomplete(asked, by).subquery())) or 0


def _incomplete(asked: Sequence[Requirement], by: Actor) -> Select[Any]:
    """The ids of those who lack something, whether each thing is lacking, and how many there are in all."""
    day = today()
    of_trajectory = [each for each in asked if each.of_trajectory]
    lacking = {each.name: _seen_to_lack(each, day) for each in asked if not each.of_trajectory}
    statement = select(Learner.id, func.count().over().label("total"))
    if of_trajectory:
        of_hers = _lacking_trajectories(of_trajectory, day)
        lacking |= {each.name: func.coalesce(of_hers.c[each.name], literal(False)) for each in of_trajectory}
        statement = statement.add_columns(of_hers.c.trajectory_id).outerjoin(
            of_hers, of_hers.c.learner_id == Learner.id
        )
    return statement.add_columns(*(lacking[each.name].label(each.name) for each in asked)).where(
        Learner.school_id == current_school_id(),
        Learner.is_in_use,
        reaches_learner(by.scope),
        _is_taught_or_new(day),
        or_(*lacking.values()),
    )


def _seen_to_lack(each: Requirement, day: date) -> ColumnElement[bool]:
    """Say of a learner that something is lacking; of what she restricted nobody sees whether it is there (ST-08)."""
    if not hides_anyone(each.category):
        return each.is_lacking(day)
    return and_(each.is_lacking(day), ~is_hidden(Learner.id.expression, each.category))


def _lacking_trajectories(asked: Sequence[Requirement], day: date) -> CTE:
    """By learner: what her running trajectories lack, and the first of those."""
    lacking = [each.is_lacking(day) for each in asked]
    first = func.array_agg(aggregate_order_by(Trajectory.id, Trajectory.starts_on, Trajectory.id), type_=ARRAY(Uuid()))
    return (
        select(
            Trajectory.learner_id,
            first[1].label("trajectory_id"),
            *(func.bool_or(each).label(one.name) for one, each in zip(asked, lacking, strict=True)),
        )
        .where(Trajectory.school_id == current_school_id(), Trajectory.lasts_until(day), or_(*lacking))
        .group_by(Trajectory.learner_id)
        .cte("lacking")
    )


def _is_taught_or_new(day: date) -> ColumnElement[bool]:
    """Say of a learner that an enrolment or trajectory of hers runs, or that she never had any."""
    here = current_school_id()
    enrolled = select(Enrolment.learner_id).where(Enrolment.school_id == here)
    with_trajectory = select(Trajectory.learner_id).where(Trajectory.school_id == here)
    return or_(
        Learner.id.in_(enrolled.where(Enrolment.lasts_until(day))),
        Learner.id.in_(with_trajectory.where(Trajectory.lasts_until(day))),
        and_(Learner.id.not_in(enrolled), Learner.id.not_in(with_trajectory)),
    )
