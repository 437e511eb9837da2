"""What signals write in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l

AREA = Area(
    "signals",
    _l("signalen"),
    events=(
        Event("signals.raised", _l("signaal gegeven"), _l("vroeg uw school om te kijken hoe het met u gaat")),
        Event("signals.ended", _l("niet meer aan de orde"), _l("zag dat een vraag over u niet meer nodig is")),
        Event("signals.answered", _l("signaal beantwoord"), _l("antwoordde op een vraag over u")),
        Event("signals.rules_changed", _l("regels voor signalen gewijzigd")),
    ),
    views=(
        View("signals.list", _l("een vraag over uw lessen"), shows=("attendance",)),
        View("signals.one", _l("een vraag over uw lessen"), shows=("attendance",)),
    ),
)
