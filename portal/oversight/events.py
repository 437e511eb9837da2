"""What oversight writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l

AREA = Area(
    "oversight",
    _l("toezicht"),
    events=(
        Event("oversight.access_reviewed", _l("controle van toegang ondertekend")),
        Event("oversight.incident_advised", _l("advies bij een incident")),
        Event("oversight.incident_changed", _l("incident gewijzigd")),
        Event("oversight.incident_file_taken", _l("bestand over een incident opgehaald")),
        Event("oversight.incident_opened", _l("incident van het bedrijf van het portaal geopend")),
        Event("oversight.incident_recorded", _l("incident opgeschreven")),
        Event(
            "oversight.people_named",
            _l("mensen bij een incident gezet"),
            _l("schreef op dat een incident uw gegevens raakt"),
        ),
        Event("oversight.people_told", _l("verteld over een incident"), _l("vertelde u over een incident")),
        Event(
            "oversight.person_taken_off",
            _l("iemand bij een incident weggehaald"),
            _l("schreef op dat een incident uw gegevens niet raakt"),
        ),
        Event("oversight.report_decided", _l("besluit over melden vastgelegd")),
        Event("oversight.telling_decided", _l("besluit over vertellen vastgelegd")),
    ),
    views=(
        View("oversight.choose_touched", _l("uw naam, bij een incident"), is_of_name=True),
        View("oversight.incident", _l("uw naam, bij een incident"), is_of_name=True),
    ),
)
