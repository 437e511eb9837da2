"""On which ground what is restricted is used all the same (AVG art. 18(2))."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length

from portal.core.http.forms import Form, InputRequired, choices, stripped
from portal.core.http.languages import _l
from portal.learners.names_in_texts.forms import FreeTextForm
from portal.purposes.restrictions.labels import USE_GROUNDS
from portal.purposes.restrictions.services import LONGEST_PLACE, LONGEST_WHY


class UseForm(FreeTextForm):
    """The ground, of the law's four, for what, and why; the learner reads it."""

    free_texts: ClassVar[Sequence[str]] = ("used_for", "why")

    messages: ClassVar[Mapping[str, Any]] = {
        "missing": _l("Vul dit in."),
        "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
        "lifted": _l("Deze afscherming is al opgeheven. Er is niets veranderd."),
    }
    ground = RadioField(_l("Op welke grond?"), validators=[InputRequired(_l("Kies een grond."))])
    article = StringField(
        _l("Welk artikel van welke wet?"), [Length(max=LONGEST_PLACE)], filters=[stripped],
        description=_l("Alleen bij een belangrijk algemeen belang."),
    )  # fmt: skip
    used_for = StringField(
        _l("Waarvoor gebruikt u het?"),
        [InputRequired(_l("Vul dit in.")), Length(max=LONGEST_PLACE)],
        filters=[stripped],
    )
    why = TextAreaField(
        _l("Waarom is het nodig?"),
        [InputRequired(_l("Vul dit in.")), Length(max=LONGEST_WHY)],
        filters=[stripped],
        description=_l("De cursist leest dit."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the grounds of the law."""
        super().__init__(*args, **kwargs)
        self.ground.choices = choices((each.value, label) for each, label in USE_GROUNDS.items())


class LiftForm(Form):
    """A button alone: nothing to fill in."""

    messages: ClassVar[Mapping[str, Any]] = {
        "lifted": _l("Deze afscherming is al opgeheven. Er is niets veranderd."),
        "not_told": _l("Vertel eerst aan de cursist dat het afschermen stopt."),
    }
