"""Organisations that the school deals with, and the people who work there (LL-02)."""

from uuid import UUID

from flask import Blueprint, Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.core.values import show_phone
from portal.organisations.forms import BareForm, ContactPersonForm, OrganisationForm
from portal.organisations.labels import ORGANISATION_KINDS
from portal.organisations.queries import get_contact_person, get_organisation, list_contact_people, list_organisations
from portal.organisations.services import (
    remove_contact_person,
    remove_organisation,
    save_contact_person,
    save_organisation,
)
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others

blueprint = Blueprint("organisations", __name__)


@blueprint.get("/organisaties")
@requires(Permission.LEARNER_KEEP)
def organisations() -> Response:
    """Show the organisations that the school deals with."""
    return page("organisations/organisations.html", rows=list_organisations(), kinds=ORGANISATION_KINDS)


@blueprint.get("/organisaties/nieuw")
@requires(Permission.LEARNER_KEEP)
def new_organisation() -> Response:
    """Show an empty form for an organisation."""
    return page("organisations/organisation.html", form=OrganisationForm(), row=None)


@blueprint.post("/organisaties/nieuw")
@requires(Permission.LEARNER_KEEP)
@creates
def add_organisation() -> BaseResponse:
    """Add an organisation."""
    return _save(None)


@blueprint.get("/organisaties/<uuid:organisation_id>")
@requires(Permission.LEARNER_KEEP)
def organisation(organisation_id: UUID) -> Response:
    """Show an organisation and who works there."""
    row = get_organisation(organisation_id)
    form = OrganisationForm(obj=row)
    form.kind.data = row.kind.value
    return _organisation_page(form, organisation_id)


@blueprint.post("/organisaties/<uuid:organisation_id>")
@requires(Permission.LEARNER_KEEP)
def change_organisation(organisation_id: UUID) -> BaseResponse:
    """Store an organisation."""
    get_organisation(organisation_id)
    return _save(organisation_id)


@blueprint.post("/organisaties/<uuid:organisation_id>/verwijder")
@requires(Permission.LEARNER_KEEP)
def delete_organisation(organisation_id: UUID) -> BaseResponse:
    """Remove an organisation that nothing names any more."""
    form = OrganisationForm(obj=get_organisation(organisation_id))
    try:
        remove_organisation(organisation_id, by=require_actor())
    except Conflict as refusal:
        form.refuse(refusal)
        return _organisation_page(form, organisation_id, status=409)
    flash(_("Verwijderd."), "good")
    return see_other(url_for("organisations.organisations"))


@blueprint.get("/organisaties/<uuid:organisation_id>/mensen/nieuw")
@requires(Permission.LEARNER_KEEP)
def new_contact(organisation_id: UUID) -> Response:
    """Show an empty form for somebody who works at an organisation."""
    row = get_organisation(organisation_id)
    return page("organisations/contact_person.html", form=ContactPersonForm(), organisation=row, person=None)


@blueprint.post("/organisaties/<uuid:organisation_id>/mensen/nieuw")
@requires(Permission.LEARNER_KEEP)
@creates
@collects_of_others
def add_contact(organisation_id: UUID) -> BaseResponse:
    """Add somebody who works at an organisation."""
    return _save_contact(organisation_id, None)


@blueprint.get("/organisaties/<uuid:organisation_id>/mensen/<uuid:person_id>")
@requires(Permission.LEARNER_KEEP)
def contact(organisation_id: UUID, person_id: UUID) -> Response:
    """Show the form of somebody who works at an organisation."""
    row, person = (
        get_organisation(organisation_id),
        get_contact_person(organisation_id, person_id, require_actor().scope),
    )
    form = ContactPersonForm(obj=person)
    form.phone.data = show_phone(person.phone) if person.phone else ""
    return page("organisations/contact_person.html", form=form, organisation=row, person=person, remove=BareForm())


@blueprint.post("/organisaties/<uuid:organisation_id>/mensen/<uuid:person_id>")
@requires(Permission.LEARNER_KEEP)
@collects_of_others
def change_contact(organisation_id: UUID, person_id: UUID) -> BaseResponse:
    """Store somebody who works at an organisation."""
    get_contact_person(organisation_id, person_id, require_actor().scope)
    return _save_contact(organisation_id, person_id)


@blueprint.post("/organisaties/<uuid:organisation_id>/mensen/<uuid:person_id>/verwijder")
@requires(Permission.LEARNER_KEEP)
def delete_contact(organisation_id: UUID, person_id: UUID) -> BaseResponse:
    """Remove somebody who worked at an organisation (LL-09)."""
    remove_contact_person(organisation_id, person_id, by=require_actor())
    flash(_("Verwijderd."), "good")
    return see_other(url_for("organisations.organisation", organisation_id=organisation_id))


def _organisation_page(form: OrganisationForm, organisation_id: UUID, *, status: int = 200) -> Response:
    return page(
        "organisations/organisation.html",
        form=form,
        row=get_organisation(organisation_id),
        people=list_contact_people(organisation_id),
        show_phone=show_phone,
        remove=BareForm(),
        status=status,
    )


def _save(organisation_id: UUID | None) -> BaseResponse:
    form = OrganisationForm()
    if form.validate_on_submit():
        try:
            row = save_organisation(organisation_id, by=require_actor(), **form.values())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Opgeslagen."), "good")
            return see_other(url_for("organisations.organisation", organisation_id=row.id))
    if organisation_id is None:
        return page("organisations/organisation.html", form=form, row=None, status=422)
    return _organisation_page(form, organisation_id, status=422)


def _save_contact(organisation_id: UUID, person_id: UUID | None) -> BaseResponse:
    form = ContactPersonForm()
    organisation_row = get_organisation(organisation_id)
    person = get_contact_person(organisation_id, person_id, require_actor().scope) if person_id is not None else None
    if form.validate_on_submit():
        try:
            save_contact_person(organisation_id, person_id, by=require_actor(), **form.values())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Opgeslagen."), "good")
            return see_other(url_for("organisations.organisation", organisation_id=organisation_id))
    return page(
        "organisations/contact_person.html",
        form=form,
        organisation=organisation_row,
        person=person,
        remove=BareForm(),
        status=422,
    )
