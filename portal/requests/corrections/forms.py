"""What may be corrected in a category on a request: the fields of the record, each with why it is kept if need be."""

from collections.abc import Sequence

from portal.learners.corrections.kinds import Correctable
from portal.learners.names_in_texts.forms import FreeTextForm
from portal.learners.record.fields import RecordField
from portal.learners.record.forms import FieldsForm, make_form
from portal.policy.queries import current_policy


class RequestedFieldsForm(FreeTextForm, FieldsForm):
    """Fields of a learner as she asked them to be; from whom they come, and how, the request says."""


def entry_form(kind: Correctable) -> RequestedFieldsForm:
    """Return the form of an entry: its fields that the school keeps."""
    return make_form(RequestedFieldsForm, kind.kept(current_policy()))()


def correction_form(fields: Sequence[RecordField]) -> RequestedFieldsForm:
    """Return the form of these fields."""
    policy = current_policy()
    grounded = [field.key for field in fields if policy.needs_ground(field.key)]
    return make_form(RequestedFieldsForm, fields, grounded=grounded)()
