"""Forms for inviting learners and for who may act for them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import EmailField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accounts.own_account.emails import clean_email
from portal.core.errors import Invalid
from portal.core.http.forms import CheckboxesField, DayField, Form, InputRequired, stripped
from portal.core.http.languages import _l
from portal.representation.labels import KINDS


class RepresentativeForm(Form):
    """Somebody who may act for a learner until a day."""

    messages: ClassVar[Mapping[str, Any]] = {
        "child_needs_parent": _l(
            "Deze cursist is jonger dan 16. Alleen een ouder of voogd kan voor haar of hem inloggen."
        ),
        "not_a_child": _l("Deze cursist is 16 of ouder. Kies gemachtigde, met een machtiging die de cursist zelf gaf."),
        "not_a_term": _l("Kies een dag vanaf vandaag, en ten hoogste vijf jaar vooruit."),
        "after_sixteen": _l("Op 16 jaar beslist de cursist zelf. Kies ten laatste %(last)s."),
        "not_an_email": _l("Dit is geen e-mailadres. Een voorbeeld: naam@voorbeeld.nl"),
        "unknown_category": _l("Kies uit de lijst."),
    }
    kind = RadioField(
        _l("Wie is dit?"),
        choices=lambda: [SelectChoice(kind.value, str(label).capitalize()) for kind, label in KINDS.items()],
    )
    name = StringField(_l("Naam"), [InputRequired(_l("Vul dit in.")), Length(max=200)], filters=[stripped])
    email = EmailField(_l("E-mailadres"), [InputRequired(_l("Vul dit in.")), Length(max=254)], filters=[stripped])
    proof = StringField(
        _l("Hoe weet de school dit?"), [InputRequired(_l("Vul dit in.")), Length(max=300)], filters=[stripped]
    )
    categories = SelectMultipleField(
        _l("Wat mag deze persoon zien?"), choices=[], widget=ListWidget(), option_widget=CheckboxInput()
    )
    ends_on = DayField(_l("Tot en met welke dag?"), [InputRequired(_l("Kies een dag."))])

    def validate_email(self, field: EmailField) -> None:
        """Say of an address that isn't one so together with what else is wrong."""
        try:
            clean_email(field.data or "")
        except Invalid as refusal:
            raise ValidationError(str(self.messages[refusal.code])) from None


class AppointForm(Form):
    """Whom a learner lets act for her herself: until when, and for what."""

    messages = RepresentativeForm.messages
    name = StringField(_l("Naam"), [InputRequired(_l("Vul dit in.")), Length(max=200)], filters=[stripped])
    email = EmailField(_l("E-mailadres"), [InputRequired(_l("Vul dit in.")), Length(max=254)], filters=[stripped])
    categories = CheckboxesField(_l("Wat mag deze persoon zien?"), choices=[])
    ends_on = DayField(_l("Tot en met welke dag?"), [InputRequired(_l("Kies een dag."))])

    validate_email = RepresentativeForm.validate_email
