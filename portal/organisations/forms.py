"""Forms for an organisation and for somebody who works there."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from portal.core.http.forms import Form, InputRequired, stripped
from portal.core.http.languages import _l
from portal.core.http.value_messages import VALUE_MESSAGES
from portal.core.values import Unusable, parse_email, parse_kvk, parse_phone
from portal.organisations.labels import ORGANISATION_KINDS
from portal.organisations.models import OrganisationKind


def _as_read_by(parse: Callable[[str], Any]) -> Callable[[Form, Field], None]:
    """Return a validator that reads what was typed as it would be stored; empty may stay empty."""

    def check(_form: Form, field: Field) -> None:
        try:
            if stripped(field.data):
                parse(field.data)
        except Unusable as unusable:
            raise ValidationError(str(VALUE_MESSAGES[unusable.code])) from None

    return check


class BareForm(Form):
    """Nothing but the protection against forged posts."""

    messages: ClassVar[Mapping[str, Any]] = {
        **VALUE_MESSAGES,
        "name_taken": _l("Er is al een organisatie met deze naam."),
        "organisation_in_use": _l("Deze organisatie hoort bij een traject of een bestand, en kan daarom niet weg."),
    }


class OrganisationForm(BareForm):
    """An organisation."""

    name = StringField(_l("Naam"), validators=[InputRequired(_l("Vul dit in.")), Length(max=160)])
    kind = SelectField(_l("Wat is het?"))
    kvk_number = StringField(
        _l("KvK-nummer"),
        description=_l("Acht cijfers"),
        validators=[_as_read_by(parse_kvk)],
        render_kw={"inputmode": "numeric"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [SelectChoice(kind.value, words) for kind, words in ORGANISATION_KINDS.items()]

    def values(self) -> dict[str, Any]:
        """Return the values as services take them."""
        return {
            "name": self.name.data,
            "kind": OrganisationKind(self.kind.data),
            "kvk_number": stripped(self.kvk_number.data),
        }


class ContactPersonForm(BareForm):
    """Somebody who works at an organisation."""

    name = StringField(_l("Naam"), validators=[InputRequired(_l("Vul dit in.")), Length(max=160)])
    email = StringField(
        _l("E-mail"), validators=[_as_read_by(parse_email)], render_kw={"type": "email", "autocomplete": "off"}
    )
    phone = StringField(
        _l("Telefoon"), validators=[_as_read_by(parse_phone)], render_kw={"type": "tel", "autocomplete": "off"}
    )

    def values(self) -> dict[str, Any]:
        """Return the values as services take them."""
        return {"name": self.name.data, "email": stripped(self.email.data), "phone": stripped(self.phone.data)}
