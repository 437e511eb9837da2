"""What contacts writes in the audit: events with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l

AREA = Area(
    "contacts",
    _l("contacten"),
    events=(
        Event("contacts.message_added", _l("bericht opgeschreven"), shows=("correspondence",)),
        Event("contacts.question_closed", _l("vraag afgehandeld"), shows=("correspondence",)),
        Event(
            "contacts.question_archived",
            _l("vraag afgehandeld en in het archief gezet, met een reden"),
            shows=("correspondence",),
        ),
        Event("contacts.message_erased", _l("bericht gewist"), shows=("correspondence",)),
        Event("contacts.subscribed", _l("zei ja tegen de nieuwsbrief of nieuws"), shows=("newsletter",)),
        Event("contacts.unsubscribed", _l("zei nee tegen de nieuwsbrief of nieuws"), shows=("newsletter",)),
        Event("contacts.no_offered", _l("vastgelegd dat een klant nee kon zeggen tegen nieuws"), shows=("newsletter",)),
        Event(
            "contacts.application_received",
            _l("aanmelding binnengekomen"),
            shows=("birth", "contact", "intake", "name"),
        ),
        Event("contacts.application_erased", _l("aanmelding gewist"), shows=("birth", "intake", "name")),
        Event(
            "contacts.application_taken",
            _l("cursist gemaakt van een aanmelding"),
            _l("maakte uw dossier van uw aanmelding"),
        ),
        Event("contacts.mailing_written", _l("mail aan velen geschreven")),
        Event("contacts.mailing_previewed", _l("mail aan velen naar zichzelf gestuurd")),
        Event("contacts.mailing_sent", _l("mail aan velen verstuurd")),
    ),
    views=(
        View(
            "contacts.person",
            _l("uw gegevens bij de contacten"),
            shows=("address", "company", "contact", "correspondence", "dealings", "newsletter", "work"),
        ),
    ),
)
