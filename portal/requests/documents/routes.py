"""Handing in a masked document for a request, and at the desk looking at it once and deciding."""

from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.body_limits import takes_upload
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.identity.documents.forms import DocumentForm
from portal.identity.documents.labels import PARTS
from portal.identity.documents.layouts import LAYOUTS, parts_to_mask
from portal.identity.documents.queries import find_waiting
from portal.identity.documents.services import see_once
from portal.permissions import Permission
from portal.requests.blueprint import blueprint
from portal.requests.data_requests.desk import must_see_whole
from portal.requests.data_requests.forms import AUTHORITY, AskForm
from portal.requests.data_requests.queries import get_own_request, get_request
from portal.requests.documents.services import decide_on_document, hand_in_document, is_asked


@blueprint.get("/mijn/rechten/<uuid:request_id>/bewijs")
@requires(Permission.REQUEST_OWN)
def own_document(request_id: UUID) -> Response:
    """Show how to black out a document in the browser; without script: come to the counter."""
    return _own_page(request_id, DocumentForm())


@blueprint.post("/mijn/rechten/<uuid:request_id>/bewijs")
@requires(Permission.REQUEST_OWN)
@takes_upload(8)
@creates
def hand_in_own(request_id: UUID) -> Response | BaseResponse:
    """Take in the blacked out picture alone."""
    form = DocumentForm()
    if form.validate_on_submit():
        try:
            hand_in_document(request_id, form.handed_in(), by=require_actor())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Uw bewijs is bij de school. Iemand kijkt er één keer naar. Daarna wissen wij het."), "good")
            return see_other(url_for("requests.my_request", request_id=request_id))
    return _own_page(request_id, form, status=422)


def _own_page(request_id: UUID, form: DocumentForm, *, status: int = 200) -> Response:
    row = get_own_request(request_id, require_actor())
    if not is_asked(row) or row.learner_id is None:
        raise NotFound("document")
    audit.saw([row.learner_id], "requests.my_request", folds=True)
    parts = parts_to_mask("request")
    return page("requests/document.html", row=row, form=form, parts=parts, labels=PARTS, layouts=LAYOUTS, status=status)


@blueprint.post("/verzoeken/<uuid:request_id>/bewijs")
@requires(Permission.REQUEST_KEEP)
def see_document(request_id: UUID) -> BaseResponse:
    """Send the picture, once."""
    row, form = get_request(request_id, require_actor()), AskForm()
    must_see_whole(row, require_actor())
    document = find_waiting(row.id, require_actor().scope)
    if document is None:
        raise NotFound("document")
    if not form.validate_on_submit():
        return see_other(url_for("requests.handle", request_id=request_id))
    try:
        content = see_once(document.id, by=require_actor())
    except Conflict as refusal:
        flash(form.message_for(refusal), "bad")
        return see_other(url_for("requests.handle", request_id=request_id))
    audit.saw([document.learner_id], "identity.picture")
    return Response(b"".join(content), mimetype="image/jpeg")


@blueprint.post("/verzoeken/<uuid:request_id>/bewijs/goed")
@requires(Permission.REQUEST_KEEP)
def accept_document(request_id: UUID) -> BaseResponse:
    """Say that the document shows who asks."""
    return _decide(request_id, is_right=True)


@blueprint.post("/verzoeken/<uuid:request_id>/bewijs/niet-goed")
@requires(Permission.REQUEST_KEEP)
def refuse_document(request_id: UUID) -> BaseResponse:
    """Say that the document doesn't show who asks."""
    return _decide(request_id, is_right=False)


def _decide(request_id: UUID, *, is_right: bool) -> BaseResponse:
    form, by = AskForm(), require_actor()
    if form.validate_on_submit():
        saw_authority = form.said.data == AUTHORITY
        try:
            decide_on_document(request_id, is_right=is_right, saw_authority=saw_authority, by=by)
        except Conflict as refusal:
            flash(form.message_for(refusal), "bad")
        else:
            flash(_("Opgeslagen. Het bewijs is gewist."), "good")
    return see_other(url_for("requests.handle", request_id=request_id))
