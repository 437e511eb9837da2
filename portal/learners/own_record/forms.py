"""The form in which a learner changes one field of her own record."""

from typing import Any

from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from portal.core.http.forms import stripped
from portal.core.http.languages import _l
from portal.learners.record.fields import RecordField
from portal.learners.record.forms import FieldsForm, make_form
from portal.learners.record.labels import MESSAGES


class OwnFieldForm(FieldsForm):
    """One value, and a remark for the school where it checks the change."""

    remark = TextAreaField(
        _l("Wilt u er iets bij zeggen?"), filters=[stripped], validators=[Optional(), Length(max=1000)]
    )

    messages = {
        **MESSAGES,
        "not_in_policy": _l("Uw school bewaart dit gegeven niet."),
        "of_a_child": _l("Uw school bewaart dit alleen van kinderen."),
        "needs_consent": _l("Geef hier eerst toestemming voor, bij Mijn toestemmingen."),
        "needs_ground": _l("Uw school moet eerst opschrijven waarom zij dit mag bewaren. Vraag het de administratie."),
        "needs_reporting_trajectory": _l("Uw school mag dit nummer nu niet bewaren. Vraag het de administratie."),
    }


def own_form(field: RecordField) -> FieldsForm:
    """Return the form for this one field."""
    return make_form(OwnFieldForm, [field], is_new=True)()


def wanted_value(form: FieldsForm, field: RecordField) -> Any:
    """Return what the learner filled in, as it is stored; None for nothing."""
    return form.values().get(field.key)
