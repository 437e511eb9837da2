"""The forms of the register of incidents."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import LazyString
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from portal.core.http.forms import CheckboxesField, DayField, Form, InputRequired, choices, stripped
from portal.core.http.languages import _l
from portal.core.personal_data import PersonKind
from portal.learners.record.labels import CATEGORIES
from portal.oversight.incidents.labels import KINDS
from portal.oversight.incidents.services import MOST_TEXT
from portal.policy.queries import current_policy

YES, NO = "ja", "nee"
INPUTS: Mapping[PersonKind, str] = {
    PersonKind.LEARNER: "cursist",
    PersonKind.REPRESENTATIVE: "vertegenwoordiger",
    PersonKind.CONTACT_PERSON: "contactpersoon",
    PersonKind.STAFF: "medewerker",
}
"""The name of the input that holds somebody's id, by what she is to the school."""


def _categories() -> list[SelectChoice]:
    return [SelectChoice(each.key, str(CATEGORIES[each.key])) for each in current_policy().categories]


def _text(label: LazyString, *, description: LazyString | str = "", missing: LazyString | None = None) -> TextAreaField:
    """Make a field for a text of some length; `missing` is said where it must be filled in and isn't."""
    needed = [InputRequired(missing)] if missing is not None else []
    return TextAreaField(
        label, description=description, filters=[stripped], validators=[*needed, Length(max=MOST_TEXT)]
    )


class IncidentForm(Form):
    """What is known of an incident."""

    messages: ClassVar[dict[str, Any]] = {
        "to_come": _l("Dit moment komt nog. Vul in wanneer de school het merkte."),
        "after_awareness": _l("Dit is na de dag waarop de school het merkte."),
        "before_begin": _l("Dit is vóór de eerste dag."),
        "reason_missing": _l("Schrijf op waarom het moment verandert."),
        "after_report": _l("De school meldde dit al eerder. Kies een moment vóór de melding."),
    }
    title = StringField(_l("Wat is er gebeurd, in het kort?"), filters=[stripped],
                        validators=[InputRequired(_l("Vul dit in.")), Length(max=200)])  # fmt: skip
    kind = SelectField(_l("Wat ging er mis?"), choices=choices([(each.value, label) for each, label in KINDS.items()]))
    body = _text(
        _l("Wat is er gebeurd?"),
        description=_l("Schrijf geen namen. Deze tekst komt ook in de brief aan wie het raakt."),
        missing=_l("Vul dit in."),
    )
    aware_on = DayField(
        _l("Wanneer merkte de school het?"),
        description=_l("Vanaf dat moment heeft de school 72 uur om het te melden."),
        validators=[InputRequired(_l("Vul dit in."))],
    )
    aware_time = TimeField(_l("Hoe laat?"), validators=[InputRequired(_l("Vul dit in."))])
    aware_reason = _text(
        _l("Waarom verandert dit moment?"),
        description=_l(
            "Alleen als u het moment wijzigt. De 72 uur tellen vanaf het eerste moment dat is opgeschreven."
        ),
    )
    happened_on = DayField(_l("Eerste dag waarop het gebeurde"), validators=[Optional()])
    happened_until = DayField(_l("Laatste dag"), validators=[Optional()])
    categories = CheckboxesField(_l("Welke gegevens?"), choices=_categories)
    others = IntegerField(
        _l("Hoeveel mensen raakt het die niet in het portaal staan?"),
        description=_l("Wie in het portaal staat, kiest u hierna met naam. Schat hier wie er verder nog zijn."),
        default=0,
        validators=[Optional(), NumberRange(0, 1_000_000, _l("Vul een getal in van 0 tot en met 1.000.000."))],
    )
    consequences = _text(_l("Wat kan het voor hen betekenen?"))
    measures = _text(_l("Wat doet de school eraan?"))


class ReportForm(Form):
    """Whether the authority is told."""

    messages: ClassVar[dict[str, Any]] = {
        "moment_missing": _l("Vul in wanneer u het meldde."),
        "moment_wrong": _l("Kies een moment tussen het merken en nu."),
    }
    is_reported = RadioField(
        _l("Is het gemeld bij de Autoriteit Persoonsgegevens?"),
        choices=choices([(YES, _l("ja, gemeld")), (NO, _l("nee, dat hoeft niet"))]),
        validators=[InputRequired(_l("Kies een antwoord."))],
    )
    reported_on = DayField(_l("Gemeld op"), description=_l("Alleen bij: ja, gemeld."), validators=[Optional()])
    reported_time = TimeField(_l("Hoe laat?"), validators=[Optional()])
    reason = _text(_l("Waarom?"), missing=_l("Schrijf op waarom."))


class TellingForm(Form):
    """Whether people touched are told."""

    is_told = RadioField(
        _l("Vertelt de school het aan wie het raakt?"),
        choices=choices([(YES, _l("ja")), (NO, _l("nee, dat hoeft niet"))]),
        validators=[InputRequired(_l("Kies een antwoord."))],
    )
    told_reason = _text(_l("Waarom?"), missing=_l("Schrijf op waarom."))


class AdviceForm(Form):
    """What the officer advises."""

    body = _text(_l("Uw advies"), missing=_l("Vul dit in."))


QUESTION = ("van", "van_tijd", "tot", "tot_tijd", "wie", "account")
"""The names of the inputs by which the log is asked."""


class PeopleForm(Form):
    """The people who are ticked."""


class CategoriesForm(Form):
    """Which data it touched."""

    categories = CheckboxesField(_l("Welke gegevens?"), choices=_categories)


class TouchedForm(Form):
    """Between which moments the log is asked who looked at what, and whose work."""

    class Meta(Form.Meta):
        """A form that only asks."""

        csrf = False

    messages: ClassVar[dict[str, Any]] = {"no_account": _l("Met dit adres of nummer logt niemand in.")}
    van = DayField(_l("Vanaf"), validators=[Optional()])
    van_tijd = TimeField(_l("Hoe laat?"), validators=[Optional()])
    tot = DayField(_l("Tot"), validators=[Optional()])
    tot_tijd = TimeField(_l("Hoe laat?"), validators=[Optional()])
    account = StringField(
        _l("Of van welk account?"),
        description=_l("Vul het e-mailadres of het nummer in waarmee iemand inlogt. Ook van een cursist."),
        filters=[stripped],
        validators=[Optional(), Length(max=254)],
    )
