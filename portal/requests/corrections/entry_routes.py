"""The desk's page on which an entry of a record is corrected because its learner asked that."""

from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.learners.names_in_texts.pages import tells_of_names
from portal.learners.record.values import values_of
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others
from portal.requests.blueprint import blueprint
from portal.requests.corrections.forms import RequestedFieldsForm, entry_form
from portal.requests.corrections.queries import EntryToCorrect, get_entry_to_correct
from portal.requests.corrections.services import correct_entry_for_request
from portal.requests.data_requests.models import DataRequest
from portal.requests.data_requests.queries import get_request


@blueprint.get("/verzoeken/<uuid:request_id>/verbeteren/<category>/<slug>/<uuid:entry_id>")
@requires(Permission.REQUEST_KEEP)
def correct_entry(request_id: UUID, category: str, slug: str, entry_id: UUID) -> Response:
    """Show what stands in an entry, also one that stands still until the answer."""
    row, found, form = _found(request_id, category, slug, entry_id)
    form.fill(values_of(found.row, form.record_fields))
    return _page(row, category, found, form)


@blueprint.post("/verzoeken/<uuid:request_id>/verbeteren/<category>/<slug>/<uuid:entry_id>")
@requires(Permission.REQUEST_KEEP)
@collects_of_others
def store_entry_correction(request_id: UUID, category: str, slug: str, entry_id: UUID) -> Response | BaseResponse:
    """Store it; what can't be stored is said beside its field, and what was typed stays."""
    row, found, form = _found(request_id, category, slug, entry_id)
    if not form.validate_on_submit() or tells_of_names(form, row.learner_id):
        return _page(row, category, found, form, status=422)
    values, seen = form.values(), form.seen.data or ""
    try:
        correct_entry_for_request(request_id, category, slug, entry_id, values, seen=seen, by=require_actor())
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal)
        status = 409 if isinstance(refusal, Conflict) else 422
        return _page(row, category, found, form, status=status, is_stale=refusal.code == "stale")
    flash(_("Opgeslagen. Het verzoek wacht nog op uw antwoord."), "good")
    return see_other(url_for("requests.correct", request_id=request_id, category=category))


def _found(
    request_id: UUID, category: str, slug: str, entry_id: UUID
) -> tuple[DataRequest, EntryToCorrect, RequestedFieldsForm]:
    by = require_actor()
    row = get_request(request_id, by)
    found = get_entry_to_correct(row, category, slug, entry_id, by)
    return row, found, entry_form(found.kind)


def _page(
    row: DataRequest,
    category: str,
    found: EntryToCorrect,
    form: RequestedFieldsForm,
    *,
    status: int = 200,
    is_stale: bool = False,
) -> Response:
    if row.learner_id is not None:
        audit.saw([row.learner_id], "requests.correct", subject=("data_request", row.id))
    now = []
    if is_stale:
        values = values_of(found.row, form.record_fields)
        now = form.beside(values, {}, list(values))
        form.fill(values, typed=list(values))
    return page(
        "requests/correct_entry.html",
        row=row,
        category=category,
        title=found.kind.title(found.row),
        form=form,
        now=now,
        conditions={},
        status=status,
    )
