"""The form with which staff record what both parents or a court decided."""

from typing import Any

from wtforms import RadioField

from portal.core.http.forms import Form, InputRequired, choices
from portal.core.http.languages import _l
from portal.representation.disputes.labels import SETTLEMENTS


class SettleForm(Form):
    """Who decided, and whether what was wanted may be chosen."""

    messages = {"already_settled": _l("Dit is al besloten.")}
    settlement = RadioField(_l("Wie besliste?"), validators=[InputRequired(_l("Kies wie besliste."))])
    outcome = RadioField(_l("Wat is besloten?"), validators=[InputRequired(_l("Kies wat er is besloten."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer who can decide and what."""
        super().__init__(*args, **kwargs)
        self.settlement.choices = choices(SETTLEMENTS.items())
        self.outcome.choices = choices(
            [("yes", _l("Dit mag. Een ouder kiest het zelf.")), ("no", _l("Dit mag niet. Het blijft zoals het was."))]
        )
