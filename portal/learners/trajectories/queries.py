"""Reads of trajectories across learners."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Uuid, and_, bindparam, func, select

from portal.core.db.scope import current_school_id
from portal.core.db.session import read, session
from portal.core.http.scope import Reach, Scope
from portal.courses.scope import parameters_of
from portal.learners.scope.queries import reaches_learner
from portal.learners.trajectories.models import Act, Route, Trajectory
from portal.organisations.models import Organisation


def count_by_client(client_id: UUID | None = None) -> Mapping[UUID, int]:
    """Return how many trajectories each client pays for, or this one alone; clients without any are left out."""
    statement = (
        select(Trajectory.client_id, func.count())
        .where(Trajectory.school_id == current_school_id(), Trajectory.client_id.is_not(None))
        .group_by(Trajectory.client_id)
    )
    if client_id is not None:
        statement = statement.where(Trajectory.client_id == client_id)
    return {client: count for client, count in session.execute(statement) if client is not None}


class TrajectoryWithClient(NamedTuple):
    """What a trajectory is, its first and last day, and the name of the client that pays for it, if one does."""

    act: Act
    route: Route | None
    starts_on: date
    ends_on: date | None
    client_name: str | None


def find_latest(learner_id: UUID, scope: Scope) -> TrajectoryWithClient | None:
    """Return the trajectory of a learner within reach that began last, or None."""
    values = {"school": current_school_id(), "learner": learner_id, **parameters_of(scope)}
    row = read(_latest_statement(scope.reach), values).one_or_none()
    return TrajectoryWithClient(*row) if row is not None else None


@lru_cache(maxsize=len(Reach))
def _latest_statement(reach: Reach) -> Select[Any]:
    own_client = and_(Organisation.school_id == Trajectory.school_id, Organisation.id == Trajectory.client_id)
    columns: tuple[Any, ...] = (Trajectory.act, Trajectory.route, Trajectory.starts_on, Trajectory.ends_on)
    return (
        select(*columns, Organisation.name)
        .outerjoin(Organisation, own_client)
        .where(
            Trajectory.school_id == bindparam("school", type_=Uuid()),
            Trajectory.learner_id == bindparam("learner", type_=Uuid()),
            reaches_learner(Scope(reach), Trajectory.learner_id),
        )
        .order_by(Trajectory.starts_on.desc(), Trajectory.id)
        .limit(1)
    )
