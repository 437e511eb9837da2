"""What somebody without a sign-in fills in to ask the school something, and why each thing is asked."""

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length

from portal.contacts.messages.services import MOST_TEXT
from portal.core.http.forms import InputRequired, choices, stripped
from portal.core.http.languages import _l
from portal.core.http.visitors import VisitorForm
from portal.organisations.models import ContactOrigin, Relation
from portal.organisations.services import ContactFacts


class QuestionForm(VisitorForm):
    """A question of somebody."""

    company_name = StringField(
        _l("Bedrijf"),
        [Length(max=160)],
        filters=[stripped],
        description=_l("Alleen als u dit namens een bedrijf vraagt."),
    )
    body = TextAreaField(
        _l("Uw vraag"),
        [InputRequired(_l("Typ uw vraag.")), Length(max=MOST_TEXT)],
        filters=[stripped],
        description=_l("Schrijf niets over ziekte of gezondheid, en geen BSN."),
        render_kw={"rows": "5"},
    )
    age = RadioField(
        _l("Bent u 16 jaar of ouder?"),
        [InputRequired(_l("Kies ja of nee."))],
        choices=choices([("ja", _l("Ja")), ("nee", _l("Nee"))]),
        description=_l("Bent u jonger? Dan moet uw ouder of voogd dit vragen. Uw antwoord bewaren wij niet."),
    )

    def facts(self) -> ContactFacts:
        """Return who she is, as services take it."""
        return ContactFacts(
            name=str(self.name.data),
            email=self.email.data,
            phone=self.phone.data,
            company_name=self.company_name.data,
            language=self.language.data,
            relation=Relation.ENQUIRER,
            origin=ContactOrigin.HERSELF,
        )
