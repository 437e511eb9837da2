"""What policy writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event
from portal.core.http.languages import _l

AREA = Area(
    "policy",
    _l("privacyverklaring"),
    events=(
        Event("policy.announced", _l("nieuwe versie aangekondigd")),
        Event("policy.announcement_cancelled", _l("aankondiging ingetrokken")),
        Event("policy.assessment_recorded", _l("besluit over de DPIA vastgelegd")),
        Event("policy.notice_sent", _l("bericht over een nieuwe versie verstuurd")),
        Event("policy.published", _l("nieuwe versie")),
    ),
)
