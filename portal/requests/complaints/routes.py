"""Complaints at the desk of who handles them: which there are, whose, whom they are about, and the answer (LB-14)."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _, in_language
from portal.core.http.pages import page, page_number, see_other
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.requests.askers.chosen import choice_page, person_asked
from portal.requests.blueprint import blueprint
from portal.requests.complaints.forms import AboutForm, AnswerForm, StepForm
from portal.requests.complaints.labels import WAYS
from portal.requests.complaints.models import Complaint
from portal.requests.complaints.notices import can_be_mailed
from portal.requests.complaints.presenters import remaining_of
from portal.requests.complaints.queries import (
    get_handled_complaint,
    is_kept,
    list_complaints,
    list_staff,
    name_of,
    texts_of,
)
from portal.requests.complaints.services import (
    answer_complaint,
    may_name_complainant,
    name_about,
    name_complainant,
    take_complaint,
)


@blueprint.get("/klachten")
@requires(Permission.COMPLAINT_KEEP)
def complaints() -> Response:
    """List the complaints, the open ones first."""
    if not is_kept():
        raise NotFound("kind")
    text = request.args.get("zoek", "").strip()
    found = list_complaints(require_actor(), text=text, page=page_number())
    audit.saw((each.complaint.learner_id for each in found.rows if each.complaint.learner_id), "requests.complaints")
    left = {each.complaint.id: remaining_of(each.complaint) for each in found.rows}
    return page("requests/complaints.html", found=found, text=text, remaining=left)


@blueprint.get("/klachten/<uuid:complaint_id>")
@requires(Permission.COMPLAINT_KEEP)
def complaint(complaint_id: UUID) -> Response:
    """Show a complaint: whose it is, what it is about, until when, and what the school did."""
    return _page(get_handled_complaint(complaint_id, require_actor()))


@blueprint.post("/klachten/<uuid:complaint_id>")
@requires(Permission.COMPLAINT_KEEP)
def answer_of_complaint(complaint_id: UUID) -> Response | BaseResponse:
    """Answer a complaint with what the school did."""
    form = AnswerForm()
    get_handled_complaint(complaint_id, require_actor())
    status = 422
    if form.validate_on_submit():
        try:
            answer_complaint(complaint_id, str(form.handling.data), by=require_actor())
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            form.refuse(refusal)
            status = 409
        else:
            flash(_("De klacht is beantwoord."), "good")
            return see_other(url_for("requests.complaint", complaint_id=complaint_id))
    return _page(get_handled_complaint(complaint_id, require_actor()), form, status=status)


@blueprint.post("/klachten/<uuid:complaint_id>/oppakken")
@requires(Permission.COMPLAINT_KEEP)
def handle_complaint(complaint_id: UUID) -> BaseResponse:
    """Say that oneself has the complaint."""
    return _do(complaint_id, lambda: take_complaint(complaint_id, by=require_actor()), _("Deze klacht is nu bij u."))


@blueprint.post("/klachten/<uuid:complaint_id>/over")
@requires(Permission.COMPLAINT_KEEP)
def say_about(complaint_id: UUID) -> Response | BaseResponse:
    """Say which member of staff a complaint is about: it isn't handled by her."""
    row, form = get_handled_complaint(complaint_id, require_actor()), AboutForm()
    if not form.validate_on_submit():
        return _page(row, about=form, status=422)
    return _do(
        complaint_id, lambda: name_about(complaint_id, form.chosen_account(), by=require_actor()), _("Opgeslagen.")
    )


@blueprint.get("/klachten/<uuid:complaint_id>/persoon")
@requires(Permission.COMPLAINT_KEEP)
def choose_whose_complaint(complaint_id: UUID) -> Response:
    """Show whose a complaint may be that came from somebody unknown, and look for others."""
    row = get_handled_complaint(complaint_id, require_actor())
    if not may_name_complainant(row):
        raise NotFound("person")
    if row.learner_id is not None:
        audit.saw([row.learner_id], "requests.complaint")
    return choice_page(
        row,
        is_for_representative=False,
        title=_("Klacht"),
        back=url_for("requests.complaint", complaint_id=row.id),
        to=url_for("requests.say_whose_complaint", complaint_id=row.id),
        is_checked=False,
    )


@blueprint.post("/klachten/<uuid:complaint_id>/persoon")
@requires(Permission.COMPLAINT_KEEP)
def say_whose_complaint(complaint_id: UUID) -> BaseResponse:
    """Say whose a complaint is."""
    person = replace(person_asked(), representative_id=None)
    return _do(
        complaint_id,
        lambda: name_complainant(complaint_id, person, by=require_actor()),
        _("Opgeslagen. U weet nu van wie de klacht is."),
    )


@blueprint.get("/klachten/<uuid:complaint_id>/brief")
@requires(Permission.COMPLAINT_KEEP)
def complaint_letter(complaint_id: UUID) -> Response:
    """Show the answer to a complaint as a letter to print, in the language of who complained."""
    row = get_handled_complaint(complaint_id, require_actor())
    if row.closed_on is None:
        raise NotFound("answer")
    with in_language(row.language):
        return _page(row, template="requests/complaint_letter.html")


def _do(complaint_id: UUID, act: Callable[[], Complaint], said: str) -> BaseResponse:
    """Do something to a complaint by a button, and lead back to it, or to the list once it is somebody else's."""
    by, form = require_actor(), StepForm()
    get_handled_complaint(complaint_id, by)
    if form.validate_on_submit():
        try:
            act()
        except (Conflict, Invalid) as refusal:
            flash(form.message_for(refusal), "bad")
        else:
            flash(said, "good")
    try:
        get_handled_complaint(complaint_id, by)
    except NotFound:
        return see_other(url_for("requests.complaints"))
    return see_other(url_for("requests.complaint", complaint_id=complaint_id))


def _page(
    row: Complaint,
    form: AnswerForm | None = None,
    *,
    about: AboutForm | None = None,
    template: str = "requests/complaint.html",
    status: int = 200,
) -> Response:
    if row.learner_id is not None:
        audit.saw([row.learner_id], "requests.complaint")
    body, handling = texts_of(row)
    return page(
        template,
        row=row,
        name=name_of(row),
        body=body,
        handling=handling,
        way=WAYS.get(row.channel or ""),
        about_name=dict(list_staff()).get(row.about_id) if row.about_id is not None else None,
        remaining=remaining_of(row),
        is_mailed=can_be_mailed(row),
        may_be_named=may_name_complainant(row),
        form=form or AnswerForm(formdata=None),
        about=about or AboutForm(formdata=None, about=str(row.about_id or "")),
        policy=current_policy(),
        status=status,
    )
