"""What somebody without a sign-in fills in to sign up for an intake, and what the office looks at to take her on."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length

from portal.contacts.messages.services import MOST_TEXT
from portal.core.http.forms import DayField, Form, InputRequired, stripped
from portal.core.http.languages import _l
from portal.core.http.value_messages import VALUE_MESSAGES
from portal.core.http.visitors import VisitorForm
from portal.intakes.applications.services import Applicant
from portal.organisations.models import ContactOrigin, Relation
from portal.organisations.services import ContactFacts


class ApplicationForm(VisitorForm):
    """Signing up for an intake."""

    name = None
    given_name = StringField(
        _l("Voornaam"),
        [InputRequired(_l("Typ uw voornaam.")), Length(max=80)],
        filters=[stripped],
        description=_l("Zo weten wij hoe wij u aanspreken."),
    )
    family_name = StringField(
        _l("Achternaam"), [InputRequired(_l("Typ uw achternaam.")), Length(max=75)], filters=[stripped]
    )
    birth_date = DayField(
        _l("Geboortedatum"),
        [InputRequired(_l("Typ uw geboortedatum."))],
        description=_l("Bent u jonger dan 16 jaar? Dan moet uw ouder of voogd u aanmelden."),
    )
    wish = TextAreaField(
        _l("Wat wilt u leren?"),
        [Length(max=MOST_TEXT)],
        filters=[stripped],
        description=_l("Zo bereiden wij het gesprek voor. Schrijf niets over ziekte of gezondheid, en geen BSN."),
        render_kw={"rows": "4"},
    )

    def facts(self) -> ContactFacts:
        """Return who she is, as services take it."""
        return ContactFacts(
            name=f"{self.given_name.data} {self.family_name.data}",
            email=self.email.data,
            phone=self.phone.data,
            language=self.language.data,
            relation=Relation.ENQUIRER,
            origin=ContactOrigin.HERSELF,
        )

    def applicant(self) -> Applicant:
        """Return what she filled in about the intake."""
        return Applicant(
            given_name=str(self.given_name.data),
            family_name=str(self.family_name.data),
            birth_date=self.birth_date.data,
            wish=self.wish.data,
        )


class TakeForm(Form):
    """Making who signed up a learner."""

    messages: ClassVar[Mapping[str, Any]] = {
        **VALUE_MESSAGES,
        "restricted": _l("Deze persoon is afgeschermd. Vraag de privacymedewerker."),
        "still_asks": _l("Deze persoon wacht nog op antwoord op een verzoek of een klacht. Handel dat eerst af."),
        "held": _l(
            "Het wissen van deze gegevens is uitgesteld. Wacht tot dat is afgelopen, of laat het eerst beëindigen."
        ),
        "known": _l("Er is al iemand met deze naam en geboortedatum. Kijk eerst. Is het toch een ander? Vink dat aan."),
    }
    given_name = StringField(_l("Voornaam"), [InputRequired(_l("Vul dit in.")), Length(max=80)], filters=[stripped])
    family_name = StringField(_l("Achternaam"), [InputRequired(_l("Vul dit in.")), Length(max=80)], filters=[stripped])
    anyway = BooleanField(_l("Het is iemand anders dan wie er al staat"))
