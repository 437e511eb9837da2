"""Reads of who acts or acted for a learner."""

from uuid import UUID

from sqlalchemy import not_, select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.learners.scope.queries import reaches_learner
from portal.representation.models import Representative


def list_representatives(learner_id: UUID, scope: Scope) -> list[Representative]:
    """Return who acts or acted for a learner within reach, those in force first."""
    rows = session.scalars(
        select(Representative)
        .where(
            Representative.school_id == current_school_id(),
            Representative.learner_id == learner_id,
            reaches_learner(scope, Representative.learner_id),
        )
        .order_by(not_(Representative.is_in_force), Representative.ends_on.desc())
    )
    return list(rows)
