"""What a learner complains of, and about whom."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

from portal.core.http.forms import Form, InputRequired, choices, named_choices, stripped
from portal.core.http.languages import _, _l
from portal.requests.complaints.queries import list_staff
from portal.requests.complaints.services import MOST_SIGNS


class ComplaintForm(Form):
    """Her own words, and perhaps the member of staff whom it is about."""

    messages: ClassVar[Mapping[str, Any]] = {
        "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
        "unknown": _l("Kies uit de lijst."),
    }
    body = TextAreaField(
        _l("Wat ging er niet goed?"),
        [InputRequired(_l("Schrijf op wat er niet goed ging.")), Length(max=MOST_SIGNS)],
        filters=[stripped],
    )
    about = SelectField(
        _l("Gaat het over een medewerker?"),
        default="",
        description=_l("Die medewerker behandelt uw klacht dan niet."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer who works here."""
        super().__init__(*args, **kwargs)
        self.about.choices = [*choices([("", _("nee, of dat zeg ik liever niet"))]), *named_choices(list_staff())]
