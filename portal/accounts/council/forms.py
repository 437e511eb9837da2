"""What management records of the works council."""

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from portal.core.http.forms import DayField, Form, stripped
from portal.core.http.languages import _l

COUNCIL_ANSWERS = [
    SelectChoice("given", _l("De ondernemingsraad stemde in")),
    SelectChoice("no_council", _l("Onze school heeft geen ondernemingsraad")),
    SelectChoice("not_yet", _l("Nog niet gevraagd, nog geen antwoord, of ingetrokken")),
]


class CouncilForm(Form):
    """What the works council said of reminders and counts by teacher."""

    messages = {
        "day_missing": _l("Vul de dag in waarop de ondernemingsraad instemde."),
        "day_to_come": _l("Deze dag komt nog. Vul een dag in die is geweest."),
    }

    answer = RadioField(_l("Wat is het antwoord?"), choices=COUNCIL_ANSWERS)
    decided_on = DayField(
        _l("Ingestemd op"), description=_l("Alleen als de ondernemingsraad instemde."), validators=[Optional()]
    )
    reference = StringField(
        _l("Waar staat dat?"),
        description=_l("Bijvoorbeeld: brief van 3 maart, of verslag van de vergadering."),
        filters=[stripped],
        validators=[Length(max=300)],
    )
