"""Reads of trajectories across learners."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.learners.trajectories.models import Trajectory


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
