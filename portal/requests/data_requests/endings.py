"""What a request set going, and what becomes of it when the request is taken back, joined to another, or answered.

What stands still until the answer is used again; an objection that was weighed ends. She is told before that (18(3)).
"""

from collections.abc import Collection
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from portal.core.crypto import keys
from portal.core.db.scope import current_school_id, revealed
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.disclosures.recipients.changes import move_restricted
from portal.purposes.objections.queries import list_objections
from portal.purposes.objections.services import end_weighed_objections, settle_objections
from portal.purposes.restrictions.models import RestrictionGround
from portal.purposes.restrictions.queries import list_restrictions
from portal.purposes.restrictions.services import release_restriction, stop_restriction
from portal.requests.data_requests.limits import must_agree_to_stop, must_decide_on_rights
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.requests.data_requests.queries import are_alike, get_own_request, text_of

_T = TypeVar("_T")


def end_what_waited(request: DataRequest, *, by: Actor) -> None:
    """End what stood still or stopped until a request is answered, now that she takes it back."""
    if request.learner_id is None:
        return
    for each in list_restrictions(request.learner_id, by.scope):
        if each.data_request_id == request.id:
            stop_restriction(each, by=by)
    if request.kind is RequestKind.OBJECTION:
        ended = set(request.purposes) - _still_asked(request)
        end_weighed_objections(request.learner_id, ended, by=by)
        _release_weighed(request.learner_id, by)


def stop_shielding(request_id: UUID, *, by: Actor) -> None:
    """Let who asked it end what stands still by a request of hers, answered or not. A second time changes nothing.

    Raises NotFound, NotAllowed for a child under 16, Conflict("asked_by_another") where whom a court appointed decides
    on that, and ParentsDisagree where the other parent asked it.
    """
    request = get_own_request(request_id, by, lock=True)
    if request.learner_id is None:
        return
    must_decide_on_rights(request.learner_id, request.categories, by)
    must_agree_to_stop(request, by)
    for each in list_restrictions(request.learner_id, by.scope):
        if each.data_request_id == request.id:
            stop_restriction(each, by=by)


def release_answered(request: DataRequest, *, by: Actor) -> None:
    """Tell her that what stood still until this answer is used again, and let it be lifted after that."""
    if request.learner_id is None:
        return
    for each in list_restrictions(request.learner_id, by.scope):
        if each.data_request_id == request.id:
            release_restriction(each, by=by)


def settle_request(request: DataRequest, *, won: Collection[str], lost: Collection[str], by: Actor) -> None:
    """Settle the objections of who made a request; what stood still while they were weighed is used again."""
    if request.learner_id is not None and settle_objections(request.learner_id, won=won, lost=lost, by=by):
        _release_weighed(request.learner_id, by)


def _release_weighed(learner_id: UUID, by: Actor) -> None:
    """Release what is restricted because she objected, once none of her objections is weighed any more (18(1)(d))."""
    if any(each.settled_at is None for each in list_objections(learner_id, by.scope)):
        return
    for each in list_restrictions(learner_id, by.scope):
        if each.ground is RestrictionGround.OBJECTION:
            release_restriction(each, by=by)


def _still_asked(request: DataRequest) -> set[str]:
    """Return the purposes to which another request of hers objects that has no answer yet."""
    others = session.scalars(
        select(DataRequest.purposes).where(
            DataRequest.school_id == current_school_id(),
            DataRequest.learner_id == request.learner_id,
            DataRequest.kind == RequestKind.OBJECTION,
            DataRequest.id != request.id,
            DataRequest.is_undecided,
        )
    )
    return {purpose for purposes in others for purpose in purposes}


def move_into(kept: DataRequest, request: DataRequest, *, by: Actor) -> None:
    """Let a request ask what another one does as well, from the earlier of their days; raises Conflict("not_alike").

    What stands still until the other is answered stands still until this one is.
    """
    if not are_alike(kept, request):
        raise Conflict("not_alike")
    kept.due_on, kept.received_on = min(kept.due_on, request.due_on), min(kept.received_on, request.received_on)
    is_all = not (kept.categories and request.categories)
    kept.categories = [] if is_all else [*kept.categories, *_missing(request.categories, kept.categories)]
    kept.beyond = [*kept.beyond, *_missing(request.beyond, kept.beyond)]
    kept.purposes = [*kept.purposes, *_missing(request.purposes, kept.purposes)]
    kept.entry_ids = [*kept.entry_ids, *_missing(request.entry_ids, kept.entry_ids)]
    kept.includes_findings = kept.includes_findings or request.includes_findings
    kept.is_restricted_meanwhile = kept.is_restricted_meanwhile or request.is_restricted_meanwhile
    said = [text for text in (text_of(kept, "body"), text_of(request, "body")) if text]
    kept.body = keys.seal(kept.person_id, "data_request.body", "\n\n".join(said)) if said else None
    if request.learner_id is not None:
        for each in list_restrictions(request.learner_id, by.scope):
            if each.data_request_id == request.id:
                each.data_request_id = kept.id
        with revealed(request.learner_id):
            move_restricted(request.id, kept.id)
    session.flush()


def _missing(asked: Collection[_T], there: Collection[_T]) -> list[_T]:
    return [each for each in asked if each not in there]
