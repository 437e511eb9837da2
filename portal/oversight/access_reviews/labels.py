"""Words of a review of access: the measures that the school sees to itself, and what changed meanwhile."""

from collections.abc import Mapping

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.oversight.access_reviews.models import Measure

MEASURES: Mapping[Measure, LazyString] = {
    Measure.OFFICE: _l("Het kantoor gaat op slot als er niemand is."),
    Measure.CABINET: _l("Papieren dossiers liggen in een kast op slot."),
    Measure.WIFI: _l("Medewerkers werken niet op openbare wifi."),
    Measure.SCREENS: _l("Een scherm gaat op slot als iemand wegloopt."),
    Measure.PAPER: _l("Papier met namen gaat niet zo bij het oud papier."),
    Measure.UPDATES: _l("Computers en telefoons van de school krijgen elke update."),
}
CHANGES: Mapping[str, LazyString] = {
    "new": _l("is erbij gekomen"),
    "gone": _l("geldt niet meer"),
    "dates": _l("heeft een andere dag van begin of einde"),
}
