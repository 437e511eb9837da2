"""Reads for the desk of restrictions: of which the reason is gone, so that she is to be told that it stops."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.purposes.objections.queries import list_objections
from portal.purposes.restrictions.models import Restriction, RestrictionGround
from portal.requests.data_requests.models import DataRequest, RequestKind


def list_without_reason(restrictions: Collection[Restriction], scope: Scope) -> frozenset[UUID]:
    """Return which of these restrictions of learners within reach stand without a reason, told or not.

    They were until the answer to a correction, and that was given; or while an objection was weighed, and none is.
    """
    answered = _answered([each.data_request_id for each in restrictions if each.data_request_id is not None])
    return frozenset(
        each.id
        for each in restrictions
        if each.data_request_id in answered
        or (each.ground is RestrictionGround.OBJECTION and not _is_weighed(each.learner_id, scope))
    )


def _answered(request_ids: Collection[UUID]) -> frozenset[UUID]:
    if not request_ids:
        return frozenset()
    found = select(DataRequest.id).where(
        DataRequest.school_id == current_school_id(),
        DataRequest.id.in_(request_ids),
        DataRequest.kind == RequestKind.RECTIFICATION,
        DataRequest.closed_at.is_not(None),
    )
    return frozenset(session.scalars(found))


def _is_weighed(learner_id: UUID, scope: Scope) -> bool:
    return any(each.settled_at is None for each in list_objections(learner_id, scope))
