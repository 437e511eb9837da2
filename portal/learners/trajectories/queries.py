"""Reads of trajectories across learners."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.learners.scope.queries import reaches_learner
from portal.learners.trajectories.models import Trajectory
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
    """A trajectory and the name of the client that pays for it, if one does."""

    trajectory: Trajectory
    client_name: str | None


def find_latest(learner_id: UUID, scope: Scope) -> TrajectoryWithClient | None:
    """Return the trajectory of a learner within reach that began last, or None."""
    own_client = and_(Organisation.school_id == Trajectory.school_id, Organisation.id == Trajectory.client_id)
    statement = (
        select(Trajectory, Organisation.name)
        .outerjoin(Organisation, own_client)
        .where(
            Trajectory.school_id == current_school_id(),
            Trajectory.learner_id == learner_id,
            reaches_learner(scope, Trajectory.learner_id),
        )
        .order_by(Trajectory.starts_on.desc(), Trajectory.id)
        .limit(1)
    )
    row = session.execute(statement).one_or_none()
    return TrajectoryWithClient(*row) if row is not None else None
