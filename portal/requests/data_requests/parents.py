"""Where two parents of a child ask otherwise of the same data, in the portal or off it (BW 1:253a)."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.representation.disputes.models import DisputeSubject
from portal.representation.disputes.queries import is_settled_since
from portal.representation.disputes.services import ParentsDisagree, must_not_contradict, raise_dispute
from portal.representation.models import FOR_CHILDREN, Representative
from portal.representation.queries import find_acting, list_acting
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.requests.data_requests.queries import find_asking

_KEEPS = frozenset({RequestKind.RECTIFICATION, RequestKind.RESTRICTION, RequestKind.PORTABILITY})
AGAINST = {RequestKind.ERASURE: _KEEPS, **dict.fromkeys(_KEEPS, frozenset({RequestKind.ERASURE}))}
"""What one parent can't ask of the same data while the other waits for an answer to this: it would be gone."""


def is_same_data(some: Collection[str], others: Collection[str]) -> bool:
    """Say whether two requests are about the same categories in part; none named is all of them."""
    return not (some and others and set(some).isdisjoint(others))


def account_of_asker(request: DataRequest) -> UUID | None:
    """Return the account of who asked: who wrote it down isn't who asked; None for who has no account."""
    acting = find_asking(request)
    return request.filed_by if acting is None else acting.account_id


def must_not_contradict_asker(request: DataRequest, topic: str, by: Actor) -> None:
    """Raise ParentsDisagree where the other parent of a child asked this, signed in or off the portal."""
    if request.learner_id is None:
        return
    acting = find_asking(request)
    if acting is None or acting.account_id is not None:
        must_not_contradict(
            request.learner_id,
            DisputeSubject.REQUEST,
            topic,
            chosen_by=account_of_asker(request),
            chosen_at=request.filed_at,
            by=by,
        )
    elif by.represents and _is_parent(acting) and not _is_settled(request, topic):
        raise ParentsDisagree(request.learner_id, DisputeSubject.REQUEST, topic, None)


def note_disagreement(request: DataRequest, *, by: Actor) -> None:
    """Tell the school and both parents where what one asks off the portal is against what the other asked."""
    against = find_contradicted(request)
    if against is None or request.learner_id is None:
        return
    chosen_by, asked_by = account_of_asker(against), account_of_asker(request)
    topic = request.kind.value
    raise_dispute(
        ParentsDisagree(request.learner_id, DisputeSubject.REQUEST, topic, chosen_by, asked_by=asked_by), by=by
    )


def find_contradicted(request: DataRequest) -> DataRequest | None:
    """Return the waiting request of the other parent that what one asks off the portal is against; None if settled."""
    acting = find_asking(request)
    if acting is None or not _is_parent(acting):
        return None
    others = session.scalars(
        select(DataRequest)
        .where(
            DataRequest.school_id == current_school_id(),
            DataRequest.learner_id == request.learner_id,
            DataRequest.id != request.id,
            DataRequest.kind.in_(AGAINST.get(request.kind, frozenset())),
            DataRequest.is_by_representative,
            DataRequest.is_undecided,
        )
        .order_by(DataRequest.filed_at, DataRequest.id)
    )
    return next(
        (
            each
            for each in others
            if is_same_data(each.categories, request.categories)
            and _is_of_another_parent(each, acting)
            and not _is_settled(each, request.kind.value)
        ),
        None,
    )


def _is_parent(acting: Representative) -> bool:
    """Say whether somebody acts today as the parent or guardian of a child."""
    return acting.kind in FOR_CHILDREN and find_acting(acting.learner_id, acting.id, SYSTEM) is not None


def _is_of_another_parent(request: DataRequest, acting: Representative) -> bool:
    """Say whether another parent than this one, who acts for the same child today, made a request."""
    parents = [each for each in list_acting(acting.learner_id, SYSTEM) if each.kind in FOR_CHILDREN]
    if request.asked_by_id is not None:
        made = [each for each in parents if each.id == request.asked_by_id]
    else:
        made = [each for each in parents if each.account_id is not None and each.account_id == request.filed_by]
    is_same = (each.id == acting.id or each.account_id == acting.account_id is not None for each in made)
    return bool(made) and not any(is_same)


def _is_settled(request: DataRequest, topic: str) -> bool:
    """Say whether both parents or a court allowed what is against a request since it was made."""
    if request.learner_id is None:
        return False
    return is_settled_since(request.learner_id, DisputeSubject.REQUEST, topic, request.filed_at, SYSTEM)
