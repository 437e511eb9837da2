"""The masked picture of an identity document that a client asked for: handing it in, and seeing it (MN-05)."""

from uuid import UUID

from flask import Blueprint, Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.body_limits import takes_upload
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.identity.documents.forms import DocumentForm
from portal.identity.documents.labels import PARTS
from portal.identity.documents.layouts import LAYOUTS, parts_to_mask
from portal.identity.documents.queries import open_picture
from portal.identity.documents.services import keep_for_client
from portal.identity.entries import IDENTITY_DOCUMENT
from portal.learners.entries.queries import get_entry
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission

blueprint = Blueprint("identity", __name__)


@blueprint.get("/cursisten/<uuid:learner_id>/identiteitsbewijzen/<uuid:identity_document_id>/foto")
@requires(Permission.LEARNER_KEEP)
def client_document(learner_id: UUID, identity_document_id: UUID) -> Response:
    """Show how to black out the document that a client asked for."""
    return _page(learner_id, identity_document_id, DocumentForm())


@blueprint.post("/cursisten/<uuid:learner_id>/identiteitsbewijzen/<uuid:identity_document_id>/foto")
@requires(Permission.LEARNER_KEEP)
@takes_upload(8)
@creates
def keep_document(learner_id: UUID, identity_document_id: UUID) -> Response | BaseResponse:
    """Keep the blacked out picture with the client's recorded request."""
    form, by = DocumentForm(), require_actor()
    get_within_reach(learner_id, by)
    if form.validate_on_submit():
        try:
            keep_for_client(form.handed_in(), learner_id=learner_id, entry_id=identity_document_id, by=by)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Het zwart gemaakte bewijs is bewaard."), "good")
            return see_other(url_for("learners.entries", learner_id=learner_id))
    return _page(learner_id, identity_document_id, form, status=422)


@blueprint.get("/cursisten/<uuid:learner_id>/identiteitsbewijzen/<uuid:identity_document_id>/beeld")
@requires(Permission.LEARNER_KEEP)
def picture(learner_id: UUID, identity_document_id: UUID) -> Response:
    """Send the blacked out picture."""
    by = require_actor()
    get_within_reach(learner_id, by)
    content = b"".join(open_picture(learner_id, identity_document_id, by.scope))
    audit.saw([learner_id], "identity.picture")
    return Response(content, mimetype="image/jpeg")


def _page(learner_id: UUID, entry_id: UUID, form: DocumentForm, *, status: int = 200) -> Response:
    by = require_actor()
    learner = get_within_reach(learner_id, by)
    by.scope.must_change("identification")
    row = get_entry(IDENTITY_DOCUMENT, learner_id, entry_id, by.scope)
    audit.saw([learner.id], "identity.picture")
    return page(
        "identity/document.html",
        learner=learner,
        row=row,
        form=form,
        parts=parts_to_mask("client"),
        labels=PARTS,
        layouts=LAYOUTS,
        status=status,
    )
