"""What requests writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l
from portal.core.personal_data import CATEGORIES
from portal.learners.events import ENTRIES, RECORD

AREA = Area(
    "requests",
    _l("verzoeken en klachten"),
    events=(
        Event(
            "requests.corrected", _l("gegevens verbeterd voor een verzoek"), _l("verbeterde gegevens, zoals u vroeg")
        ),
        Event("requests.copy_asked", _l("kopie gevraagd"), _l("liet een kopie van uw gegevens maken")),
        Event(
            "requests.passages_decided", _l("stukken tekst bekeken"), _l("besloot over namen van anderen in uw kopie")
        ),
        Event(
            "requests.copy_ended", _l("kopie gewist na de termijn"), _l("wiste een kopie van uw gegevens na de termijn")
        ),
        Event(
            "requests.copy_fetched", _l("kopie opgehaald"), _l("haalde een kopie van uw gegevens op"), shows=CATEGORIES
        ),
        Event("requests.copy_flagged", _l("kopie wacht op een besluit"), _l("vond namen van anderen in uw kopie")),
        Event(
            "requests.copy_given", _l("kopie gegeven aan de balie"), _l("gaf u uw kopie aan de balie"), shows=CATEGORIES
        ),
        Event("requests.copy_made", _l("kopie gemaakt"), _l("maakte een kopie van uw gegevens")),
        Event(
            "requests.copy_sent",
            _l("bestand gestuurd naar wie de cursist noemde"),
            _l("haalde uw bestand op om het te sturen naar wie u noemde"),
            shows=CATEGORIES,
        ),
        Event("requests.advised", _l("advies van de FG geschreven"), _l("schreef een advies over uw verzoek")),
        Event("requests.closed", _l("verzoek klaar"), _l("maakte uw verzoek af: u hebt het bestand")),
        Event("requests.code_sent", _l("nieuwe code gestuurd"), _l("liet een nieuwe code sturen voor uw verzoek")),
        Event(
            "requests.complaint_about_named",
            _l("gezegd over wie een klacht gaat"),
            _l("schreef op over wie uw klacht gaat"),
        ),
        Event("requests.complaint_answered", _l("klacht beantwoord"), _l("gaf antwoord op uw klacht")),
        Event(
            "requests.complaint_person_named",
            _l("gezegd van wie een klacht is"),
            _l("schreef op dat een klacht van u is"),
        ),
        Event("requests.complaint_taken", _l("klacht opgepakt"), _l("ging met uw klacht aan het werk")),
        Event("requests.complaint_filed", _l("klacht ingediend"), _l("diende een klacht in")),
        Event("requests.complaints_ended", _l("klachten zonder naam gewist na de termijn")),
        Event("requests.decided", _l("op een verzoek beslist"), _l("gaf antwoord op uw verzoek")),
        Event("requests.document_not_right", _l("bewijs niet goed"), _l("kon uit uw bewijs niet zien wie u bent")),
        Event("requests.ended", _l("verzoeken zonder naam gewist na de termijn")),
        Event("requests.done_by_hand", _l("gedaan wat een verzoek vroeg"), _l("deed wat bij uw verzoek hoort")),
        Event("requests.extended", _l("verzoek verlengd, met reden"), _l("nam meer tijd voor uw verzoek")),
        Event("requests.filed", _l("verzoek gedaan"), _l("deed een verzoek over gegevens")),
        Event("requests.identity_asked", _l("gevraagd wie dit vraagt"), _l("vroeg wie het verzoek deed")),
        Event(
            "requests.authority_seen",
            _l("gezien dat dit gevraagd mag worden voor een ander"),
            _l("zag dat een ander dit voor u mag vragen"),
        ),
        Event(
            "requests.asked_by_named",
            _l("gezegd welke vertegenwoordiger dit vraagt"),
            _l("schreef op wie dit voor u vraagt"),
        ),
        Event("requests.identity_checked", _l("vastgesteld wie dit vraagt"), _l("stelde vast wie het verzoek deed")),
        Event(
            "requests.invoices_handed_over",
            _l("facturen staan in de boekhouding"),
            _l("schreef op dat uw facturen in de boekhouding staan"),
        ),
        Event("requests.joined", _l("verzoek samengevoegd"), _l("voegde twee verzoeken van u samen")),
        Event("requests.nobody_found", _l("gezocht over wie een verzoek gaat, en niemand gevonden")),
        Event(
            "requests.person_named",
            _l("gezegd over wie een verzoek gaat"),
            _l("schreef op dat een verzoek over u gaat"),
        ),
        Event(
            "requests.recipients_told",
            _l("verteld dat alles gewist is, aan wie het had"),
            _l("vertelde dat alles gewist is, aan wie uw gegevens had"),
        ),
        Event(
            "requests.refusal_proposed",
            _l("voorgesteld om nee te zeggen"),
            _l("stelde voor om uw verzoek af te wijzen"),
        ),
        Event(
            "requests.refusal_sent_back",
            _l("voorstel om nee te zeggen teruggestuurd"),
            _l("nam een voorstel om uw verzoek af te wijzen niet over"),
        ),
        Event("requests.narrowed", _l("deel van een verzoek teruggenomen"), _l("nam een deel van een verzoek terug")),
        Event("requests.names_given", _l("naam gegeven van wie keek"), _l("gaf u de naam van wie keek")),
        Event("requests.taken", _l("verzoek opgepakt"), _l("ging met uw verzoek aan het werk")),
        Event("requests.withdrawn", _l("verzoek teruggenomen"), _l("nam een verzoek terug")),
    ),
    views=(
        View("requests.restriction", _l("wat er van u is afgeschermd"), shows=("dealings",)),
        View(
            "requests.restriction_used",
            _l("uw afgeschermde gegevens, met een reden die de wet noemt"),
            shows=("dealings",),
        ),
        View("requests.restrictions", _l("uw naam in een lijst"), is_of_name=True),
        View("requests.own_copy", _l("een kopie van uw gegevens"), shows=("dealings",)),
        View(
            "requests.copy_passages",
            _l("teksten over u, voor uw kopie"),
            shows=("attendance", "correspondence", "dealings", "intake", "progress"),
        ),
        View("requests.ask_names", _l("wie in uw gegevens keek"), shows=("dealings",)),
        View("requests.asked", _l("de pagina waar u iets vraagt")),
        View("requests.choose_asker", _l("uw naam in een lijst"), is_of_name=True),
        View(
            "requests.correct",
            _l("gegevens over u, om ze te verbeteren"),
            shows=(*RECORD, *ENTRIES, "exam", "level", "progress"),
        ),
        View("requests.held", _l("alles over u, voor uw verzoek"), shows=CATEGORIES),
        View("requests.choose_person", _l("uw naam in een lijst"), is_of_name=True, shows=("dealings",)),
        View("requests.choose_complainant", _l("uw naam in een lijst"), is_of_name=True),
        View("requests.complaint", _l("uw klacht"), shows=("complaint",)),
        View("requests.complaint_entered", _l("uw naam bij een nieuwe klacht"), is_of_name=True),
        View("requests.complaints", _l("uw klacht"), shows=("complaint",)),
        View("requests.desk", _l("uw verzoek in een lijst"), shows=("dealings",)),
        View("requests.entered", _l("uw naam bij een nieuw verzoek"), is_of_name=True),
        View("requests.handle", _l("uw verzoek"), shows=("dealings",)),
        View("requests.my_complaint", _l("uw klacht"), shows=("complaint",)),
        View("requests.my_request", _l("uw verzoek"), shows=("dealings",)),
        View("requests.my_rights", _l("uw verzoeken"), shows=("dealings",)),
    ),
)
