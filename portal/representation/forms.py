"""Forms for inviting learners and for who may act for them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import BooleanField, EmailField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from portal.accounts.own_account.emails import clean_email
from portal.core.errors import Invalid
from portal.core.http.forms import CheckboxesField, DayField, Form, InputRequired, choices, stripped
from portal.core.http.languages import _, _l
from portal.representation.labels import KINDS, PROOFS


class _RecordForm(Form):
    """Who may act for a learner: the kind, how to reach her, within what and until when."""

    messages: ClassVar[Mapping[str, Any]] = {
        "child_needs_parent": _l(
            "Deze cursist is jonger dan 16. Alleen een ouder of voogd kan voor haar of hem inloggen."
        ),
        "not_a_child": _l("Deze cursist is 16 of ouder. Kies gemachtigde, met een machtiging die de cursist zelf gaf."),
        "not_kept": _l("Kies uit de lijst."),
        "part_required": _l("Kies waarover deze persoon gaat."),
        "beyond_kind": _l("Dit hoort niet bij een %(kind)s: %(title)s. Haal het vinkje weg."),
        "not_seen_then": _l("Kies een dag tot en met vandaag, niet langer dan een jaar geleden."),
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
    email = EmailField(_l("E-mailadres"), [Length(max=254)], filters=[stripped])
    has_no_sign_in = BooleanField(_l("Deze persoon logt niet in"))
    categories = CheckboxesField(_l("Waarover gaat deze persoon?"), choices=[])
    ends_on = DayField(_l("Tot en met welke dag?"), [InputRequired(_l("Kies een dag."))])

    def validate_email(self, field: EmailField) -> None:
        """Say of an address that isn't one so together with what else is wrong; who doesn't sign in may have none."""
        if field.data or not self.has_no_sign_in.data:
            _must_be_address(self, field)


def _must_be_address(form: Form, field: EmailField) -> None:
    if not field.data:
        raise ValidationError(_("Vul dit in."))
    try:
        clean_email(field.data)
    except Invalid as refusal:
        raise ValidationError(str(form.messages[refusal.code])) from None


class RepresentativeForm(_RecordForm):
    """Somebody who may act for a learner until a day, with how the school knows."""

    proof = StringField(
        _l("Hoe weet de school dit?"), [InputRequired(_l("Vul dit in.")), Length(max=300)], filters=[stripped]
    )


class AppointedForm(_RecordForm):
    """Somebody whom a court appointed: what was seen of that, and when. It is looked at and not kept."""

    proof_kind = RadioField(_l("Wat hebt u gezien?"), validators=[InputRequired(_l("Kies wat u zag."))])
    seen_on = DayField(_l("Op welke dag?"), [InputRequired(_l("Kies een dag."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what can be seen."""
        super().__init__(*args, **kwargs)
        self.proof_kind.choices = choices(PROOFS.items())


class AppointForm(Form):
    """Whom a learner lets act for her herself: until when, and for what."""

    messages = {
        **RepresentativeForm.messages,
        "representative_decides": _l("Uw curator beslist voor u. U kunt zelf niemand toevoegen."),
    }
    name = StringField(_l("Naam"), [InputRequired(_l("Vul dit in.")), Length(max=200)], filters=[stripped])
    email = EmailField(_l("E-mailadres"), [InputRequired(_l("Vul dit in.")), Length(max=254)], filters=[stripped])
    categories = CheckboxesField(_l("Wat mag deze persoon zien?"), choices=[])
    ends_on = DayField(_l("Tot en met welke dag?"), [InputRequired(_l("Kies een dag."))])

    def validate_email(self, field: EmailField) -> None:
        """Say of an address that isn't one so together with what else is wrong."""
        _must_be_address(self, field)
