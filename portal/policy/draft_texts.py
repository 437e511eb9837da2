"""What a first policy file says above its choices, and asks where only the school can answer."""

from typing import Any

from portal.core.http.languages import _l
from portal.policy.explanation.labels import REQUESTS

HEADINGS: dict[str, Any] = {
    "head": (
        _l("Zo werkt het portaal voor de school. Met een # ervoor geldt een regel niet; haal de # weg om te kiezen."),
        _l("Met {} geldt een onderdeel zoals het portaal het heeft. Wat u er zelf bij zet, gaat daarvoor."),
        _l("Bij VRAAG weet alleen de school het antwoord. Tot het er staat, zegt de verklaring: nog niet vastgelegd."),
        _l('Staat iets in uw eigen verklaring, zet het nummer er dan bij, zoals: name.promises = ["TZ-01"].'),
        _l("Controleer met: portal policy check BESTAND"),
        _l("Lees wat het portaal hiermee gaat doen met: portal policy explain BESTAND"),
    ),
    "controller": _l("Wie verantwoordelijk is."),
    "sections": _l("Wat de verklaring verder zegt, in de woorden van de school."),
    "purposes": _l("Waarvoor de school gegevens gebruikt. Een categorie dient de doelen die u hier neemt."),
    "terms": _l("Hoe lang gegevens blijven. Verandert u de stappen, verander dan ook de titel."),
    "categories": _l("Wat de school bewaart. Wat hier niet gekozen is, kan niemand invullen."),
    "conditions": _l("Wanneer een gegeven er pas mag zijn."),
    "checked": _l("Wat de school eerst nakijkt als een cursist het wijzigt."),
    "sharing": _l("Regels voor iedereen die gegevens krijgt."),
    "recipients": _l("Wie gegevens krijgt."),
    "templates": _l("Bestanden die gemaakt mogen worden."),
    "rights": _l("Wat een cursist mag vragen. Deze rechten geeft de wet."),
    "deadlines": _l("Binnen hoeveel tijd de school antwoordt."),
    "masks": _l("Wat onleesbaar wordt op een kopie van een identiteitsbewijs."),
    "complaints": _l("Klachten."),
    "confidentiality": _l("Wat medewerkers beloven voordat zij gegevens zien."),
    "security": _l("Inloggen."),
    "audit": _l("Het logboek van wie iets zag, wijzigde of doorgaf."),
    "staff": _l("Wat de school bewaart van wie er werkt."),
    "contacts": _l("Wat de school bewaart van contactpersonen, van wie iets vraagt en van wie zich aanmeldt."),
    "accountability": _l("Wat laat zien dat de school antwoordde en wiste, zonder naam erbij."),
    "changes": _l("Nieuwe versies van de verklaring."),
}

CHOICES: dict[str, Any] = {
    "sections.keeping": _l("Wat de school over bewaren wil zeggen."),
    "sections.own_data": _l("Wat de school over de eigen pagina van cursisten wil zeggen."),
    "sections.identity": _l("Hoe iemand laat zien wie zij is, als zij niet inlogt."),
    "conditions.bsn": _l("Het BSN, alleen bij een traject dat de school aan de overheid meldt."),
    **{f"rights.{key}": label for key, label in REQUESTS.items()},
    "deadlines.requests": _l("De wet geeft een maand, en voor een moeilijk verzoek hoogstens twee maanden meer."),
    "deadlines.complaint": _l("Een klacht. De wet noemt hiervoor geen tijd."),
    "masks.request": _l("Bij een verzoek van een cursist, als de school echt niet anders weet wie zij is."),
    "masks.client": _l("Als een opdrachtgever om een kopie vraagt."),
    "sharing.consent_unless_statutory": _l(
        "Met true gaat er alleen iets naar anderen met toestemming of door een wet."
    ),
    "sharing.agreement_needed": _l("Met true krijgt niemand iets voordat de afspraak is vastgelegd."),
    "sharing.outside_eea": _l(
        "Buiten de Europese Economische Ruimte: never (nooit) of with_safeguard (met waarborgen)."
    ),
    "complaints.role": _l("Naar wie een klacht gaat: management (directie) of privacy_officer."),
    "complaints.names_authority": _l("Met true noemt de verklaring de Autoriteit Persoonsgegevens."),
    "security.idle_minutes": _l("Na zoveel minuten stilte logt een medewerker opnieuw in."),
    "audit.term": _l(
        "Zo lang blijft een regel in het logboek. Sporen van inloggen gaan eerder: zie de termijn activity."
    ),
    "staff.term": _l("Zo lang na het einde van het werk blijven gegevens van een medewerker. De wet noemt geen tijd."),
    "accountability.term": _l(
        "Zo lang blijven een bewijs van wissen en een verzoek van iemand die de school niet kent."
    ),
    "audit.looks": _l("Wat een cursist leest over wie keek: role (de rol van de medewerker) of name (ook de naam)."),
    "changes.told": _l("Hoe mensen het horen: published (op de pagina), told_after (ook per e-mail) of told_before."),
}

QUESTIONS: dict[str, Any] = {
    "controller.has_privacy_officer": _l("Heeft de school een functionaris gegevensbescherming (FG)?"),
    "controller.street": _l("Op welk adres zit de school?"),
    "controller.email": _l("Op welk e-mailadres is de school te bereiken?"),
    "controller.privacy_email": _l("Naar welk e-mailadres gaan vragen over gegevens?"),
    "controller.phone": _l("Op welk telefoonnummer is de school te bereiken?"),
    "controller.website": _l("Wat is het adres van de website?"),
    "controller.chamber_of_commerce": _l("Wat is het KvK-nummer?"),
    "sections.intro": _l("Wat wil de school boven haar verklaring zeggen?"),
    "sections.sharing": _l("Wat wil de school zeggen over delen met anderen?"),
    "purposes.duo": _l("Meldt de school cursisten aan DUO? Neem dan ook bsn en duo hieronder."),
    "purposes.client_report": _l(
        "Doet de school verslag aan wie de cursus betaalt? Zo ja: met toestemming, of door een wet?"
    ),
    "purposes.quality_report": _l("Heeft de school het keurmerk van Blik op Werk?"),
    "purposes.survey": _l("Laat de school onderzoeken hoe tevreden cursisten zijn?"),
    "purposes.newsletter": _l("Stuurt de school een nieuwsbrief?"),
    "purposes.child_guidance": _l("Begeleidt de school kinderen met gevoelige gegevens?"),
    "terms.default": _l("Hoe lang bewaart de school gegevens van iemand die niet meer komt?"),
    "categories.identification": _l("Waarvoor heeft de school nationaliteit en identiteitsbewijs echt nodig?"),
    "categories.evidence": _l(
        "Bewaart de school een beeld van online lessen? Dat vraagt toestemming en een afweging vooraf."
    ),
    "categories.circumstances": _l("Welke omstandigheden moet de school kennen om goed les te geven?"),
    "agreement": _l("Op welke dag is de afspraak met deze ontvanger vastgelegd?"),
    "audit": _l('Zijn de medewerkers het ermee eens dat een cursist hun naam leest? Alleen dan mag: looks = "name"'),
    "security": _l('Voor wie moet een tweede stap bij het inloggen? Bijvoorbeeld: second_factor = ["management"]'),
}
