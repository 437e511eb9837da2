"""A copy as the answer to a request: what the request is about, answered once it is ready, closed once she has it."""

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.policy.queries import current_policy
from portal.requests.answers.services import answer_with_file, close_request
from portal.requests.copies.models import DataCopy
from portal.requests.data_requests.limits import may_still_ask
from portal.requests.data_requests.models import DataRequest, Outcome
from portal.requests.data_requests.queries import list_answers


def can_be_begun(request: DataRequest) -> bool:
    """Say whether a copy may be made for a request: it asks one, it is known who asks, and it wasn't refused."""
    return (
        request.is_answered_by_file
        and request.identity_check is not None
        and not _is_over(request)
        and may_still_ask(request)
    )


def is_over(copy: DataCopy) -> bool:
    """Say whether nothing is to be given any more: the request was taken back, or refused as a whole."""
    request = find_request(copy)
    return request is not None and _is_over(request)


def is_still_asked(copy: DataCopy) -> bool:
    """Say whether who asked for a copy is its learner, or may act for her still (LB-11)."""
    request = find_request(copy)
    return request is None or may_still_ask(request)


def _is_over(request: DataRequest) -> bool:
    return request.withdrawn_at is not None or request.outcome is Outcome.REFUSED


def left_out_of(copy: DataCopy) -> list[str]:
    """Return the categories that a copy doesn't hold: her request isn't about them, or the answer refuses them."""
    request = find_request(copy)
    left_out = set(copy.categories_left_out)
    if request is not None:
        kept = {category.key for category in current_policy().categories}
        left_out |= kept - set(request.categories) if request.categories else set()
        left_out |= {each.subject for each in list_answers(request) if each.outcome is Outcome.REFUSED}
    return sorted(left_out - {""})


def may_have(copy: DataCopy, by: Actor) -> bool:
    """Say whether who acts for a learner may have this copy: it holds nothing that she may not see, or is her own."""
    if not by.represents or copy.learner_id is None:
        return True
    kept = {category.key for category in current_policy().categories}
    return kept - set(left_out_of(copy)) <= by.scope.sees


def answer_by(copy: DataCopy, *, by: Actor) -> None:
    """Answer the request of a copy that is ready, and tell who asked."""
    request = find_request(copy, lock=True)
    if request is not None:
        answer_with_file(request, blacked_out=copy.blacked_out, by=by)


def close_by(copy: DataCopy, *, by: Actor) -> None:
    """Close the request of a copy that was handed over."""
    request = find_request(copy, lock=True)
    if request is not None:
        close_request(request, by=by)


def find_request(copy: DataCopy, *, lock: bool = False) -> DataRequest | None:
    """Return the request that a copy answers, as it stands; None where it is there no more."""
    if copy.request_id is None:
        return None
    return session.get(
        DataRequest, (current_school_id(), copy.request_id), with_for_update=lock or None, populate_existing=lock
    )
