"""What purposes writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l

AREA = Area(
    "purposes",
    _l("toestemming"),
    events=(
        Event(
            "purposes.consent_ended_by_merging",
            _l("keuze samengevoegd"),
            _l("maakte één dossier van twee: uw nieuwste keuze blijft"),
        ),
        Event(
            "purposes.consents_lapsed",
            _l("vervallen door een nieuwe privacyverklaring"),
            _l("liet uw toestemming vervallen, want de vraag is veranderd"),
        ),
        Event(
            "purposes.consent_lapsed_at_sixteen",
            _l("vervallen: de cursist werd 16"),
            _l("liet het ja van uw ouder of voogd vervallen, want u werd 16"),
        ),
        Event("purposes.consent_given", _l("gegeven"), _l("gaf toestemming")),
        Event("purposes.consent_refused", _l("nee gezegd"), _l("zei nee op een vraag om toestemming")),
        Event(
            "purposes.objection_lost",
            _l("bezwaar afgewezen, met een dwingende reden"),
            _l("wees uw bezwaar af, met een dwingende reden"),
        ),
        Event("purposes.objection_made", _l("bezwaar gemaakt"), _l("maakte bezwaar tegen een gebruik")),
        Event(
            "purposes.objection_taken_back",
            _l("bezwaar teruggenomen: het gebruik mag weer"),
            _l("nam een bezwaar terug: het gebruik mag weer"),
        ),
        Event(
            "purposes.people_told",
            _l("verteld dat de school gegevens heeft"),
            _l("vertelde u dat de school gegevens van u heeft"),
        ),
        Event(
            "purposes.telling_asked",
            _l("e-mail gevraagd: de school heeft gegevens"),
            _l("vroeg een e-mail aan u: de school heeft gegevens van u"),
        ),
        Event("purposes.objection_won", _l("bezwaar toegewezen"), _l("gaf u gelijk: het gebruik stopt voorgoed")),
        Event("purposes.consent_withdrawn", _l("teruggenomen"), _l("nam toestemming terug")),
        Event(
            "purposes.lifting_announced",
            _l("opheffen van een afscherming aangekondigd"),
            _l("liet u weten dat uw gegevens weer gebruikt gaan worden"),
        ),
        Event("purposes.restricted", _l("gegevens afgeschermd"), _l("schermde gegevens van u af")),
        Event(
            "purposes.restricted_used",
            _l("afgeschermde gegevens gebruikt, met reden"),
            _l("gebruikte afgeschermde gegevens van u, met een reden die de wet noemt"),
        ),
        Event("purposes.restriction_lifted", _l("afscherming opgeheven"), _l("liet uw gegevens weer gebruiken")),
        Event(
            "purposes.sixteen_announced",
            _l("verteld dat de cursist 16 wordt"),
            _l("vertelde u en uw ouder of voogd dat u 16 wordt"),
        ),
        Event(
            "purposes.sixteen_letter_sent",
            _l("brief over 16 jaar verstuurd"),
            _l("stuurde een brief over uw 16e verjaardag"),
        ),
        Event(
            "purposes.sixteen_reached",
            _l("16 geworden: beslist zelf"),
            _l("schreef op dat u nu zelf beslist: u bent 16"),
        ),
        Event(
            "purposes.withdrawal_asked_anew",
            _l("intrekking opnieuw gevraagd"),
            _l("vroeg een intrekking opnieuw uit te voeren"),
        ),
        Event("purposes.withdrawal_carried_out", _l("intrekking uitgevoerd"), _l("voerde een intrekking uit")),
    ),
    views=(
        View("purposes.children", _l("dat u 16 wordt, en wie uw ouders zijn"), shows=("birth", "dealings")),
        View("purposes.confirm", _l("uw toestemmingen"), shows=("consent",)),
        View("purposes.followed", _l("uw toestemmingen"), shows=("consent",)),
        View("purposes.mine", _l("uw toestemmingen"), shows=("consent",)),
        View("purposes.untold", _l("uw naam in een lijst"), is_of_name=True),
    ),
)
