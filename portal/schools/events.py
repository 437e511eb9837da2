"""What schools writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event
from portal.core.http.languages import _l

AREA = Area(
    "schools",
    _l("instellingen"),
    events=(
        Event("schools.added", _l("toegevoegd")),
        Event("schools.changed", _l("gewijzigd")),
        Event("schools.handed_over", _l("overgedragen aan de school")),
        Event("schools.host_added", _l("toegevoegd")),
        Event("schools.host_chosen", _l("gekozen")),
        Event("schools.host_removed", _l("verwijderd")),
    ),
)
