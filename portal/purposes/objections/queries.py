"""Reads of objections: which hold."""

from uuid import UUID

from sqlalchemy import Select, select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.learners.scope.queries import is_in_reach, reaches_learner
from portal.purposes.objections.models import Objection


def learners_who_object(purpose: str) -> Select[UUID]:
    """Return the statement that selects the learners whose objection to a purpose holds, weighed or not."""
    return select(Objection.learner_id).where(
        Objection.school_id == current_school_id(), Objection.purpose == purpose, Objection.is_in_force
    )


def get_objection(objection_id: UUID, scope: Scope) -> Objection:
    """Return an objection of a learner within reach, in force or ended; raises NotFound."""
    found = session.get(Objection, (current_school_id(), objection_id))
    if found is None or not is_in_reach(found.learner_id, scope):
        raise NotFound("objection")
    return found


def list_objections(learner_id: UUID, scope: Scope) -> list[Objection]:
    """Return the objections of a learner within reach that hold, in the order in which she made them."""
    statement = select(Objection).where(
        Objection.school_id == current_school_id(),
        Objection.learner_id == learner_id,
        reaches_learner(scope, Objection.learner_id),
        Objection.is_in_force,
    )
    return list(session.scalars(statement.order_by(Objection.made_at, Objection.id)))
