"""Reads of a request by the link that was given to who asked."""

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.requests.data_requests.models import DataRequest, RequestChannel
from portal.requests.data_requests.notices import FOLLOW, signed_id


def get_followed_request(token: str, *, lock: bool = False) -> DataRequest:
    """Return the request that this link follows; raises NotFound for any other, and for a link that isn't ours."""
    request_id = signed_id(token, FOLLOW)
    if request_id is None:
        raise NotFound("data_request")
    found = session.get(
        DataRequest, (current_school_id(), request_id), with_for_update=lock or None, populate_existing=lock
    )
    if found is None or found.channel is not RequestChannel.WEBSITE:
        raise NotFound("data_request")
    return found
