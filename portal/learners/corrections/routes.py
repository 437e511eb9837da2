"""What learners propose to change: compare, accept or refuse with a reason."""

from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.labels import role_names
from portal.core import audit
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _, language
from portal.core.http.pages import page, see_other
from portal.learners.blueprint import blueprint
from portal.learners.corrections.forms import DecisionForm
from portal.learners.corrections.queries import get_correction, list_waiting
from portal.learners.corrections.services import decide_correction, decided_on, reveal_proposal
from portal.learners.names_in_texts.pages import tells_of_names
from portal.learners.record.forms import BareForm
from portal.permissions import Permission, who_decides_on
from portal.policy.queries import current_policy


@blueprint.get("/wijzigingen")
@requires(Permission.CORRECTION_VIEW)
def corrections() -> Response:
    """Show what waits for the school, the oldest first."""
    waiting = list_waiting(require_actor())
    audit.saw((each.learner_id for each in waiting), "learners.corrections")
    policy = current_policy()
    return page("learners/corrections.html", waiting=waiting, why=policy.text(policy.checked.why, language()))


@blueprint.get("/wijzigingen/<uuid:correction_id>")
@requires(Permission.CORRECTION_VIEW)
def correction(correction_id: UUID) -> Response:
    """Show one proposal beside what stands there now."""
    return _correction_page(correction_id, DecisionForm())


@blueprint.post("/wijzigingen/<uuid:correction_id>")
@requires(Permission.CORRECTION_DECIDE)
def decide(correction_id: UUID) -> BaseResponse:
    """Accept or refuse; the learner hears of it."""
    form, status = DecisionForm(), 422
    if form.validate_on_submit() and not _tells_of_names(form, correction_id):
        accept = request.form.get("besluit") == "ja"
        try:
            decide_correction(
                correction_id, accept=accept, answer=form.answer.data, seen=form.seen.data, by=require_actor()
            )
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            form.refuse(refusal)
            status = 409
        else:
            done = _("Overgenomen.") if accept else _("Geweigerd.")
            flash(f"{done} {_('De cursist krijgt bericht.')}", "good")
            return see_other(url_for("learners.corrections"))
    return _correction_page(correction_id, form, status=status)


def _tells_of_names(form: DecisionForm, correction_id: UUID) -> bool:
    return bool(form.texts()) and tells_of_names(form, get_correction(correction_id, require_actor()).learner_id)


@blueprint.post("/wijzigingen/<uuid:correction_id>/toon")
@requires(Permission.BSN_REVEAL)
def show_proposal(correction_id: UUID) -> Response:
    """Show a proposed number in full, once, a logged act."""
    number = reveal_proposal(correction_id, by=require_actor())
    return _correction_page(correction_id, DecisionForm(formdata=None), number=number)


def _correction_page(
    correction_id: UUID, form: DecisionForm, *, status: int = 200, number: str | None = None
) -> Response:
    found = get_correction(correction_id, require_actor())
    form.seen.data = decided_on(found.values_now, found.view.proposed_text, found.view.proposed_at)
    audit.saw([found.learner_id], "learners.corrections")
    policy = current_policy()
    return page(
        "learners/correction.html",
        form=form,
        found=found,
        deciders=role_names(who_decides_on(found.view.field.category)),
        number=number,
        reveal=BareForm(),
        why=policy.text(policy.checked.why, language()),
        status=status,
    )
