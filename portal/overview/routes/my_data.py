"""Pages of a learner about what is held on her: all of it, changing it, who looked, who got it."""

from typing import Any
from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.labels import ROLES, role_words
from portal.core import audit
from portal.core.access import require_actor, requires
from portal.core.audit import reading
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import _, language
from portal.core.pages import page, see_other
from portal.disclosures.queries import list_disclosures_of
from portal.learners.fields import FIELDS
from portal.learners.queries.own_record import OwnField, get_own_record
from portal.learners.services.corrections import correct_own_field, withdraw_correction
from portal.overview.forms import PlainForm, form_for, wanted_value
from portal.overview.queries.my_data import get_my_data
from portal.overview.routes.blueprint import blueprint, entry_before, own_id
from portal.overview.words import done_words, seen_words
from portal.permissions import Permission
from portal.policy.queries import current_policy

PAGE_OF_ENTRIES = 50


@blueprint.get("/mijn/gegevens")
@requires(Permission.RECORD_OWN)
def my_data() -> Response:
    """Show every stored field with where it is from, why, who sees it, who got it and until when."""
    learner_id = own_id()
    data = get_my_data(learner_id)
    audit.saw([learner_id], "overview.my_data")
    return page("overview/my_data.html", data=data, roles=ROLES, policy=current_policy(), form=PlainForm())


def _get_own_field(key: str) -> OwnField:
    for category in get_own_record(own_id()):
        for field in category.fields:
            if field.key == key and field.may_change:
                return field
    raise NotFound("field")


def _show_field(field: OwnField, form: Any, status: int = 200) -> Response:
    return page(
        "overview/change_field.html",
        field=field,
        form=form,
        value=form[FIELDS[field.key].column],
        why_checked=current_policy().text(current_policy().checked.why, language()),
        status=status,
    )


def _form_of(field: OwnField) -> Any:
    form = form_for(FIELDS[field.key])()
    if not form.is_submitted():
        form[FIELDS[field.key].column].data = field.typed
    return form


@blueprint.get("/mijn/gegevens/<name>/wijzigen")
@requires(Permission.RECORD_OWN)
def change_field(name: str) -> Response:
    """Show the form for one field of the own record."""
    field = _get_own_field(f"learner.{name}")
    return _show_field(field, _form_of(field))


@blueprint.post("/mijn/gegevens/<name>/wijzigen")
@requires(Permission.RECORD_OWN)
def store_field(name: str) -> BaseResponse:
    """Change one field: at once, or as a proposal that the school decides on."""
    field = _get_own_field(f"learner.{name}")
    form = _form_of(field)
    if not form.validate_on_submit():
        return _show_field(field, form, 422)
    try:
        proposal = correct_own_field(
            own_id(),
            field.key,
            wanted_value(form, FIELDS[field.key]),
            remark=form["remark"].data,
            by=require_actor(),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _show_field(field, form, 422)
    flash(_("Uw school kijkt ernaar en antwoordt u hier.") if proposal else _("Gewijzigd."))
    return see_other(url_for("overview.my_data") + f"#veld-{name}")


@blueprint.post("/mijn/wijzigingen/<uuid:correction_id>/intrekken")
@requires(Permission.RECORD_OWN)
def withdraw(correction_id: UUID) -> BaseResponse:
    """Take back a proposal that still waits."""
    if PlainForm().validate_on_submit():
        withdraw_correction(correction_id, by=require_actor())
    return see_other(url_for("overview.my_data"))


@blueprint.get("/mijn/wie-keek")
@requires(Permission.RECORD_OWN)
def who_looked() -> Response:
    """Show who looked at the own data and who changed it: name and role, what and when."""
    entries = reading.list_of_learner(own_id(), limit=PAGE_OF_ENTRIES, before=entry_before())
    return page(
        "overview/who_looked.html",
        entries=entries,
        role_words=role_words,
        seen_words=seen_words,
        done_words=done_words,
        more=len(entries) == PAGE_OF_ENTRIES,
    )


@blueprint.get("/mijn/wie-kreeg")
@requires(Permission.RECORD_OWN)
def who_got() -> Response:
    """Show which recipients got the own data: what, why and when."""
    return page("overview/who_got.html", disclosures=list_disclosures_of(own_id()), policy=current_policy())
