"""At the desk: which of those who act for a learner asks this for her, so that it goes no further than she may."""

from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.permissions import Permission
from portal.requests.askers.presenters import choices_of
from portal.requests.blueprint import blueprint
from portal.requests.data_requests.forms import AskedByForm
from portal.requests.data_requests.models import DataRequest
from portal.requests.data_requests.presenters import view_of
from portal.requests.data_requests.queries import get_request, name_of
from portal.requests.data_requests.representatives import list_candidates, may_be_said, name_representative


@blueprint.get("/verzoeken/<uuid:request_id>/vertegenwoordiger")
@requires(Permission.REQUEST_KEEP)
def choose_representative(request_id: UUID) -> Response:
    """Show who may act for the learner now, to choose who asks this."""
    row = get_request(request_id, require_actor())
    if not may_be_said(row):
        raise NotFound("representative")
    return _page(row, _form(row))


@blueprint.post("/verzoeken/<uuid:request_id>/vertegenwoordiger")
@requires(Permission.REQUEST_KEEP)
def say_representative(request_id: UUID) -> Response | BaseResponse:
    """Say who asks this for the learner."""
    row = get_request(request_id, require_actor())
    form, status = _form(row), 422
    chosen = form.chosen() if form.validate_on_submit() else None
    if chosen is not None:
        try:
            with session.begin_nested():
                name_representative(request_id, chosen, by=require_actor())
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            form.refuse(refusal)
            status = 409
        else:
            flash(_("Opgeslagen. U ziet nu wat deze persoon mag vragen. Kijk nog wel wie dit vraagt."), "good")
            return see_other(url_for("requests.handle", request_id=request_id))
    return _page(row, form, status=status)


def _form(row: DataRequest) -> AskedByForm:
    form = AskedByForm(asked_by=str(row.asked_by_id or ""))
    form.asked_by.choices = choices_of(list_candidates(row, require_actor().scope))
    return form


def _page(row: DataRequest, form: AskedByForm, *, status: int = 200) -> Response:
    audit.saw([row.learner_id] if row.learner_id is not None else [], "requests.handle")
    return page(
        "requests/choose_representative.html",
        row=row,
        title=view_of(row).title,
        name=name_of(row),
        form=form,
        status=status,
    )
