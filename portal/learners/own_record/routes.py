"""Where a learner changes one field of her own record: at once, or as a proposal that the school decides on (MN-17)."""

from uuid import UUID

from flask import Response, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.sessions.services import is_fresh
from portal.core import audit
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.forms import Form
from portal.core.http.languages import _, language
from portal.core.http.pages import page, see_other, see_saved
from portal.learners.blueprint import blueprint
from portal.learners.corrections.services import correct_own_field, withdraw_correction
from portal.learners.own_record.forms import own_form, wanted_value
from portal.learners.own_record.queries import OwnField, get_own_record
from portal.learners.own_record.services import reveal_own_number
from portal.learners.record.fields import FIELDS
from portal.learners.record.forms import FieldsForm
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects
from portal.policy.queries import current_policy


def _get_own_field(key: str) -> OwnField:
    for category in get_own_record(require_actor().scope):
        for field in category.fields:
            if field.key == key and field.face.may_change:
                return field
    raise NotFound("field")


def _sign_in_first(field: OwnField) -> BaseResponse | None:
    """Ask who she is before a number that is masked, and before another e-mail address to sign in with.

    None where that isn't needed.
    """
    by = require_actor()
    matters = field.face.field.is_secret or (field.key == "learner.email" and not by.represents)
    if not matters or is_fresh(current_user):
        return None
    back = url_for("learners.change_own_field", name=field.face.field.column)
    return see_other(url_for("accounts.sign_in_anew", terug=back))


def _show(field: OwnField, form: FieldsForm, status: int = 200, *, number: str | None = None) -> Response:
    audit.saw([require_actor().scope.get_own_learner_id()], "learners.own_field")
    return page(
        "learners/change_own_field.html",
        field=field,
        form=form,
        number=number,
        value=form[FIELDS[field.key].column],
        why_checked=current_policy().text(current_policy().checked.why, language()),
        status=status,
    )


@blueprint.get("/mijn/gegevens/<name>/wijzigen")
@requires(Permission.RECORD_OWN)
def change_own_field(name: str) -> BaseResponse:
    """Show the form for one field of the own record."""
    field = _get_own_field(f"learner.{name}")
    form = own_form(FIELDS[field.key])
    form[FIELDS[field.key].column].data = field.typed
    return _sign_in_first(field) or _show(field, form)


@blueprint.post("/mijn/gegevens/<name>/wijzigen")
@requires(Permission.RECORD_OWN)
@creates
@collects
def store_own_field(name: str) -> BaseResponse:
    """Change one field: at once, or as a proposal."""
    field = _get_own_field(f"learner.{name}")
    first = _sign_in_first(field)
    if first is not None:
        return first
    form = own_form(FIELDS[field.key])
    if not form.validate_on_submit():
        return _show(field, form, 422)
    wanted = wanted_value(form, FIELDS[field.key])
    try:
        by = require_actor()
        learner_id = by.scope.get_own_learner_id()
        proposal = correct_own_field(learner_id, field.key, wanted, remark=form["remark"].data, by=by)
    except Invalid as refusal:
        form.refuse(refusal)
        return _show(field, form, 422)
    done = _("Uw school kijkt ernaar en antwoordt u hier.") if proposal else _("Opgeslagen.")
    there = url_for("overview.my_subject", subject=field.face.field.category)
    return see_saved(there, place=f"veld-{name}", said=done)


@blueprint.post("/mijn/gegevens/<name>/toon")
@requires(Permission.RECORD_OWN)
def show_own_number(name: str) -> BaseResponse:
    """Show a number of one's own in full, once, a logged act; who signed in long ago does so anew first."""
    field = _get_own_field(f"learner.{name}")
    first = _sign_in_first(field)
    if first is not None:
        return first
    form = own_form(FIELDS[field.key])
    if not Form().validate_on_submit():
        return _show(field, form, 422)
    return _show(field, form, number=reveal_own_number(field.key, by=require_actor()))


@blueprint.post("/mijn/wijzigingen/<uuid:correction_id>/intrekken")
@requires(Permission.RECORD_OWN)
def withdraw_own_correction(correction_id: UUID) -> BaseResponse:
    """Take back a proposal that still waits."""
    if Form().validate_on_submit():
        withdraw_correction(correction_id, by=require_actor())
    return see_other(url_for("overview.my_data"))
