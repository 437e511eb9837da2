"""Where a learner asks to correct an entry of her record, and reads what the school answered (MN-17)."""

from typing import Any
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.learners.blueprint import blueprint
from portal.learners.corrections.kinds import Correctable, kind_called
from portal.learners.corrections.queries import get_own_entry, list_own_proposals
from portal.learners.corrections.services import propose_correction
from portal.learners.own_record.forms import own_form, wanted_value
from portal.learners.record.fields import RecordField
from portal.learners.record.forms import FieldsForm
from portal.learners.record.values import values_of
from portal.permissions import Permission
from portal.policy.labels import length_of
from portal.policy.privacy_notices.collection import collects
from portal.policy.queries import current_policy


@blueprint.get("/mijn/wijzigingen")
@requires(Permission.RECORD_OWN)
def own_corrections() -> Response:
    """Show what she asked to change, and what the school answered."""
    learner_id = require_actor().scope.get_own_learner_id()
    audit.saw([learner_id], "learners.own_corrections")
    return page("learners/own_corrections.html", proposals=list_own_proposals(require_actor().scope))


@blueprint.get("/mijn/dossier/<slug>/<uuid:entry_id>/wijzigen")
@requires(Permission.RECORD_OWN)
def correct_own_entry(slug: str, entry_id: UUID) -> Response:
    """Show what can be corrected in an entry, or the form for one field of it."""
    kind, row = _own_entry(slug, entry_id)
    if "veld" not in request.args:
        return _show(kind, row)
    field = _field(kind)
    form = own_form(field)
    form[field.column].data = field.typed(values_of(row, [field])[field.key])
    return _show(kind, row, field, form)


@blueprint.post("/mijn/dossier/<slug>/<uuid:entry_id>/wijzigen")
@requires(Permission.RECORD_OWN)
@creates
@collects
def propose_for_own_entry(slug: str, entry_id: UUID) -> BaseResponse:
    """Say another value against one field of an entry; the school answers it."""
    kind, row = _own_entry(slug, entry_id)
    field = _field(kind)
    form = own_form(field)
    if not form.validate_on_submit():
        return _show(kind, row, field, form, 422)
    wanted, remark = wanted_value(form, field), form["remark"].data
    try:
        propose_correction(row.learner_id, field.key, wanted, entry_id=row.id, remark=remark, by=require_actor())
    except Invalid as refusal:
        form.refuse(refusal)
        return _show(kind, row, field, form, 422)
    flash(_("Het staat erbij. Uw school antwoordt u hier."))
    return see_other(url_for("learners.own_corrections"))


def _own_entry(slug: str, entry_id: UUID) -> tuple[Correctable, Any]:
    kind = kind_called(slug)
    if kind is None:
        raise NotFound("kind")
    return kind, get_own_entry(kind, entry_id, require_actor().scope)


def _field(kind: Correctable) -> RecordField:
    name = request.args.get("veld")
    found = next((field for field in kind.kept(current_policy()) if field.column == name), None)
    if found is None:
        raise NotFound("field")
    return found


def _show(
    kind: Correctable, row: Any, field: RecordField | None = None, form: FieldsForm | None = None, status: int = 200
) -> Response:
    fields = kind.kept(current_policy())
    values = values_of(row, fields)
    audit.saw([row.learner_id], "learners.own_entry")
    return page(
        "learners/correct_entry.html",
        kind=kind,
        row=row,
        shown={each.key: each.show(values[each.key]) for each in fields},
        fields=fields,
        field=field,
        form=form,
        answer_within=length_of(current_policy().checked.answer_within),
        status=status,
    )
