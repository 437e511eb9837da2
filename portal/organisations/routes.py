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
from portal.organisations.forms import BareForm, OrganisationForm
from portal.organisations.labels import ORGANISATION_KINDS
from portal.organisations.queries import get_organisation, list_contact_people, list_organisations
from portal.organisations.services import remove_organisation, save_organisation
from portal.permissions import Permission

blueprint = Blueprint("organisations", __name__)


@blueprint.get("/organisaties")
@requires(Permission.CONTACT_KEEP)
def organisations() -> Response:
    """Show the organisations that the school deals with."""
    return page("organisations/organisations.html", rows=list_organisations(), kinds=ORGANISATION_KINDS)


@blueprint.get("/organisaties/nieuw")
@requires(Permission.CONTACT_KEEP)
def new_organisation() -> Response:
    """Show an empty form for an organisation."""
    return page("organisations/organisation.html", form=OrganisationForm(), row=None)


@blueprint.post("/organisaties/nieuw")
@requires(Permission.CONTACT_KEEP)
@creates
def add_organisation() -> BaseResponse:
    """Add an organisation."""
    return _save(None)


@blueprint.get("/organisaties/<uuid:organisation_id>")
@requires(Permission.CONTACT_KEEP)
def organisation(organisation_id: UUID) -> Response:
    """Show an organisation and who works there."""
    row = get_organisation(organisation_id)
    form = OrganisationForm(obj=row)
    form.kind.data = row.kind.value
    return _organisation_page(form, organisation_id)


@blueprint.post("/organisaties/<uuid:organisation_id>")
@requires(Permission.CONTACT_KEEP)
def change_organisation(organisation_id: UUID) -> BaseResponse:
    """Store an organisation."""
    get_organisation(organisation_id)
    return _save(organisation_id)


@blueprint.post("/organisaties/<uuid:organisation_id>/verwijder")
@requires(Permission.CONTACT_KEEP)
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
