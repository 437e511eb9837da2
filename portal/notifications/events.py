"""What notifications write in the audit, with their labels."""

from portal.core.audit.declarations import Area, Event
from portal.core.http.languages import _l

AREA = Area(
    "notifications",
    _l("meldingen"),
    events=(
        Event("notifications.mail_ended", _l("mail over meldingen uitgezet")),
        Event("notifications.mail_resumed", _l("mail over meldingen aangezet")),
    ),
)
