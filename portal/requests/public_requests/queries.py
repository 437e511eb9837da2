"""Reads of a request by the link that was given to who asked."""

import hmac
from uuid import UUID

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.requests.data_requests.models import DataRequest, RequestChannel
from portal.requests.data_requests.notices import token_of

_ID_SIGNS = 32


def get_followed_request(token: str, *, lock: bool = False) -> DataRequest:
    """Return the request that this link follows; raises NotFound for any other, and for a link that isn't ours."""
    try:
        request_id = UUID(token[:_ID_SIGNS])
    except ValueError:
        raise NotFound("data_request") from None
    found = session.get(
        DataRequest, (current_school_id(), request_id), with_for_update=lock or None, populate_existing=lock
    )
    if found is None or found.channel is not RequestChannel.WEBSITE:
        raise NotFound("data_request")
    if not hmac.compare_digest(token_of(found).encode(), token.encode()):
        raise NotFound("data_request")
    return found
