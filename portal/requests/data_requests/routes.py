"""Verzoeken: the desk of privacy staff, where requests are checked, put off, decided and advised on."""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.forms import Form
from portal.core.http.languages import _
from portal.core.http.pages import id_asked, page, page_number, see_other
from portal.disclosures.recipients.queries import list_told
from portal.disclosures.recipients.withdrawals import mark_told
from portal.identity.documents.labels import KINDS as DOCUMENT_KINDS
from portal.identity.documents.queries import find_waiting
from portal.learners.names_in_texts.forms import FreeTextForm
from portal.learners.names_in_texts.pages import tells_of_names
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.purposes.restrictions.presenters import present_restrictions
from portal.requests.answers.forms import AdviceForm, ConfirmForm, DecisionForm, decision_form
from portal.requests.answers.grounds import grounds_for
from portal.requests.answers.services import (
    Finish,
    advise,
    confirm_refusal,
    decide_request,
    find_legal_keeps,
    finish_by_hand,
    send_back,
)
from portal.requests.askers.presenters import present_asking
from portal.requests.askers.queries import find_search
from portal.requests.askers.services import may_be_named
from portal.requests.blueprint import blueprint
from portal.requests.corrections.presenters import present_correctable, present_not_correctable
from portal.requests.data_requests.clock import extended_due_on
from portal.requests.data_requests.desk import sees_whole
from portal.requests.data_requests.forms import AUTHORITY, AskForm, CodeForm, ExtendForm
from portal.requests.data_requests.identity import lacks_representative, may_be_asked_who
from portal.requests.data_requests.labels import CHANNELS, CHECKS, KINDS, whose
from portal.requests.data_requests.limits import may_still_ask
from portal.requests.data_requests.models import DataRequest, ExtensionReason, IdentityCheck, RequestKind
from portal.requests.data_requests.notices import can_be_mailed
from portal.requests.data_requests.parts import erases_whole, is_carried_out, is_erased, open_subjects
from portal.requests.data_requests.presenters import (
    by_hand,
    present_going,
    present_left_to_do,
    read_in,
    starts,
    title_of,
    told_answers,
    view_of,
)
from portal.requests.data_requests.queries import (
    Waiting,
    are_alike,
    count_requests,
    find_asking,
    get_request,
    has_adviser,
    list_advice,
    list_answers,
    list_requests,
    list_waiting_too,
    name_of,
    text_of,
)
from portal.requests.data_requests.representatives import may_be_said
from portal.requests.data_requests.services import (
    accept_told_code,
    ask_identity,
    check_identity,
    extend_request,
    join_requests,
    take_request,
)


@blueprint.get("/verzoeken")
@requires(Permission.REQUEST_VIEW)
def desk() -> Response:
    """List the requests: those that wait, with those due, nearly due and late; or those that are done."""
    by, text = require_actor(), request.args.get("zoek", "").strip()
    asked = request.args.get("welke", "")
    wanted = Waiting(asked) if asked in {each.value for each in Waiting} else Waiting.OPEN
    found = list_requests(wanted, by, text=text, page=page_number())
    audit.saw((each.request.learner_id for each in found.rows if each.request.learner_id), "requests.desk")
    return page(
        "requests/desk.html",
        found=found,
        wanted=wanted.value,
        text=text,
        counts=count_requests(by),
        views={each.request.id: view_of(each.request) for each in found.rows},
        has_adviser=has_adviser(),
    )


# ── One request ──


@blueprint.get("/verzoeken/<uuid:request_id>")
@requires(Permission.REQUEST_VIEW)
def handle(request_id: UUID) -> Response:
    """Show a request with all that was done, and what can be done now."""
    return _page(get_request(request_id, require_actor()))


@blueprint.post("/verzoeken/<uuid:request_id>/oppakken")
@requires(Permission.REQUEST_KEEP)
def take(request_id: UUID) -> Response | BaseResponse:
    """Say that oneself has the request."""
    return _do(
        request_id, AskForm(), lambda: take_request(request_id, by=require_actor()), _("Dit verzoek is nu bij u.")
    )


@blueprint.post("/verzoeken/<uuid:request_id>/gezien")
@requires(Permission.REQUEST_KEEP)
def saw_at_counter(request_id: UUID) -> Response | BaseResponse:
    """Record that it was seen at the counter who asks."""
    form = AskForm()
    return _do(
        request_id,
        form,
        lambda: check_identity(
            request_id, IdentityCheck.COUNTER, saw_authority=form.said.data == AUTHORITY, by=require_actor()
        ),
        _("Vastgelegd dat u zag wie dit vraagt."),
    )


@blueprint.post("/verzoeken/<uuid:request_id>/wie")
@requires(Permission.REQUEST_KEEP)
def ask_who(request_id: UUID) -> Response | BaseResponse:
    """Ask who it is: by a code to a known address, else at the counter."""
    return _do(
        request_id,
        AskForm(),
        lambda: ask_identity(request_id, by=require_actor()),
        _("Gevraagd wie dit is. De persoon krijgt een e-mail, als er een adres is."),
    )


@blueprint.post("/verzoeken/<uuid:request_id>/code")
@requires(Permission.REQUEST_KEEP)
def told_code(request_id: UUID) -> Response | BaseResponse:
    """Take the code that she was mailed and told on the phone."""
    form = CodeForm()
    return _do(
        request_id,
        form,
        lambda: accept_told_code(request_id, str(form.code.data), by=require_actor()),
        _("De code klopt. U weet nu wie dit vraagt."),
        name="code_form",
    )


@blueprint.post("/verzoeken/<uuid:request_id>/verlengen")
@requires(Permission.REQUEST_KEEP)
def extend(request_id: UUID) -> Response | BaseResponse:
    """Put the answer off, with a reason that she reads."""
    form = ExtendForm()
    return _do(
        request_id,
        form,
        lambda: extend_request(
            request_id, ExtensionReason(form.because.data), str(form.reason.data), by=require_actor()
        ),
        _("Verlengd. De persoon hoort waarom."),
        name="extend_form",
    )


@blueprint.post("/verzoeken/<uuid:request_id>/samenvoegen")
@requires(Permission.REQUEST_KEEP)
def combine(request_id: UUID) -> Response | BaseResponse:
    """Answer a request together with another of the same person."""
    form = AskForm()
    if form.validate_on_submit():
        try:
            kept = join_requests(request_id, id_asked("met"), by=require_actor())
        except Conflict as refusal:
            flash(form.message_for(refusal), "bad")
        else:
            flash(_("Samengevoegd. Wat allebei vroegen staat nu hier."), "good")
            return see_other(url_for("requests.handle", request_id=kept.id))
    return see_other(url_for("requests.handle", request_id=request_id))


@blueprint.post("/verzoeken/<uuid:request_id>/beslissen")
@requires(Permission.REQUEST_KEEP)
def decide(request_id: UUID) -> Response | BaseResponse:
    """Decide on each part, and answer."""
    row = get_request(request_id, require_actor())
    form = _decision_form(row)
    if _goes_for_good(row, form) and (going := form.unconfirmed()):
        is_whole = erases_whole(row, [key for key, ground in form.decisions().items() if ground is not None])
        going |= {"*": _("de persoon zelf, met naam en account")} if is_whole else {}
        return _page(row, status=422, going=going, decision_form=form)
    return _do(
        request_id,
        form,
        lambda: decide_request(
            request_id,
            form.decisions(),
            reply=form.reply.data or "",
            proof=form.proof.data or "",
            are_recipients_told=bool(form.are_recipients_told.data),
            are_invoices_kept=bool(form.are_invoices_kept.data),
            is_done_by_hand=bool(form.is_done_by_hand.data),
            is_nobody_found=bool(form.is_nobody_found.data),
            by=require_actor(),
        ),
        _("Opgeslagen."),
        name="decision_form",
    )


@blueprint.post("/verzoeken/<uuid:request_id>/bevestigen")
@requires(Permission.REQUEST_KEEP)
def confirm(request_id: UUID) -> Response | BaseResponse:
    """Decide as a second person what another proposed."""
    form = ConfirmForm()

    def confirm_it() -> None:
        told, kept = bool(form.are_recipients_told.data), bool(form.are_invoices_kept.data)
        confirm_refusal(request_id, are_recipients_told=told, are_invoices_kept=kept, by=require_actor())

    return _do(request_id, form, confirm_it, _("Besloten en verstuurd."), name="confirm_form")


@blueprint.post("/verzoeken/<uuid:request_id>/gedaan")
@requires(Permission.REQUEST_KEEP)
def did_by_hand(request_id: UUID) -> Response | BaseResponse:
    """Say that it is done what a request asks that was granted by itself, or that nobody was found."""
    given = request.form.get("said", "")
    said = Finish(given) if given in set(Finish) else None
    return _do(
        request_id,
        AskForm(),
        lambda: finish_by_hand(request_id, said, by=require_actor()),
        _("Opgeslagen. Dit verzoek is klaar."),
    )


@blueprint.post("/verzoeken/<uuid:request_id>/terugsturen")
@requires(Permission.REQUEST_KEEP)
def return_proposal(request_id: UUID) -> Response | BaseResponse:
    """Put a proposed refusal aside."""
    return _do(
        request_id,
        AskForm(),
        lambda: send_back(request_id, by=require_actor()),
        _("Teruggestuurd. Er is niets besloten."),
    )


@blueprint.post("/verzoeken/<uuid:request_id>/verteld/<uuid:recipient_notice_id>")
@requires(Permission.REQUEST_KEEP)
def tell_recipient(request_id: UUID, recipient_notice_id: UUID) -> Response | BaseResponse:
    """Record that a recipient was told by hand."""
    get_request(request_id, require_actor())
    return _do(
        request_id,
        AskForm(),
        lambda: mark_told(recipient_notice_id, by=require_actor()),
        _("Vastgelegd dat de ontvanger het weet."),
    )


@blueprint.post("/verzoeken/<uuid:request_id>/advies")
@requires(Permission.REQUEST_ADVISE)
@creates
def give_advice(request_id: UUID) -> Response | BaseResponse:
    """Advise in writing."""
    form = AdviceForm()
    return _do(
        request_id,
        form,
        lambda: advise(request_id, str(form.body.data), by=require_actor()),
        _("Uw advies staat bij het verzoek."),
        name="advice_form",
    )


def _do(
    request_id: UUID, form: Form, what: Callable[[], object], said: str, *, name: str | None = None
) -> Response | BaseResponse:
    """Do it where the form is right, and say so on the request's page; else show why not, with what was typed."""
    status = 422
    if form.validate_on_submit() and not _tells_of_names(form, request_id):
        try:
            with session.begin_nested():  # what was refused isn't shown as done
                what()
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            if name is None:
                flash(form.message_for(refusal), "bad")
                return see_other(url_for("requests.handle", request_id=request_id))
            form.refuse(refusal)
            status = 409
        else:
            flash(said, "good")
            return see_other(url_for("requests.handle", request_id=request_id))
    refused = {name: form} if name is not None else {}
    return _page(get_request(request_id, require_actor()), status=status, **refused)


def _tells_of_names(form: Form, request_id: UUID) -> bool:
    """Say whether a text tells of other learners first; a form without one asks nothing of the database."""
    return isinstance(form, FreeTextForm) and tells_of_names(form, get_request(request_id, require_actor()).learner_id)


def _decision_form(row: DataRequest) -> DecisionForm:
    subjects = [(key, str(title_of(row, key, with_names=True))) for key in open_subjects(row)]
    grounds = grounds_for(row.kind, may_doubt=may_be_asked_who(row))
    keeps = find_legal_keeps(row) if row.is_undecided else {}
    return decision_form(grounds, subjects, keeps, is_for_good=_may_go_for_good(row))()


def _may_go_for_good(row: DataRequest, subjects: Collection[str] | None = None) -> bool:
    """Say whether a yes, to all or to these parts, erases here what can't come back."""
    return row.kind is RequestKind.ERASURE and row.is_of_known_person and is_carried_out(row, subjects)


def _goes_for_good(row: DataRequest, form: DecisionForm) -> bool:
    """Say whether what was chosen in a form that is filled in rightly erases here what can't come back."""
    if not _may_go_for_good(row) or not form.validate_on_submit():
        return False
    return _may_go_for_good(row, [key for key, ground in form.decisions().items() if ground is None])


def _page(
    row: DataRequest,
    *,
    status: int = 200,
    going: Mapping[str, str] | None = None,
    **forms: Form,
) -> Response:
    by = require_actor()
    shielded = None
    if row.learner_id is not None:
        audit.saw([row.learner_id], "requests.handle")
        shielded = present_restrictions(row.learner_id, by.scope)
    return page(
        "requests/handle.html",
        view=view_of(row),
        name=name_of(row),
        whose=whose(row, name_of(row)),
        texts={each: text_of(row, each) for each in ("body", "reply", "proof", "extension_reason")},
        answers=told_answers(row, list_answers(row)),
        advice=list_advice(row),
        others=[(each, are_alike(row, each)) for each in list_waiting_too(row, by)] if row.is_undecided else [],
        channel=CHANNELS[row.channel],
        check=CHECKS[row.identity_check] if row.identity_check is not None else None,
        is_mailed=can_be_mailed(row),
        is_erased=is_erased(row),
        may_be_named=may_be_named(row),
        may_be_asked_who=may_be_asked_who(row),
        search=find_search(row),
        has_known_mail=can_be_mailed(row, known=True),
        until=extended_due_on(row.kind, row.received_on),
        starts=starts(row),
        read_in=read_in(row),
        may_still_ask=may_still_ask(row),
        asking=present_asking(find_asking(row)),
        may_say_who=may_be_said(row),
        must_say_who=lacks_representative(row),
        by_hand=by_hand(row),
        to_do=present_left_to_do(row),
        correctable=present_correctable(row, by),
        not_correctable=present_not_correctable(row, by),
        going=present_going(row, going or {}),
        told=list_told(row.id, by.scope),
        shielded=shielded,
        document=find_waiting(row.id, by.scope),
        is_whole=sees_whole(row, by),
        document_kinds=DOCUMENT_KINDS,
        kinds=KINDS,
        forms={
            "ask": AskForm(),
            "code": forms.get("code_form") or CodeForm(),
            "extend": forms.get("extend_form") or ExtendForm(),
            "confirm": forms.get("confirm_form") or ConfirmForm(),
            "decision": forms.get("decision_form") or _decision_form(row),
            "advice": forms.get("advice_form") or AdviceForm(),
        },
        policy=current_policy(),
        status=status,
    )
