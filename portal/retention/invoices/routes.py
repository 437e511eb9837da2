"""The invoices that wait for the bookkeeping, and saying that it has them."""

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page, page_number, see_saved
from portal.permissions import Permission
from portal.retention.blueprint import blueprint
from portal.retention.invoices.forms import HandOverForm
from portal.retention.invoices.queries import list_invoices
from portal.retention.invoices.services import hand_over_invoices
from portal.schools.queries import get_school


@blueprint.get("/bewaren/facturen")
@requires(Permission.RETENTION_KEEP)
def invoices() -> Response:
    """List whose invoices wait for the bookkeeping, with the form that says that it has them."""
    return _page(HandOverForm(formdata=None, until=today()))


@blueprint.post("/bewaren/facturen")
@requires(Permission.RETENTION_KEEP)
def hand_over() -> BaseResponse:
    """Write down up to which day the bookkeeping has the invoices. Safe to repeat."""
    form = HandOverForm()
    if form.validate_on_submit():
        try:
            hand_over_invoices(form.until.data, by=require_actor())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return see_saved(url_for("retention.invoices"), place="boekhouding", said=_("Opgeslagen."))
    return _page(form, status=422)


def _page(form: HandOverForm, *, status: int = 200) -> Response:
    found = list_invoices(require_actor().scope, page=page_number())
    audit.saw([each.learner_id for each in found.rows], "retention.invoices")
    return page(
        "retention/invoices.html",
        found=found,
        handed_until=get_school().invoices_handed_until,
        form=form,
        status=status,
    )
