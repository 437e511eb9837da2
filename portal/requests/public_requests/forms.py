"""What somebody without a sign-in fills in: who she is, how she is reached, whom it is about, and what she asks."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional

from portal.core.http.forms import DayField, Form, InputRequired, choices, stripped
from portal.core.http.languages import LANGUAGES, _l
from portal.core.http.value_messages import VALUE_MESSAGES
from portal.requests.data_requests.forms import FORMS, RequestForm
from portal.requests.data_requests.models import RequestKind
from portal.requests.public_requests.services import Asker

TOO_MANY = _l(
    "Er kwamen hier te veel verzoeken tegelijk. Probeer het over %(minutes)s minuten opnieuw, of bel de school."
)


class AskerForm(Form):
    """Who asks, and whom it is about."""

    messages: ClassVar[Mapping[str, Any]] = {
        **RequestForm.messages,
        "email_invalid": VALUE_MESSAGES["email_invalid"],
        "too_many": TOO_MANY,
    }
    asker_name = StringField(_l("Uw naam"), [InputRequired(_l("Typ uw naam.")), Length(max=200)], filters=[stripped])
    asker_contact = StringField(
        _l("Hoe bereiken wij u?"),
        [InputRequired(_l("Typ een e-mailadres, telefoonnummer of adres.")), Length(max=254)],
        filters=[stripped],
        description=_l("Een e-mailadres, telefoonnummer of adres."),
    )
    asked_for = StringField(
        _l("Vraagt u dit voor iemand anders? Typ dan de naam van die persoon."), [Length(max=200)], filters=[stripped]
    )
    asker_number = StringField(
        _l("Nummer bij de school"), [Length(max=40)], filters=[stripped],
        description=_l("Van wie het gaat. Weet u het niet? Laat dit dan leeg."),
    )  # fmt: skip
    asker_birth_date = DayField(
        _l("Geboortedatum"), [Optional()], description=_l("Van wie het gaat. U mag dit leeg laten.")
    )
    language = SelectField(_l("In welke taal wilt u antwoord?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the languages."""
        super().__init__(*args, **kwargs)
        self.language.choices = choices(LANGUAGES.items())

    def asker(self) -> Asker:
        """Return who asks, as she says."""
        return Asker(
            name=str(self.asker_name.data),
            contact=str(self.asker_contact.data),
            number=self.asker_number.data,
            birth_date=self.asker_birth_date.data,
            asked_for=self.asked_for.data,
        )


def public_form(kind: RequestKind) -> type[Any]:
    """Return the form with which somebody asks this without a sign-in."""
    return type("PublicRequestForm", (AskerForm, FORMS[kind]), {})
