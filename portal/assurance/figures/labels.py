"""Words for figures: what is counted, and what to do when not all is as promised."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask_babel import LazyString

from portal.assurance.figures.keys import FigureKey
from portal.core.http.languages import _l


class FigureText(NamedTuple):
    """What a figure counts as good, and what to do about the rest."""

    title: LazyString
    advice: LazyString


_ASK_PRIVACY = _l("Kijk bij Verzoeken wat te laat is, en antwoord.")
_CHECK_FILES = _l("Kijk bij Bestanden welk bestand het is. Beoordeel of dit een datalek is.")
_TIDYING = _l("Neem contact op met de beheerder van de hosting: het opruimen werkt niet.")
_CHECK_POLICY = _l("Kijk of het privacybeleid nog klopt. Neem contact op met de beheerder van de hosting.")

TEXTS: Mapping[FigureKey, FigureText] = {
    FigureKey.STATEMENT_RECORDED: FigureText(
        _l("Inschrijvingen waarbij staat welke verklaring is aangewezen"),
        _l("Wijs deze cursisten alsnog op de verklaring, bij Nog niet verteld."),
    ),
    FigureKey.KEPT_CATEGORIES: FigureText(_l("Ingevulde velden die in het beleid staan"), _CHECK_POLICY),
    FigureKey.SOURCES_KNOWN: FigureText(
        _l("Ingevulde velden waarbij staat van wie het komt en sinds wanneer"),
        _l("Vul bij de cursist in waar het gegeven vandaan komt."),
    ),
    FigureKey.CONDITIONS_MET: FigureText(
        _l("Gegevens met de reden die het beleid vraagt"), _l("Vul de reden in, of wis het gegeven.")
    ),
    FigureKey.CONSENT_FIRST: FigureText(
        _l("Gegevens met de toestemming die daarvoor nodig is"), _l("Vraag toestemming, of wis het gegeven.")
    ),
    FigureKey.CORRECTIONS_ANSWERED: FigureText(
        _l("Verbeteringen van cursisten met een antwoord op tijd"),
        _l("Beantwoord wat wacht, bij Wijzigingen. Wat te laat is beantwoord, blijft hier meetellen."),
    ),
    FigureKey.TOLD_IN_TIME: FigureText(
        _l("Mensen die op tijd horen dat de school hun gegevens heeft"),
        _l("Vertel het hun, bij Toestemmingen, Nog niet verteld. Wie het te laat hoorde, blijft hier meetellen."),
    ),
    FigureKey.FILES_BY_POLICY: FigureText(_l("Bestanden voor een ontvanger en een doel uit het beleid"), _CHECK_FILES),
    FigureKey.FILES_WITH_CONSENT: FigureText(
        _l("Keren dat iemand in een bestand stond met de toestemming die nodig was"), _CHECK_FILES
    ),
    FigureKey.FILES_OF_CLIENT: FigureText(
        _l("Keren dat iemand in een bestand stond van de opdrachtgever die voor haar betaalt"), _CHECK_FILES
    ),
    FigureKey.FILES_LOGGED: FigureText(_l("Bestanden waarvan staat wie ze maakte en wat erin zat"), _CHECK_POLICY),
    FigureKey.FILES_GONE: FigureText(
        _l("Bestanden over hun termijn die weg zijn"),
        _TIDYING,
    ),
    FigureKey.OBJECTIONS_KEPT: FigureText(_l("Bezwaren waarna niets meer voor dat doel is gedeeld"), _CHECK_FILES),
    FigureKey.RESTRICTIONS_KEPT: FigureText(_l("Afschermingen waarna niets meer is gedeeld"), _CHECK_FILES),
    FigureKey.RECIPIENTS_AGREED: FigureText(
        _l("Ontvangers van bestanden met de afspraken die nodig zijn"),
        _l("Leg de afspraak met deze ontvanger vast in het beleid."),
    ),
    FigureKey.RECIPIENTS_IN_COUNTRY: FigureText(
        _l("Ontvangers van bestanden in een land dat het beleid toelaat"),
        _l("Deel niets meer met deze ontvanger tot het land in het beleid klopt."),
    ),
    FigureKey.CONSENTS_ASKED: FigureText(
        _l("Toestemmingen op een eigen vraag"), _l("Vraag deze toestemmingen opnieuw.")
    ),
    FigureKey.NEWS_ASKED: FigureText(
        _l("Mensen op de lijst voor nieuws die er zelf om vroegen, of die nee konden zeggen"),
        _l("Kijk bij Contacten wie het is. Vraag het opnieuw, of haal diegene van de lijst."),
    ),
    FigureKey.NEWS_WANTED: FigureText(
        _l("Mails met nieuws aan wie ze toen wilde, van mensen van wie dat nu nog in het portaal staat"),
        _l("Verstuur geen nieuws meer tot duidelijk is hoe dit kon. Beoordeel of dit een datalek is."),
    ),
    FigureKey.CONSENTS_BY_PARENT: FigureText(
        _l("Toestemmingen voor kinderen onder de 16, gegeven door een ouder of voogd"),
        _l("Vraag de ouder of voogd om toestemming."),
    ),
    FigureKey.WITHDRAWALS_DONE: FigureText(
        _l("Ingetrokken toestemmingen die binnen een minuut zijn uitgevoerd"),
        _l("Kijk bij Toestemmingen wat nog loopt. Blijft het staan? Vraag de beheerder van de hosting."),
    ),
    FigureKey.ANSWERED_IN_TIME: FigureText(_l("Verzoeken met een antwoord op tijd"), _ASK_PRIVACY),
    FigureKey.IDENTITY_CHECKED: FigureText(
        _l("Toegewezen verzoeken waarbij eerst is nagegaan wie het vroeg"),
        _l("Kijk bij Verzoeken welk verzoek het is. Beoordeel of dit een datalek is."),
    ),
    FigureKey.DOCUMENTS_DESTROYED: FigureText(
        _l("Kopieën van een identiteitsbewijs die na het besluit weg zijn"), _CHECK_POLICY
    ),
    FigureKey.COMPLAINTS_IN_TIME: FigureText(
        _l("Klachten met een antwoord op tijd"), _l("Kijk bij Klachten wat te laat is, en antwoord.")
    ),
    FigureKey.VERSIONS_ANNOUNCED: FigureText(
        _l("Belangrijke wijzigingen waarover iedereen vooraf bericht kreeg"),
        _l("Kijk bij Privacyverklaring welke berichten nog weg moeten."),
    ),
    FigureKey.PAST_TERM: FigureText(
        _l("Mensen van wie niets langer staat dan de termijn"),
        _l("Kijk bij Bewaartijd waarom er iets blijft staan: een grens, een reden om te bewaren of een fout."),
    ),
    FigureKey.CONTACTS_PAST_TERM: FigureText(
        _l("Contacten van wie niets langer staat dan de termijn"),
        _l(
            "Kijk bij Bewaartijd waarom er iets blijft staan: een grens, een reden om te bewaren of een fout. "
            "Zijn het er meer dan de grens, en mogen zij weg? Bevestig dat daar."
        ),
    ),
    FigureKey.RECORDS_GONE: FigureText(
        _l(
            "Bewijzen van wissen, verzoeken en klachten zonder naam, optellingen zonder namen "
            "en regels van het logboek die binnen hun termijn zijn"
        ),
        _TIDYING,
    ),
    FigureKey.ERASURES_KEPT: FigureText(
        _l("Dossiers die niet eerder zijn gewist"),
        _l("Zet de site stil en vraag de beheerder van de hosting: een gewist dossier staat er weer."),
    ),
    FigureKey.CONFIDENTIALITY_ACCEPTED: FigureText(
        _l("Medewerkers die eerst de geheimhouding accepteerden en daarna een dossier openden"), _CHECK_POLICY
    ),
    FigureKey.LOOKS_BY_ROLE: FigureText(
        _l("Keren dat iemand naar gegevens keek met een rol die dat mag"),
        _l("Kijk in het Logboek wie het was. Beoordeel of dit een datalek is."),
    ),
    FigureKey.ROLES_ENDED: FigureText(
        _l("Mensen die weg zijn en geen rol meer hebben"), _l("Beëindig hun rollen, bij Medewerkers.")
    ),
    FigureKey.TRAIL_WHOLE: FigureText(
        _l("Regels van het logboek die ongewijzigd zijn"),
        _l("Vraag de beheerder van de hosting het logboek te controleren: er is iets gewijzigd of weg."),
    ),
    FigureKey.SECOND_FACTOR: FigureText(
        _l("Mensen met een rol die een tweede stap vraagt, en die hebben"),
        _l("Zij stellen de tweede stap in zodra zij weer inloggen. Komt iemand niet meer? Beëindig de rol."),
    ),
    FigureKey.ACTIVITY_GONE: FigureText(
        _l("Sporen van inloggen, met het IP-adres en in het logboek, die binnen hun termijn zijn"),
        _TIDYING,
    ),
    FigureKey.DECIDED_BY_PERSON: FigureText(
        _l("Beantwoorde signalen waarbij staat welke medewerker het deed"), _CHECK_POLICY
    ),
    FigureKey.ACCESS_REVIEWED: FigureText(
        _l("Controles van toegang die op tijd zijn ondertekend"),
        _l("Kijk bij Controle van toegang wie waar bij kan, en onderteken."),
    ),
    FigureKey.MEASURES_IN_PLACE: FigureText(
        _l("Maatregelen van de school die volgens de laatste controle kloppen"),
        _l("Breng in orde wat nog niet klopt, en doe daarna weer een controle van toegang."),
    ),
    FigureKey.INCIDENTS_IN_TIME: FigureText(
        _l("Incidenten die binnen 72 uur zijn gemeld of besloten"),
        _l("Kijk bij Incidenten wat nog gemeld of besloten moet worden. Schrijf op waarom het later was."),
    ),
    FigureKey.INCIDENTS_TOLD: FigureText(
        _l("Mensen die een incident raakt en die al bericht kregen, geteld vanaf het besluit om te vertellen"),
        _l("Deze mensen kregen nog geen bericht. Open het incident bij Incidenten. Mail hen, of stuur een brief."),
    ),
    FigureKey.BACKUPS_MADE: FigureText(
        _l("De laatste reservekopie is vers"), _l("Vraag de beheerder van de hosting: er is geen verse reservekopie.")
    ),
    FigureKey.RESTORE_TRIED: FigureText(
        _l("De laatste proef met terugzetten ging goed"),
        _l("Vraag de beheerder van de hosting: de proef met terugzetten ging mis, of is te lang geleden."),
    ),
    FigureKey.COOKIES_NEEDED: FigureText(
        _l("Cookies en adressen van anderen: bij elke versie van de portal opent een browser elke pagina en telt ze"),
        _CHECK_POLICY,
    ),
}


class PublicText(NamedTuple):
    """What everybody reads, and the figures that show it, taken together over all their subjects."""

    title: LazyString
    keys: tuple[FigureKey, ...]


PUBLIC: Sequence[PublicText] = (
    PublicText(_l("Wij geven op tijd antwoord op vragen over gegevens"), (FigureKey.ANSWERED_IN_TIME,)),
    PublicText(_l("Wij geven op tijd antwoord op klachten"), (FigureKey.COMPLAINTS_IN_TIME,)),
    PublicText(_l("Klopt iets niet? Dan geven wij op tijd antwoord"), (FigureKey.CORRECTIONS_ANSWERED,)),
    PublicText(_l("Toestemming weg? Dan stoppen wij binnen een minuut"), (FigureKey.WITHDRAWALS_DONE,)),
    PublicText(
        _l("Zegt iemand nee tegen een gebruik? Dan geven wij daarvoor niets meer"), (FigureKey.OBJECTIONS_KEPT,)
    ),
    PublicText(_l("Zijn gegevens afgeschermd? Dan geven wij die aan niemand"), (FigureKey.RESTRICTIONS_KEPT,)),
    PublicText(_l("Wij geven gegevens alleen met toestemming, als die nodig is"), (FigureKey.FILES_WITH_CONSENT,)),
    PublicText(_l("Voor toestemming stellen wij een eigen vraag"), (FigureKey.CONSENTS_ASKED,)),
    PublicText(_l("Nieuws krijgt alleen wie ja zei, of nee kon zeggen"), (FigureKey.NEWS_ASKED, FigureKey.NEWS_WANTED)),
    PublicText(
        _l("Wij bewaren iets alleen met de reden of de toestemming die nodig is"),
        (FigureKey.CONSENT_FIRST, FigureKey.CONDITIONS_MET),
    ),
    PublicText(_l("Jonger dan 16? Dan vragen wij het een ouder of voogd"), (FigureKey.CONSENTS_BY_PARENT,)),
    PublicText(_l("Wij geven gegevens alleen aan wie in deze verklaring staat"), (FigureKey.FILES_BY_POLICY,)),
    PublicText(_l("Wie betaalt, krijgt alleen iets over zijn eigen cursisten"), (FigureKey.FILES_OF_CLIENT,)),
    PublicText(
        _l("Met wie gegevens krijgt, hebben wij afspraken"),
        (FigureKey.RECIPIENTS_AGREED, FigureKey.RECIPIENTS_IN_COUNTRY),
    ),
    PublicText(_l("Wij bewaren alleen wat in deze verklaring staat"), (FigureKey.KEPT_CATEGORIES,)),
    PublicText(_l("Wij weten van wie wij een gegeven kregen"), (FigureKey.SOURCES_KNOWN,)),
    PublicText(_l("Wij vertellen mensen op tijd dat wij gegevens van hen hebben"), (FigureKey.TOLD_IN_TIME,)),
    PublicText(_l("Wie zich inschrijft, wijzen wij op deze verklaring"), (FigureKey.STATEMENT_RECORDED,)),
    PublicText(_l("Verandert er iets belangrijks? Dan vertellen wij het van tevoren"), (FigureKey.VERSIONS_ANNOUNCED,)),
    PublicText(_l("Wij bewaren niets te lang"), (FigureKey.PAST_TERM, FigureKey.CONTACTS_PAST_TERM)),
    PublicText(_l("Ook het logboek en onze bewijzen van wissen gaan op tijd weg"), (FigureKey.RECORDS_GONE,)),
    PublicText(_l("Wie gewist is, komt niet terug"), (FigureKey.ERASURES_KEPT,)),
    PublicText(_l("Een kopie van een identiteitsbewijs gaat na het besluit weg"), (FigureKey.DOCUMENTS_DESTROYED,)),
    PublicText(_l("Wij weten eerst wie iets vraagt, en geven dan pas antwoord"), (FigureKey.IDENTITY_CHECKED,)),
    PublicText(_l("Alleen wie het voor het werk nodig heeft, kijkt in gegevens"), (FigureKey.LOOKS_BY_ROLE,)),
    PublicText(_l("Wie in gegevens kijkt, beloofde eerst om te zwijgen"), (FigureKey.CONFIDENTIALITY_ACCEPTED,)),
    PublicText(_l("Het logboek is niet veranderd"), (FigureKey.TRAIL_WHOLE,)),
    PublicText(_l("Elk kwartaal kijken wij wie waar bij kan"), (FigureKey.ACCESS_REVIEWED,)),
    PublicText(_l("Een mens besluit, niet de computer"), (FigureKey.DECIDED_BY_PERSON,)),
    PublicText(_l("Wij gebruiken alleen cookies die nodig zijn"), (FigureKey.COOKIES_NEEDED,)),
)
"""What everybody reads on the statement, in this order: of each promise one line at least.

What tells a thief where a door is open (second steps, roles of who left, backups, incidents) stands in *Bewijs* alone.
"""
