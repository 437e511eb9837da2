"""What attendance writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l

AREA = Area(
    "attendance",
    _l("presentie"),
    events=(
        Event("attendance.corrected", _l("verbeterd"), _l("verbeterde uw aanwezigheid")),
        Event("attendance.recorded", _l("ingevuld"), _l("vulde uw aanwezigheid in")),
        Event("attendance.recounted", _l("uren opnieuw geteld"), _l("telde uw uren opnieuw")),
        Event("attendance.undone", _l("teruggedraaid"), _l("draaide terug wat bij uw aanwezigheid was ingevuld")),
    ),
    views=(
        View("attendance.changes", _l("uw aanwezigheid")),
        View("attendance.register", _l("uw aanwezigheid")),
    ),
)
