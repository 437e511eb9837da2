"""What somebody without a sign-in fills in to get the newsletter, and what the office notes of who bought a service."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import RadioField

from portal.contacts.subscriptions.services import Said
from portal.core.http.forms import DayField, Form, InputRequired, choices
from portal.core.http.languages import _l
from portal.core.http.value_messages import VALUE_MESSAGES
from portal.core.http.visitors import VisitorForm
from portal.organisations.models import ContactOrigin, Relation
from portal.organisations.services import ContactFacts

YES, NO = "ja", "nee"


class SubscribeForm(VisitorForm):
    """Asking for the newsletter."""

    phone = None
    age = RadioField(
        _l("Bent u 16 jaar of ouder?"),
        [InputRequired(_l("Kies ja of nee."))],
        choices=choices([(YES, _l("Ja")), (NO, _l("Nee"))]),
        description=_l("Bent u jonger? Dan moet uw ouder of voogd dit vragen. Uw antwoord bewaren wij niet."),
    )

    def facts(self) -> ContactFacts:
        """Return who she is, as services take it."""
        return ContactFacts(
            name=str(self.name.data),
            email=self.email.data,
            language=self.language.data,
            relation=Relation.ENQUIRER,
            origin=ContactOrigin.HERSELF,
        )


class OfferForm(Form):
    """That somebody bought a service herself, and what she said about news of services like it."""

    messages: ClassVar[Mapping[str, Any]] = {
        **VALUE_MESSAGES,
        "no_customer": _l("Nieuws over diensten gaat alleen naar klanten. Wijzig eerst wat deze persoon is."),
        "said_no_before": _l(
            "Wie dit adres heeft, zei al nee tegen dit nieuws. Kies: Nee. Of vraagt deze persoon er nu zelf om?"
        ),
        "no_address": _l("Deze persoon heeft geen e-mailadres. Vul dat eerst in."),
    }
    bought_on = DayField(_l("Wanneer kocht deze persoon zelf een dienst?"), [InputRequired(_l("Kies een dag."))])
    answer = RadioField(
        _l("U vroeg toen of er nieuws mag komen over zulke diensten. Wat was het antwoord?"),
        [InputRequired(_l("Kies wat het antwoord was."))],
        choices=choices(
            [
                (Said.NOT_NO, _l("Geen bezwaar")),
                (Said.NO, _l("Nee")),
                (Said.YES_AGAIN, _l("Eerder nee, maar nu vraagt deze persoon er zelf om")),
            ]
        ),
        description=_l("Vroeg u dit niet? Vul dan niets in. Dan komt er geen nieuws."),
    )
