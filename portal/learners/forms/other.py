"""The small forms: an organisation, somebody who works there, an answer to a proposal, a form of buttons alone."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from portal.core.forms import Form, InputRequired, stripped
from portal.core.i18n import _l
from portal.learners.forms.messages import MESSAGES
from portal.learners.labels import CHOICES
from portal.learners.models import OrganisationKind
from portal.learners.values import Unusable, parse_email, parse_kvk, parse_phone


def _as_read_by(parse: Callable[[str], Any]) -> Callable[[Form, Field], None]:
    """Return a validator that reads what was typed as it would be stored; empty may stay empty."""

    def check(_form: Form, field: Field) -> None:
        try:
            if stripped(field.data):
                parse(field.data)
        except Unusable as unusable:
            raise ValidationError(str(MESSAGES[unusable.code])) from None

    return check


class BareForm(Form):
    """Nothing but the protection against forged posts."""

    messages: ClassVar[Mapping[str, Any]] = MESSAGES


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
        self.kind.choices = [SelectChoice(kind.value, words) for kind, words in CHOICES[OrganisationKind].items()]

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


class DecisionForm(BareForm):
    """Accept or refuse what a learner proposed; the reason goes to her."""

    seen = HiddenField()
    answer = TextAreaField(
        _l("Wat wilt u de cursist zeggen?"),
        description=_l("Bij weigeren is een reden nodig. De cursist leest dit."),
        validators=[Length(max=1000)],
        render_kw={"rows": "3"},
    )


class DuplicateForm(BareForm):
    """That a learner is added all the same, though she looks like somebody who is there."""

    anyway = BooleanField(_l("Dit is iemand anders. Voeg toch toe."))
