"""What is filled in for a mail to many, and what is promised when it goes."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import Length

from portal.contacts.mailings.labels import PURPOSES
from portal.contacts.mailings.queries import purposes_of_news
from portal.contacts.mailings.services import MOST_BODY
from portal.core.http.forms import Form, InputRequired, choices, stripped
from portal.core.http.languages import _l
from portal.core.http.value_messages import VALUE_MESSAGES


class MailingForm(Form):
    """A mail to many."""

    messages: ClassVar[Mapping[str, Any]] = {
        **VALUE_MESSAGES,
        "sent": _l("Deze mail is al verstuurd."),
        "no_address": _l("U hebt geen e-mailadres. Voeg dat eerst toe bij uw account."),
    }
    purpose = RadioField(_l("Wat is het?"), [InputRequired(_l("Kies wat het is."))])
    subject = StringField(
        _l("Onderwerp"), [InputRequired(_l("Typ een onderwerp.")), Length(max=150)], filters=[stripped]
    )
    body = TextAreaField(
        _l("Tekst"),
        [InputRequired(_l("Typ de tekst.")), Length(max=MOST_BODY)],
        filters=[stripped],
        description=_l("Onder elke mail zet het portaal zelf een link om te stoppen."),
        render_kw={"rows": "14"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose.choices = choices((each, PURPOSES[each]) for each in purposes_of_news())


class SendForm(Form):
    """Sending it to all."""

    messages: ClassVar[Mapping[str, Any]] = MailingForm.messages
    is_similar = BooleanField(
        _l("Dit gaat over diensten die lijken op wat deze klanten kochten"),
        [InputRequired(_l("Zonder toestemming mag er alleen nieuws over zulke diensten komen."))],
    )
