"""Reads of the goals that learners set themselves."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.learners.scope.queries import reaches_learner
from portal.progress.goals.models import Goal


def list_goals(learner_id: UUID, scope: Scope) -> Sequence[Goal]:
    """Return the goals of a learner within reach, the nearest first."""
    statement = select(Goal).where(
        Goal.school_id == current_school_id(), Goal.learner_id == learner_id, reaches_learner(scope, Goal.learner_id)
    )
    return session.scalars(statement.order_by(Goal.by_month, Goal.set_at)).all()
