"""What is recorded of the decision on an impact assessment."""

from wtforms import RadioField, StringField
from wtforms.validators import Length

from portal.core.http.forms import DayField, Form, InputRequired, choices, stripped
from portal.core.http.languages import _l
from portal.oversight.impact_assessments.labels import ADVISERS
from portal.policy.impact_assessments.models import Adviser


class AssessmentForm(Form):
    """On which day it was decided, who advised, and where it is kept."""

    messages = {
        "day_to_come": _l("Deze dag komt nog. Vul een dag in die is geweest."),
        "officer_not_asked": _l("Uw school heeft een privacyfunctionaris. Vraag eerst advies aan haar of hem."),
    }

    decided_on = DayField(_l("Op welke dag heeft de school besloten?"), validators=[InputRequired()])
    advised_by = RadioField(
        _l("Wie gaf advies?"),
        choices=choices([(each.value, words) for each, words in ADVISERS.items()]),
        validators=[InputRequired(_l("Kies wie advies gaf."))],
    )
    reference = StringField(
        _l("Waar staat het onderzoek?"),
        description=_l("Bijvoorbeeld: een map of een verslag. Schrijf geen namen."),
        filters=[stripped],
        validators=[Length(max=300)],
    )

    @property
    def adviser(self) -> Adviser:
        """Who advised."""
        return Adviser(self.advised_by.data)
