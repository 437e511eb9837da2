"""Signing up for an intake without a sign-in, and what the office does with it (ST-01)."""

from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import public, require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _, language
from portal.core.http.pages import form_page, page, page_number, see_other
from portal.core.values import show_phone
from portal.intakes.applications.forms import ApplicationForm, TakeForm
from portal.intakes.applications.queries import ReadApplication, get_application, list_applications
from portal.intakes.applications.services import apply_for_intake, make_learner, must_take_enquiries
from portal.intakes.blueprint import blueprint
from portal.learners.search.likenesses import NamedPerson, find_duplicates, meets_restricted
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import FIELD, collects, note_collected_by_contact
from portal.policy.queries import current_policy


@blueprint.route("/aanmelden-voor-les", methods=["GET", "POST"])
@public
@creates
@collects
def sign_up() -> Response | BaseResponse:
    """Store that somebody signs up, and say what happens next."""
    must_take_enquiries()
    form = ApplicationForm(language=language())
    if form.validate_on_submit():
        shown = request.form.get(FIELD, "")
        try:
            row = apply_for_intake(form.applicant(), form.facts(), version=shown, address=request.remote_addr)
        except (Conflict, Invalid) as refusal:
            form.refuse(refusal)
        else:
            note_collected_by_contact(row.contact_person_id)
            return see_other(url_for("intakes.signed_up"))
    policy = current_policy()
    use = policy.contact_use("enquiry")
    kept = policy.text(policy.term(use.term).title, language()) if use is not None else None
    return form_page("intakes/sign_up.html", form, kept=kept)


@blueprint.get("/aanmelden-voor-les/gelukt")
@public
def signed_up() -> Response:
    """Say what happens after signing up, to whoever opens it."""
    must_take_enquiries()
    return page("intakes/signed_up.html")


@blueprint.get("/aanmeldingen")
@requires(Permission.CONTACT_VIEW)
def applications() -> Response:
    """List who signed up for an intake and waits."""
    found = list_applications(require_actor().scope, page=page_number())
    return page("intakes/applications.html", found=found)


@blueprint.get("/aanmeldingen/<uuid:application_id>")
@requires(Permission.CONTACT_VIEW)
def application(application_id: UUID) -> Response:
    """Show what somebody filled in, with the form that makes her a learner."""
    found = get_application(application_id, require_actor().scope)
    form = TakeForm(formdata=None, given_name=found.row.given_name, family_name=found.row.family_name)
    return _application_page(found, form)


@blueprint.post("/aanmeldingen/<uuid:application_id>")
@requires(Permission.LEARNER_KEEP)
def take_on(application_id: UUID) -> BaseResponse:
    """Make who signed up a learner with an intake."""
    by, form = require_actor(), TakeForm()
    found = get_application(application_id, by.scope)
    if form.validate_on_submit():
        given, family = str(form.given_name.data), str(form.family_name.data)
        try:
            _must_be_new(found, form)
            learner = make_learner(application_id, given_name=given, family_name=family, by=by)
        except (Conflict, Invalid) as refusal:
            form.refuse(refusal)
        else:
            flash(_("De cursist is toegevoegd, met het eerste gesprek."), "good")
            return see_other(url_for("learners.record", learner_id=learner.id))
    return _application_page(found, form, status=422)


def _must_be_new(found: ReadApplication, form: TakeForm) -> None:
    """Raise Invalid where a learner is there who may be the same, unless the form says that she is another."""
    who = NamedPerson(
        key="",
        given_name=str(form.given_name.data),
        family_name=str(form.family_name.data),
        birth_date=found.row.birth_date,
    )
    if meets_restricted(who, None):
        raise Invalid("family_name", "restricted")
    known = find_duplicates(who, None, require_actor().scope) if not form.anyway.data else []
    audit.saw((each.id for each in known), "learners.duplicates")
    if known:
        raise Invalid("anyway", "known")


def _application_page(found: ReadApplication, form: TakeForm, *, status: int = 200) -> Response:
    return page("intakes/application.html", found=found, form=form, show_phone=show_phone, status=status)
