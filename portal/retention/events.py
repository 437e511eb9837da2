"""What retention writes in the audit, with its labels; that something of a person went is `record.erased`."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l

AREA = Area(
    "retention",
    _l("bewaren"),
    events=(
        Event("retention.certificates_ended", _l("bewijzen van wissen gewist na de termijn")),
        Event("retention.rows_ended", _l("cijfers zonder naam gewist na de termijn")),
        Event("retention.ran", _l("nagekeken wat te lang bewaard is")),
        Event("retention.announced", _l("aangekondigd dat oude gegevens gewist worden")),
        Event("retention.confirmed", _l("wissen bevestigd")),
        Event("retention.taken_back", _l("bevestiging ingetrokken")),
        Event("retention.hold_set", _l("wissen uitgesteld"), _l("besloot uw gegevens langer te bewaren")),
        Event(
            "retention.hold_ended", _l("wissen niet meer uitgesteld"), _l("besloot uw gegevens niet langer te bewaren")
        ),
    ),
    views=(
        View("retention.people", _l("tot wanneer uw gegevens blijven"), shows=("dealings",)),
        View("retention.invoices", _l("uw facturen voor de boekhouding"), shows=("finance",)),
        View("retention.holds", _l("tot wanneer uw gegevens blijven"), shows=("dealings",)),
    ),
)
