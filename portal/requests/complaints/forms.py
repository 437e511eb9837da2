"""What somebody complains of, and about whom; how it came; what the school answers."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from portal.core.http.forms import DayField, Form, InputRequired, choices, named_choices, stripped
from portal.core.http.languages import LANGUAGES, _, _l
from portal.requests.complaints.queries import list_staff
from portal.requests.complaints.services import MOST_SIGNS, ComplaintReceipt, Grievance
from portal.requests.data_requests.forms import by_staff
from portal.requests.data_requests.models import RequestChannel
from portal.requests.public_requests.forms import AskerForm


class GrievanceForm(Form):
    """Her own words."""

    messages: ClassVar[Mapping[str, Any]] = {
        "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
        "unknown": _l("Kies uit de lijst."),
    }
    body = TextAreaField(
        _l("Wat ging er niet goed?"),
        [InputRequired(_l("Schrijf op wat er niet goed ging.")), Length(max=MOST_SIGNS)],
        filters=[stripped],
    )


class AboutForm(Form):
    """The member of staff whom a complaint is about."""

    messages: ClassVar[Mapping[str, Any]] = {
        "unknown": _l("Kies uit de lijst."),
        "closed": _l("De klacht is al beantwoord. Er is niets veranderd."),
    }
    about = SelectField(
        _l("Gaat het over een medewerker?"),
        default="",
        description=_l("Die medewerker behandelt de klacht dan niet."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer who works here."""
        super().__init__(*args, **kwargs)
        self.about.choices = [*choices([("", _("nee, of dat is niet bekend"))]), *named_choices(list_staff())]

    def chosen_account(self) -> UUID | None:
        """Return who was chosen."""
        return UUID(self.about.data) if self.about.data else None


class ComplaintForm(AboutForm, GrievanceForm):
    """Her own words, and perhaps the member of staff whom it is about."""

    messages: ClassVar[Mapping[str, Any]] = {**AboutForm.messages, **GrievanceForm.messages}

    def grievance(self) -> Grievance:
        """Return what is complained of."""
        return Grievance(str(self.body.data), self.chosen_account())


class ComplaintEntryForm(ComplaintForm):
    """How and when it came in, in which language she reads, and who it is where nobody here knows her."""

    messages: ClassVar[Mapping[str, Any]] = {
        **ComplaintForm.messages,
        "not_received_then": _l("Kies een dag tot en met vandaag, niet langer dan een jaar geleden."),
        "required": _l("Typ een naam."),
    }
    channel = SelectField(_l("Hoe kwam het binnen?"))
    received_on = DayField(_l("Op welke dag?"), [InputRequired(_l("Kies een dag."))])
    language = SelectField(_l("In welke taal krijgt deze persoon antwoord?"))
    asker_name = StringField(_l("Naam"), [Length(max=200)], filters=[stripped])
    asker_contact = StringField(_l("E-mail, telefoon of adres"), [Length(max=254)], filters=[stripped])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the ways in and the languages."""
        super().__init__(*args, **kwargs)
        self.channel.choices = by_staff()
        self.language.choices = choices(LANGUAGES.items())

    def receipt(self, person: Any) -> ComplaintReceipt:
        """Return how it came, of this person; of nobody known where it is None."""
        given = self.data
        return ComplaintReceipt(
            channel=RequestChannel(given["channel"]),
            received_on=given["received_on"],
            person=person,
            asker_name=given.get("asker_name"),
            asker_contact=given.get("asker_contact"),
        )


class PublicComplaintForm(AskerForm):
    """A complaint of who has no sign-in: she types whom it is about, and gets no list of who works here."""

    messages: ClassVar[Mapping[str, Any]] = {**AskerForm.messages, **GrievanceForm.messages}
    body = TextAreaField(
        _l("Wat ging er niet goed?"),
        [InputRequired(_l("Schrijf op wat er niet goed ging.")), Length(max=MOST_SIGNS)],
        filters=[stripped],
    )
    about_name = StringField(
        _l("Gaat het over een medewerker? Typ dan de naam."),
        [Length(max=200)],
        filters=[stripped],
        description=_l("Die medewerker behandelt de klacht dan niet."),
    )


class AnswerForm(Form):
    """What the school did, which who complains reads."""

    messages: ClassVar[Mapping[str, Any]] = {
        "required": _l("Leg uit wat de school deed. De persoon leest dit."),
        "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
        "closed": _l("De klacht is al beantwoord. Er is niets veranderd."),
        "person_known": _l("Bij deze klacht hoort al een persoon."),
    }
    handling = TextAreaField(
        _l("Wat de school deed"),
        [InputRequired(_l("Leg uit wat de school deed. De persoon leest dit.")), Length(max=MOST_SIGNS)],
        filters=[stripped],
        description=_l("De persoon leest dit."),
    )


class StepForm(Form):
    """A button alone: nothing to fill in."""

    messages: ClassVar[Mapping[str, Any]] = AnswerForm.messages
