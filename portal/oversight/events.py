"""What oversight writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event
from portal.core.http.languages import _l

AREA = Area(
    "oversight",
    _l("toezicht"),
    events=(Event("oversight.access_reviewed", _l("controle van toegang ondertekend")),),
)
