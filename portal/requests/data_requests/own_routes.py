"""Mijn rechten: what somebody may ask about her own data, asking it, and how far it is (AVG art. 12 to 22)."""

from uuid import UUID

from flask import Response, flash, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor, require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _, language
from portal.core.http.pages import page, see_other
from portal.core.personal_data import PersonKind
from portal.disclosures.recipients.queries import list_told
from portal.identity.documents.queries import list_handed_in
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects
from portal.policy.queries import current_policy
from portal.purposes.restrictions.presenters import present_restrictions_by
from portal.representation.disputes.services import ParentsDisagree
from portal.requests.blueprint import blueprint
from portal.requests.complaints.presenters import steps_of
from portal.requests.complaints.queries import is_kept, list_own_complaints
from portal.requests.data_requests.clock import first_due_on
from portal.requests.data_requests.endings import stop_shielding
from portal.requests.data_requests.forms import (
    FORMS,
    AskForm,
    CodeForm,
    PortabilityForm,
    RequestForm,
    fit_to,
    speak_of_another,
)
from portal.requests.data_requests.models import DataRequest, Outcome, RequestAnswer, RequestKind
from portal.requests.data_requests.objections import say_yes_again
from portal.requests.data_requests.own_requests import file_own_request
from portal.requests.data_requests.parts import erasable_once_won, purposes_about, stopped_by_hand
from portal.requests.data_requests.presenters import present_objectable, told_answers, view_of
from portal.requests.data_requests.queries import askable, get_own_request, list_answers, list_own_requests, text_of
from portal.requests.data_requests.services import (
    accept_code,
    send_code_again,
    withdraw_request,
)
from portal.requests.documents.presenters import told_documents
from portal.requests.documents.services import is_asked

SLUGS = {
    "zien": RequestKind.ACCESS,
    "verbeteren": RequestKind.RECTIFICATION,
    "wissen": RequestKind.ERASURE,
    "afschermen": RequestKind.RESTRICTION,
    "meenemen": RequestKind.PORTABILITY,
    "bezwaar": RequestKind.OBJECTION,
}
"""The last part of the address at which each is asked."""


@blueprint.get("/mijn/rechten")
@requires(Permission.REQUEST_OWN)
def my_rights() -> Response:
    """Show her requests and complaints with how far each is, and what she may ask."""
    by = require_actor()
    requests = list_own_requests(by)
    complaints, learner_id = list_own_complaints(by), by.scope.own_learner_id
    if learner_id is not None:
        audit.saw([learner_id], "requests.my_rights", folds=True)
    return page(
        "requests/my_rights.html",
        requests=[view_of(each) for each in requests],
        complaints=complaints,
        complaint_steps={each.id: steps_of(each) for each in complaints},
        has_record=learner_id is not None,
        can_complain=is_kept(),
        objectable=purposes_about(PersonKind.LEARNER if learner_id is not None else _own_kind(by)),
        own_objectable=purposes_about(_own_kind(by)),
        policy=current_policy(),
    )


@blueprint.get("/mijn/rechten/vragen/<slug>")
@requires(Permission.REQUEST_OWN)
def ask(slug: str) -> Response:
    """Show what asking this does, what it doesn't and by when there is an answer."""
    kind, herself = _kind(slug), _is_about_herself()
    form = _form(kind, herself)
    if kind is RequestKind.ERASURE and "categories" in form:
        form["categories"].data = request.args.getlist("gegevens")
    return _ask_page(kind, form, herself)


@blueprint.post("/mijn/rechten/vragen/<slug>")
@requires(Permission.REQUEST_OWN)
@creates
@collects
def file(slug: str) -> Response | BaseResponse:
    """Store what she asks, and show how far it is."""
    kind, herself = _kind(slug), _is_about_herself()
    form, status, certain = _form(kind, herself), 422, current_user.has_second_factor
    if form.validate_on_submit():
        try:
            stored = file_own_request(
                form.wish(kind),
                language=language(),
                has_second_factor=certain,
                is_about_herself=herself,
                by=require_actor(),
            )
        except ParentsDisagree:
            raise
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            form.refuse(refusal)
            status = 409
        else:
            return see_other(url_for("requests.my_request", request_id=stored.id))
    return _ask_page(kind, form, herself, status=status)


def _is_about_herself() -> bool:
    """Say whether it is about her as who works here or represents somebody: for a copy, with `over=mij`."""
    by = require_actor()
    if by.scope.own_learner_id is None:
        return True
    return request.args.get("over") == "mij" and (by.is_staff or by.represents)


def _own_kind(by: Actor) -> PersonKind:
    """Return what she is to the school where it isn't about a record."""
    return PersonKind.STAFF if by.is_staff else PersonKind.REPRESENTATIVE


def _form(kind: RequestKind, herself: bool) -> RequestForm:
    """Return the form for what is asked; who is no learner takes along what she gave, and says in words which part."""
    form = FORMS[kind]()
    if herself and isinstance(form, PortabilityForm):
        del form.includes_findings, form.organisation
    if herself:
        fit_to(form, _own_kind(require_actor()))
    elif require_actor().acts_for:
        speak_of_another(form)
    if kind is RequestKind.OBJECTION and not form["purposes"].choices:
        raise NotFound("purpose")
    return form


def _kind(slug: str) -> RequestKind:
    if slug not in SLUGS:
        raise NotFound("kind")
    return SLUGS[slug]


def _ask_page(kind: RequestKind, form: RequestForm, herself: bool, *, status: int = 200) -> Response:
    learner_id = require_actor().scope.own_learner_id
    if learner_id is not None and not herself:
        audit.saw([learner_id], "requests.asked", folds=True)
    return page(
        "requests/ask.html",
        form=form,
        kind=kind.value,
        due_on=first_due_on(kind, today()),
        herself=herself,
        uses=present_objectable(_own_kind(require_actor()) if herself else PersonKind.LEARNER),
        status=status,
    )


@blueprint.get("/mijn/rechten/<uuid:request_id>")
@requires(Permission.REQUEST_OWN)
def my_request(request_id: UUID) -> Response:
    """Show a request of hers: how far it is, who has it, what comes next, and the answer."""
    return _own_page(get_own_request(request_id, require_actor()), CodeForm())


@blueprint.post("/mijn/rechten/<uuid:request_id>/code")
@requires(Permission.REQUEST_OWN)
def give_code(request_id: UUID) -> Response | BaseResponse:
    """Take the code from the mail, so that it is known who asks."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            accept_code(request_id, str(form.code.data), by=require_actor())
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal)
        else:
            return see_other(url_for("requests.my_request", request_id=request_id))
    return _own_page(get_own_request(request_id, require_actor()), form, status=422)


@blueprint.post("/mijn/rechten/<uuid:request_id>/code/nieuw")
@requires(Permission.REQUEST_OWN)
def ask_new_code(request_id: UUID) -> BaseResponse:
    """Mail a new code."""
    form = AskForm()
    if form.validate_on_submit():
        try:
            send_code_again(request_id, by=require_actor())
        except Conflict as refusal:
            flash(form.message_for(refusal), "bad")
        else:
            flash(_("Er is een nieuwe code naar u gemaild."), "good")
    return see_other(url_for("requests.my_request", request_id=request_id))


@blueprint.post("/mijn/rechten/<uuid:request_id>/terugnemen")
@requires(Permission.REQUEST_OWN)
def take_back(request_id: UUID) -> BaseResponse:
    """Take a request back that has no answer yet."""
    form = AskForm()
    if form.validate_on_submit():
        try:
            withdraw_request(request_id, by=require_actor())
        except ParentsDisagree:
            raise
        except Conflict as refusal:
            flash(form.message_for(refusal), "bad")
        else:
            flash(_("U nam uw verzoek terug."), "good")
    return see_other(url_for("requests.my_request", request_id=request_id))


@blueprint.post("/mijn/rechten/<uuid:request_id>/afscherming/stoppen")
@requires(Permission.REQUEST_OWN)
def stop(request_id: UUID) -> BaseResponse:
    """End what stands still by a request of hers."""
    form = AskForm()
    if form.validate_on_submit():
        try:
            stop_shielding(request_id, by=require_actor())
        except ParentsDisagree:
            raise
        except Conflict as refusal:
            flash(form.message_for(refusal), "bad")
        else:
            flash(_("Het afschermen is gestopt. De school gebruikt deze gegevens weer."), "good")
    return see_other(url_for("requests.my_request", request_id=request_id))


@blueprint.post("/mijn/rechten/bezwaar/<purpose>/toch-ja")
@requires(Permission.REQUEST_OWN)
def agree_again(purpose: str) -> BaseResponse:
    """End an objection of hers: the school may use her data for this again."""
    require_actor().scope.must_see("consent")
    policy = current_policy()
    if purpose not in {each.key for each in policy.purposes if each.may_be_objected_to}:
        raise NotFound("purpose")
    if AskForm().validate_on_submit():
        say_yes_again(purpose, by=require_actor())
        flash(_("Uw school mag dit weer gebruiken. U mag altijd opnieuw nee zeggen."), "good")
    return see_other(url_for("purposes.mine") + f"#doel-{purpose}")


def _offered_to_erase(request: DataRequest, answers: list[RequestAnswer]) -> list[str]:
    """Return the categories that she may ask to erase next, where an objection of hers holds."""
    left = stopped_by_hand(request) if request.is_left_to_do else []
    won = [each.subject for each in answers if each.outcome is Outcome.GRANTED and each.subject not in left]
    within = askable(require_actor())
    return [each for each in erasable_once_won(request, won) if each in within]


def _own_page(request: DataRequest, form: CodeForm, *, status: int = 200) -> Response:
    if request.learner_id is not None:
        audit.saw([request.learner_id], "requests.my_request", folds=True)
    answers, scope = list_answers(request) if request.decided_at is not None else [], require_actor().scope
    learner_id = request.learner_id
    return page(
        "requests/my_request.html",
        view=view_of(request),
        answers=told_answers(request, answers),
        erasable=_offered_to_erase(request, answers),
        body=text_of(request, "body"),
        reply=text_of(request, "reply") if request.decided_at is not None else None,
        proof=text_of(request, "proof") if request.decided_at is not None else None,
        extension=text_of(request, "extension_reason"),
        form=form,
        told=list_told(request.id, scope),
        shielded=present_restrictions_by(request.id, learner_id, scope) if learner_id is not None else [],
        wants_document=is_asked(request),
        documents=told_documents(list_handed_in(request.id, scope), request),
        policy=current_policy(),
        status=status,
    )
