"""What disclosures writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l
from portal.core.personal_data import CATEGORIES

AREA = Area(
    "disclosures",
    _l("bestanden"),
    events=(
        Event("disclosures.address_set", _l("e-mailadres van een ontvanger")),
        Event("disclosures.file_asked", _l("bestand gevraagd"), _l("vroeg een bestand aan met uw gegevens")),
        Event("disclosures.file_ended", _l("bestand gewist"), _l("wiste een bestand met uw gegevens")),
        Event("disclosures.file_given", _l("bestand opgehaald"), _l("haalde een bestand op met uw gegevens")),
        Event("disclosures.file_made", _l("bestand gemaakt"), _l("maakte een bestand met uw gegevens")),
        Event("disclosures.file_voided", _l("bestand vervallen"), _l("liet een bestand met uw gegevens vervallen")),
        Event("disclosures.recipient_told", _l("ontvanger ingelicht"), _l("vertelde een ontvanger dat u nee zei")),
    ),
    views=(
        View("disclosures.notices", _l("een bestand met uw gegevens"), shows=("dealings",)),
        View("disclosures.preview", _l("een bestand met uw gegevens"), shows=CATEGORIES),
    ),
)
