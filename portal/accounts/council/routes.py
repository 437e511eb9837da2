"""The page where management records what the works council said of reminders and counts by teacher."""

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.blueprint import blueprint
from portal.accounts.council.forms import COUNCIL_ANSWERS, CouncilForm
from portal.accounts.council.models import CouncilAnswer
from portal.accounts.council.queries import list_council_decisions
from portal.accounts.council.services import record_council_decision
from portal.core.errors import Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.permissions import Permission


@blueprint.get("/instellingen/ondernemingsraad")
@requires(Permission.SCHOOL_SET)
def council() -> Response:
    """Show what was recorded, and why it matters."""
    newest = next(iter(list_council_decisions()), None)
    return _page(CouncilForm(obj=newest, data=None if newest else {"answer": CouncilAnswer.NOT_YET.value}))


@blueprint.post("/instellingen/ondernemingsraad")
@requires(Permission.SCHOOL_SET)
def record_council() -> BaseResponse:
    """Record what the works council said."""
    form = CouncilForm()
    if not form.validate():
        return _page(form, status=422)
    try:
        record_council_decision(
            CouncilAnswer(form.answer.data),
            decided_on=form.decided_on.data,
            reference=form.reference.data,
            by=require_actor(),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(form, status=422)
    flash(_("Opgeslagen."), "good")
    return see_other(url_for("accounts.council"))


def _page(form: CouncilForm, *, status: int = 200) -> Response:
    labels = {choice.value: choice.label for choice in COUNCIL_ANSWERS}
    return page("accounts/council.html", form=form, decisions=list_council_decisions(), labels=labels, status=status)
