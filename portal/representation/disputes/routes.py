"""What parents disagree about: for both to read, and for staff to settle."""

from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Conflict
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.permissions import Permission
from portal.representation.blueprint import blueprint
from portal.representation.disputes.forms import SettleForm
from portal.representation.disputes.labels import SETTLEMENTS, about
from portal.representation.disputes.models import Settlement
from portal.representation.disputes.queries import get_dispute, list_disputes_of
from portal.representation.disputes.services import settle_dispute


@blueprint.get("/mijn/oneens")
@requires(Permission.RECORD_OWN)
def disagreements() -> Response:
    """Show what the parents of a child disagree about, and how it ended."""
    scope = require_actor().scope
    scope.must_see("dealings")
    learner_id = scope.get_own_learner_id()
    audit.saw([learner_id], "representation.disagreements", folds=True)
    disputes = list_disputes_of(learner_id, scope)
    return page("representation/disputes/mine.html", disputes=disputes, about=about, settlements=SETTLEMENTS)


@blueprint.get("/cursisten/ouders-oneens/<uuid:dispute_id>")
@requires(Permission.REQUEST_ENTER)
def dispute(dispute_id: UUID) -> Response:
    """Show what parents disagree about, with the form to settle it."""
    return _page(dispute_id, SettleForm())


@blueprint.post("/cursisten/ouders-oneens/<uuid:dispute_id>")
@requires(Permission.REQUEST_ENTER)
def settle(dispute_id: UUID) -> Response | BaseResponse:
    """Record what both parents or a court decided."""
    form = SettleForm()
    if form.validate_on_submit():
        is_allowed = form.outcome.data == "yes"
        try:
            settle_dispute(dispute_id, Settlement(form.settlement.data), is_allowed=is_allowed, by=require_actor())
        except Conflict as refusal:
            form.refuse(refusal)
        else:
            flash(_("Opgeslagen. Beide ouders lezen dit."), "good")
            return see_other(url_for("purposes.children"))
    return _page(dispute_id, form, status=422)


def _page(dispute_id: UUID, form: SettleForm, *, status: int = 200) -> Response:
    row = get_dispute(dispute_id, require_actor().scope)
    audit.saw([row.learner_id], "representation.dispute")
    return page("representation/disputes/settle.html", dispute=row, about=about(row), form=form, status=status)
