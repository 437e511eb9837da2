"""What identity writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l

AREA = Area(
    "identity",
    _l("wie iemand is"),
    events=(
        Event("identity.document_handed_in", _l("bewijs ingeleverd"), _l("leverde een zwart gemaakt bewijs in")),
        Event(
            "identity.document_kept",
            _l("bewijs voor de opdrachtgever bewaard"),
            _l("bewaarde een zwart gemaakt bewijs voor uw opdrachtgever"),
        ),
        Event("identity.document_seen", _l("bewijs één keer bekeken"), _l("bekeek uw zwart gemaakte bewijs, één keer")),
    ),
    views=(View("identity.picture", _l("uw zwart gemaakte bewijs"), shows=("identification",)),),
)
