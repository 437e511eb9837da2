"""The form of a review of access: a decision on each role, an answer on each measure, and the signature."""

from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import Length, Optional

from portal.core.http.forms import DayField, Form, InputRequired, choices, stripped
from portal.core.http.languages import _l
from portal.oversight.access_reviews.services import MOST_NOTE

STAYS, ENDS, ENDS_ON = "blijft", "stopt", "stopt-op"
YES, NO = "ja", "nee"


class RoleForm(Form):
    """What becomes of one role of one person."""

    messages: ClassVar[dict[str, Any]] = {
        "last_manager": _l("Dit is de laatste met de rol directie. Geef die rol eerst aan iemand anders."),
        "day_past": _l("Deze dag is geweest. Kies vandaag of een dag die komt."),
        "too_far": _l("Kies een dag binnen een jaar."),
    }
    decision = RadioField(
        _l("Is deze rol nog nodig?"),
        choices=choices([(STAYS, _l("blijft")), (ENDS, _l("stopt meteen")), (ENDS_ON, _l("stopt na een dag"))]),
        validators=[InputRequired(_l("Kies of deze rol blijft of stopt."))],
    )
    ends_on = DayField(_l("Laatste dag"), validators=[Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the day where the role ends after one."""
        sound = super().validate(extra_validators)
        if sound and self.decision.data == ENDS_ON and self.ends_on.data is None:
            self.ends_on.errors = [*self.ends_on.errors, str(_l("Kies de laatste dag."))]
            return False
        return sound


class MeasureForm(Form):
    """Whether one measure is in place."""

    messages: ClassVar[dict[str, Any]] = {"note_missing": _l("Schrijf op wat de school eraan doet.")}
    answer = RadioField(
        _l("Klopt dit?"),
        choices=choices([(YES, _l("ja")), (NO, _l("nog niet"))]),
        validators=[InputRequired(_l("Kies ja of nog niet."))],
    )
    note = StringField(
        _l("Toelichting"),
        description=_l("Bij nog niet: wat doet de school eraan, en wanneer?"),
        filters=[stripped],
        validators=[Length(max=MOST_NOTE)],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask what is done about a measure that isn't in place."""
        sound = super().validate(extra_validators)
        if sound and self.answer.data == NO and not self.note.data:
            self.note.errors = [*self.note.errors, str(self.messages["note_missing"])]
            return False
        return sound


class SignForm(Form):
    """The signature, and which roles the page showed."""

    messages: ClassVar[dict[str, Any]] = {
        "people_changed": _l("Er is intussen iets veranderd. Er is nog niets ondertekend."),
    }
    seen = HiddenField()
    confirmed = BooleanField(
        _l("Ik heb bij iedereen gekeken of de toegang nog nodig is."),
        validators=[InputRequired(_l("Zet een vinkje. Daarmee ondertekent u."))],
    )
