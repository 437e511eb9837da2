"""The form with which somebody's data is kept past its term."""

from typing import Any

from wtforms import RadioField, TextAreaField

from portal.core.http.forms import DayField, InputRequired, choices, stripped
from portal.core.http.languages import _l
from portal.learners.names_in_texts.forms import FreeTextForm
from portal.retention.holds.services import MOST_SIGNS
from portal.retention.labels import REASONS
from portal.retention.models import HoldReason


class HoldForm(FreeTextForm):
    """Why, which one exactly, and until which day."""

    free_texts = ("details",)
    messages = {
        "day_past": _l("Kies vandaag of een dag daarna."),
        "day_far": _l("Kies een dag binnen twee jaar. Is het daarna nog nodig? Stel het dan opnieuw uit."),
        "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
        "not_named": _l("Schrijf op welke wet of welke zaak het is."),
    }

    reason = RadioField(_l("Waarom bewaart u dit langer?"), validators=[InputRequired(_l("Kies een reden."))])
    details = TextAreaField(
        _l("Welke wet, zaak of controle is dat?"),
        description=_l("Deze persoon kan dit ook lezen. Schrijf niets over iemand anders."),
        filters=[stripped],
        render_kw={"maxlength": MOST_SIGNS},
    )
    ends_on = DayField(
        _l("Bewaren tot en met"),
        description=_l("Na deze dag geldt de gewone termijn weer."),
        validators=[InputRequired(_l("Kies een dag."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the reasons that there are."""
        super().__init__(*args, **kwargs)
        self.reason.choices = choices([(reason.value, label) for reason, label in REASONS.items()])

    @property
    def chosen(self) -> HoldReason:
        """The reason that was chosen."""
        return HoldReason(self.reason.data)
