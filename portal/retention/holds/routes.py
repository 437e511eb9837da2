"""Holds of a learner: what keeps her data past its term, setting such a thing, and ending it."""

from uuid import UUID

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, see_saved
from portal.learners.names_in_texts.pages import tells_of_names
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.retention.blueprint import blueprint
from portal.retention.holds.forms import HoldForm
from portal.retention.holds.queries import list_holds
from portal.retention.holds.services import end_hold, set_hold
from portal.retention.labels import REASONS


@blueprint.get("/bewaren/cursisten/<uuid:learner_id>")
@requires(Permission.RETENTION_KEEP)
def holds(learner_id: UUID) -> Response:
    """Show what keeps a learner's data past its term, with the form to set a hold."""
    return _page(learner_id, HoldForm(formdata=None))


@blueprint.post("/bewaren/cursisten/<uuid:learner_id>")
@requires(Permission.RETENTION_KEEP)
@creates
def store_hold(learner_id: UUID) -> BaseResponse:
    """Set a hold."""
    form, by = HoldForm(), require_actor()
    get_within_reach(learner_id, by)
    if form.validate_on_submit() and not tells_of_names(form, learner_id):
        try:
            set_hold(learner_id, reason=form.chosen, details=form.details.data or "", ends_on=form.ends_on.data, by=by)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            url = url_for("retention.holds", learner_id=learner_id)
            return see_saved(url, place="uitgesteld", said=_("Uitgesteld. De cursist leest dit ook."))
    return _page(learner_id, form, status=422)


@blueprint.post("/bewaren/uitgesteld/<uuid:retention_hold_id>/beeindigen")
@requires(Permission.RETENTION_KEEP)
def end(retention_hold_id: UUID) -> BaseResponse:
    """End a hold before its day; one that has ended stays as it is."""
    said = _("Niet meer uitgesteld. De gewone termijn geldt weer.")
    try:
        learner_id = end_hold(retention_hold_id, by=require_actor()).learner_id
    except Conflict:
        return see_saved(url_for("retention.forecast"), place="bewaren", said=_("Dit was al afgelopen."))
    return see_saved(url_for("retention.holds", learner_id=learner_id), place="uitgesteld", said=said)


def _page(learner_id: UUID, form: HoldForm, *, status: int = 200) -> Response:
    by = require_actor()
    learner = get_within_reach(learner_id, by)
    audit.saw([learner.id], "retention.holds")
    return page(
        "retention/holds.html",
        learner=learner,
        holds=list_holds(learner.id, by.scope),
        reasons=REASONS,
        today=today(),
        form=form,
        status=status,
    )
