"""All that is held of somebody in one place, for who handles a request of hers."""

from uuid import UUID

from flask import Response

from portal.core import audit
from portal.core.errors import NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.pages import page
from portal.permissions import Permission
from portal.requests.blueprint import blueprint
from portal.requests.copies.contents.assembly import given_to_nobody
from portal.requests.copies.presenters import present_held
from portal.requests.data_requests.queries import get_request


@blueprint.get("/verzoeken/<uuid:request_id>/gegevens")
@requires(Permission.REQUEST_KEEP)
def held(request_id: UUID) -> Response:
    """Show everything that is held of her, also what stands still; that is written down with the request.

    While it is open alone: once it is closed, it is no ground any more to see what she restricted (AVG art. 18(2)).
    """
    by = require_actor()
    row = get_request(request_id, by)
    if not row.is_open:
        raise NotFound("data_request")
    held_of_her = present_held(row, by)
    if row.learner_id is not None:
        audit.saw([row.learner_id], "requests.held", subject=("data_request", row.id))
    return page("requests/copies/held.html", row=row, copy=held_of_her, nobody=given_to_nobody())
