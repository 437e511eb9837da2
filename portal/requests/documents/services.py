"""A masked document for a request: only where the school asked; decided on once seen, then destroyed."""

from uuid import UUID

from portal.core.db.session import session
from portal.core.errors import Conflict, NotFound
from portal.core.http.access import Actor
from portal.identity.documents.models import MaskedDocument
from portal.identity.documents.queries import find_waiting
from portal.identity.documents.services import Picture, destroy, hand_in
from portal.permissions import Permission
from portal.requests.data_requests.desk import must_see_whole
from portal.requests.data_requests.identity import NO_IDENTITY
from portal.requests.data_requests.models import DataRequest, IdentityCheck
from portal.requests.data_requests.notices import tell
from portal.requests.data_requests.queries import get_own_request, lock_request
from portal.requests.data_requests.services import check_identity, log


def is_asked(request: DataRequest) -> bool:
    """Say whether a document may be handed in: the school doubts who asks, and nothing else has shown it (12(6)).

    Never to object or to take consent back.
    """
    return (
        request.is_open
        and request.identity_asked_on is not None
        and request.identity_check is None
        and request.kind not in NO_IDENTITY
        and request.learner_id is not None
    )


def hand_in_document(request_id: UUID, picture: Picture, *, by: Actor) -> MaskedDocument:
    """Keep what she handed in for her request. Raises NotFound where none is asked, and Invalid."""
    request = get_own_request(request_id, by, lock=True)
    if not is_asked(request) or request.learner_id is None:
        raise NotFound("document")
    return hand_in(picture, learner_id=request.learner_id, data_request_id=request.id, by=by)


def decide_on_document(request_id: UUID, *, is_right: bool, saw_authority: bool = False, by: Actor) -> None:
    """Say whether a document that was seen shows who asks; it is destroyed either way, and she is mailed a no.

    Raises NotFound, NotAllowed, and Conflict("not_seen") before anybody looked.
    """
    by.must(Permission.REQUEST_KEEP)
    request = lock_request(request_id, by)
    must_see_whole(request, by)
    document = find_waiting(request.id, by.scope)
    if document is None:
        raise NotFound("document")
    if document.seen_at is None:
        raise Conflict("not_seen")
    if is_right:
        check_identity(request.id, IdentityCheck.DOCUMENT, saw_authority=saw_authority, by=by)  # destroys it, too
    destroy(document)
    session.flush()
    if not is_right:
        log("requests.document_not_right", request, by)
        tell(request, "document_not_right")
