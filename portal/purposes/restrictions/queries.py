"""Reads of restrictions: which are in force of a learner, and on which grounds restricted data was used."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.learners.scope.queries import is_in_reach, reaches_learner
from portal.purposes.restrictions.models import Restriction, RestrictionUse


def list_restrictions(learner_id: UUID, scope: Scope) -> Sequence[Restriction]:
    """Return the restrictions in force of a learner within reach, the oldest first."""
    wanted = select(Restriction).where(
        Restriction.school_id == current_school_id(),
        Restriction.learner_id == learner_id,
        Restriction.is_in_force,
        reaches_learner(scope, Restriction.learner_id),
    )
    return session.scalars(wanted.order_by(Restriction.started_at, Restriction.id)).all()


def get_restriction(restriction_id: UUID, scope: Scope, *, lock: bool = False) -> Restriction:
    """Return a restriction of a learner within reach, in force or lifted; raises NotFound."""
    found = session.get(
        Restriction, (current_school_id(), restriction_id), with_for_update=lock or None, populate_existing=lock
    )
    if found is None or not is_in_reach(found.learner_id, scope):
        raise NotFound("restriction")
    return found


def list_uses(learner_id: UUID, scope: Scope) -> Sequence[RestrictionUse]:
    """Return on which grounds restricted data of a learner within reach was used, the latest first."""
    wanted = select(RestrictionUse).where(
        RestrictionUse.school_id == current_school_id(),
        RestrictionUse.learner_id == learner_id,
        reaches_learner(scope, RestrictionUse.learner_id),
    )
    return session.scalars(wanted.order_by(RestrictionUse.used_at.desc(), RestrictionUse.id)).all()
