"""What a person may submit about signals: an answer, and the school's rules."""

from typing import cast

from flask_babel import LazyString
from wtforms import IntegerField, RadioField, SelectMultipleField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.http.forms import DayField, Form, InputRequired, choices
from portal.core.http.languages import _l
from portal.signals.labels import ANSWERS, KINDS
from portal.signals.models import SignalAnswer, SignalKind


class AnswerForm(Form):
    """What somebody did with a signal."""

    messages = {
        "answered": _l("%(name)s heeft dit signaal al beantwoord."),
        "day_missing": _l("Kies de dag tot wanneer u wacht."),
        "day_past": _l("Kies een dag na vandaag."),
        "day_far": _l("Kies een dag binnen een half jaar."),
    }

    answer = RadioField(
        _l("Wat deed u?"),
        choices=choices([(answer.value, words) for answer, words in ANSWERS.items()]),
        validators=[InputRequired(_l("Kies wat u deed."))],
    )
    wait_until = DayField(
        _l("Wacht tot en met"),
        description=_l("Alleen als u wacht. Daarna komt het signaal terug als het nog zo is."),
        validators=[Optional()],
    )

    @property
    def chosen(self) -> SignalAnswer:
        """What was chosen."""
        return SignalAnswer(self.answer.data)


def _threshold(label: LazyString, least: int, most: int, *, message: LazyString) -> IntegerField:
    in_range = NumberRange(least, most, message=message)
    return IntegerField(label, validators=[InputRequired(), in_range])


class RulesForm(Form):
    """From where on the school wants a signal, by kind, and which kinds it wants."""

    messages = {
        "no_assessment": _l("Zet signalen pas aan na een besluit over de DPIA. Leg dat besluit eerst vast bij DPIA."),
    }

    is_on = SelectMultipleField(
        _l("Welke signalen wilt u?"),
        choices=choices([(kind.value, words) for kind, words in KINDS.items()]),
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    low_attendance = _threshold(
        _l("Weinig aanwezig: minder dan zoveel procent van de laatste 12 lessen"),
        1,
        100,
        message=_l("Kies een getal van 1 tot en met 100."),
    )
    absent_in_a_row = _threshold(
        _l("Vaak achter elkaar afwezig: zoveel lessen"), 2, 20, message=_l("Kies een getal van 2 tot en met 20.")
    )
    not_seen = _threshold(
        _l("Lang niet in de les: zoveel dagen, terwijl er les was"),
        3,
        84,
        message=_l("Kies een getal van 3 tot en met 84."),
    )
    no_contact = _threshold(
        _l("Lang geen contact: zoveel dagen"), 7, 365, message=_l("Kies een getal van 7 tot en met 365.")
    )
    hours_running_out = _threshold(
        _l("Uren bijna op: minder dan zoveel uur over"), 1, 500, message=_l("Kies een getal van 1 tot en met 500.")
    )
    level_missing = _threshold(
        _l("Traject eindigt, niveau ontbreekt: zoveel dagen vóór het einde"),
        7,
        365,
        message=_l("Kies een getal van 7 tot en met 365."),
    )

    def rules(self) -> dict[SignalKind, tuple[int, bool]]:
        """Return what was typed, by kind: the threshold, and whether the rule is on."""
        chosen = set(self.is_on.data or ())
        return {kind: (cast("int", self[kind.value].data), kind.value in chosen) for kind in SignalKind}
