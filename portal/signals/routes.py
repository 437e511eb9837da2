"""Signals: what asks attention, what a person did with it, and the school's rules for it."""

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page, page_number, see_saved
from portal.permissions import Permission
from portal.signals.forms import AnswerForm, RulesForm
from portal.signals.labels import DONE, WHOSE
from portal.signals.presenters import as_typed, basis_of
from portal.signals.queries import Wanted, Whose, get_signal, list_rules, list_signals, usual_whose
from portal.signals.services import answer_signal, are_kept, set_rules

blueprint = Blueprint("signals", __name__)


@blueprint.get("/signalen")
@requires(Permission.SIGNAL_VIEW)
def signals() -> Response:
    """List what waits for an answer, or what was answered in the last month."""
    _must_be_kept()
    by, asked = require_actor(), request.args.get("wie", "")
    whose = Whose(asked) if asked in set(Whose) else usual_whose(by)
    wanted = Wanted(whose, is_answered=request.args.get("stand") == "beantwoord")
    found = list_signals(by, wanted, day=today(), page=page_number())
    audit.saw((each.learner_id for each in found.rows), "signals.list")
    return page(
        "signals/signals.html",
        found=found,
        wanted=wanted,
        whose=WHOSE,
        basis_of=basis_of,
        done=DONE,
        has_rules=any(rule.is_on for rule in list_rules().values()),
    )


@blueprint.get("/signalen/<uuid:signal_id>")
@requires(Permission.SIGNAL_VIEW)
def signal(signal_id: UUID) -> Response:
    """Show one signal, what it rests on, and the form to answer it."""
    _must_be_kept()
    return _one(signal_id, AnswerForm())


@blueprint.post("/signalen/<uuid:signal_id>")
@requires(Permission.SIGNAL_ANSWER)
def store_answer(signal_id: UUID) -> BaseResponse:
    """Store what somebody did with a signal."""
    _must_be_kept()
    form, status = AnswerForm(), 422
    if form.validate_on_submit():
        try:
            answer_signal(signal_id, form.chosen, wait_until=form.wait_until.data, by=require_actor())
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            form.refuse(refusal)
            status = 409
        else:
            return see_saved(url_for("signals.signals"), place="signalen", said=_("Opgeslagen."))
    return _one(signal_id, form, status=status)


@blueprint.get("/signalen/regels")
@requires(Permission.SCHOOL_SET)
def rules() -> Response:
    """Show from where on the school wants a signal."""
    _must_be_kept()
    return page("signals/rules.html", form=RulesForm(formdata=None, data=as_typed(list_rules())))


@blueprint.post("/signalen/regels")
@requires(Permission.SCHOOL_SET)
def store_rules() -> BaseResponse:
    """Store the school's rules for signals."""
    _must_be_kept()
    form = RulesForm()
    if not form.validate_on_submit():
        return page("signals/rules.html", form=form, status=422)
    try:
        set_rules(form.rules(), by=require_actor())
    except Invalid as refusal:
        form.refuse(refusal)
        return page("signals/rules.html", form=form, status=422)
    return see_saved(url_for("signals.rules"), place="regels", said=_("Opgeslagen."))


def _must_be_kept() -> None:
    """Raise NotFound at a school whose policy keeps no signals."""
    if not are_kept():
        raise NotFound("signals")


def _one(signal_id: UUID, form: AnswerForm, *, status: int = 200) -> Response:
    found = get_signal(signal_id, require_actor().scope)
    audit.saw([found.learner_id], "signals.one")
    return page("signals/signal.html", signal=found, basis_of=basis_of, done=DONE, form=form, status=status)
