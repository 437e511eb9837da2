"""What fields and choices of the record are called in front of people."""

from enum import StrEnum
from typing import Any

from flask_babel import LazyString

from portal.core.http.languages import LANGUAGES, _l
from portal.core.http.value_messages import VALUE_MESSAGES
from portal.learners.record.models import Gender, MaritalStatus, Source

LABELS: dict[str, LazyString] = {
    "number": _l("Cursistnummer"),
    "given_name": _l("Voornaam"),
    "name_prefix": _l("Tussenvoegsel"),
    "family_name": _l("Achternaam"),
    "street": _l("Straat"),
    "house_number": _l("Huisnummer"),
    "postcode": _l("Postcode"),
    "city": _l("Woonplaats"),
    "country": _l("Land"),
    "email": _l("E-mail"),
    "phone": _l("Telefoon"),
    "phone_other": _l("Tweede telefoon"),
    "preferred_language": _l("Taal voor berichten"),
    "gender": _l("Geslacht"),
    "birth_date": _l("Geboortedatum"),
    "birth_place": _l("Geboorteplaats"),
    "birth_country": _l("Geboorteland"),
    "nationality": _l("Nationaliteit"),
    "document_kind": _l("Soort identiteitsbewijs"),
    "document_number": _l("Nummer identiteitsbewijs"),
    "document_valid_until": _l("Identiteitsbewijs geldig tot"),
    "bsn": _l("BSN"),
    "residence_status": _l("Verblijfsstatus"),
    "arrived_on": _l("Aangekomen in Nederland"),
    "education_level": _l("Opleidingsniveau"),
    "diplomas": _l("Diploma's"),
    "competences": _l("Competenties"),
    "languages": _l("Talen"),
    "work_experience": _l("Werkervaring"),
    "employer": _l("Werkgever"),
    "marital_status": _l("Burgerlijke staat"),
    "care_duties": _l("Zorg voor anderen"),
    "circumstances": _l("Omstandigheden bij het leren"),
    "conditions": _l("Nodig om mee te doen"),
    "company_name": _l("Bedrijf"),
    "kvk_number": _l("KvK-nummer"),
    "iban": _l("Rekeningnummer (IBAN)"),
    "special_notes": _l("Gevoelige gegevens"),
}
"""What the fields of a learner's own row are called, by column."""

CHOICES: dict[str, dict[StrEnum, LazyString]] = {
    "gender": {
        Gender.FEMALE: _l("vrouw"),
        Gender.MALE: _l("man"),
        Gender.OTHER: _l("anders"),
    },
    "marital_status": {
        MaritalStatus.SINGLE: _l("alleenstaand"),
        MaritalStatus.MARRIED: _l("getrouwd"),
        MaritalStatus.PARTNERSHIP: _l("geregistreerd partner"),
        MaritalStatus.DIVORCED: _l("gescheiden"),
        MaritalStatus.WIDOWED: _l("partner overleden"),
    },
}
USUAL: dict[str, dict[str, LazyString]] = {
    "document_kind": {
        "paspoort": _l("paspoort"),
        "identiteitskaart": _l("identiteitskaart"),
        "id-kaart": _l("identiteitskaart"),
        "verblijfsdocument": _l("verblijfsdocument"),
        "verblijfspas": _l("verblijfsdocument"),
        "rijbewijs": _l("rijbewijs"),
    },
    "residence_status": {
        "asiel": _l("asiel"),
        "verblijfsvergunning": _l("verblijfsvergunning"),
        "verblijfsvergunning asiel": _l("verblijfsvergunning asiel"),
        "verblijfsvergunning gezin": _l("verblijfsvergunning gezin"),
        "eu-burger": _l("EU-burger"),
        "tijdelijke bescherming": _l("tijdelijke bescherming"),
    },
    "education_level": {
        "geen onderwijs": _l("geen onderwijs"),
        "basisschool": _l("basisonderwijs"),
        "basisonderwijs": _l("basisonderwijs"),
        "enkele jaren middelbare school": _l("enkele jaren middelbare school"),
        "middelbare school": _l("middelbare school"),
        "beroepsopleiding": _l("beroepsopleiding"),
        "universiteit": _l("universiteit"),
    },
}
"""What schools usually write in a field without choices, in small letters; kept as written, told in each language."""
SOURCES: dict[Source, LazyString] = {
    Source.LEARNER: _l("de cursist"),
    Source.SCHOOL: _l("de school"),
    Source.REFERRER: _l("wie aanmeldde"),
}
ON_BEHALF = "representative"
"""The channel of what came through who acts for a learner, and not from herself."""
CHANNELS: dict[str, LazyString] = {
    "website": _l("via de website"),
    "portal": _l("in dit portaal"),
    "e-mail": _l("per e-mail"),
    "phone": _l("per telefoon"),
    "app": _l("via een app"),
    "paper": _l("op papier"),
    "conversation": _l("in een gesprek"),
    "intake": _l("bij het eerste gesprek"),
    "import": _l("uit een ingelezen bestand"),
    ON_BEHALF: _l("via een vertegenwoordiger"),
}
LANGUAGE_NAMES: dict[str, str] = {
    **LANGUAGES, "tr": "Türkçe", "uk": "Українська", "ti": "ትግርኛ", "fa": "فارسی", "fr": "Français", "pl": "Polski",
}  # fmt: skip


CATEGORIES: dict[str, LazyString] = {
    "name": _l("Naam"),
    "address": _l("Adres"),
    "contact": _l("Contact"),
    "birth": _l("Geboorte en geslacht"),
    "identification": _l("Nationaliteit en identiteitsbewijs"),
    "bsn": _l("Burgerservicenummer (BSN)"),
    "residence": _l("Verblijf in Nederland"),
    "education": _l("Opleiding"),
    "work": _l("Werk"),
    "circumstances": _l("Persoonlijke omstandigheden"),
    "trajectory": _l("Traject"),
    "intake": _l("Eerste gesprek"),
    "attendance": _l("Aanwezigheid"),
    "evidence": _l("Bewijs van online lessen"),
    "level": _l("Niveau"),
    "exam": _l("Toetsen en examens"),
    "progress": _l("Voortgang"),
    "appointment": _l("Afspraken"),
    "finance": _l("Betalingen"),
    "company": _l("Bedrijf"),
    "correspondence": _l("Vragen en berichten"),
    "complaint": _l("Klachten"),
    "activity": _l("Gebruik van het portaal"),
    "account": _l("Account"),
    "consent": _l("Toestemmingen"),
    "special": _l("Bijzondere gegevens"),
    "newsletter": _l("Nieuwsbrief"),
    "dealings": _l("Wat er met de gegevens gebeurde"),
}


# Why a value of a record was refused.
MESSAGES: dict[str, Any] = {
    **VALUE_MESSAGES,
    "restricted": _l("Deze persoon is afgeschermd. Vraag de privacymedewerker."),
    "number_taken": _l("Een andere cursist heeft dit nummer al. Kies een ander nummer, of laat het leeg."),
    "not_in_policy": _l("De school bewaart dit niet: “%(category)s” staat niet zo in haar privacyverklaring."),
    "needs_reporting_trajectory": _l(
        "Een BSN mag alleen bij een traject dat de school aan de overheid meldt. Leg eerst dat traject vast."
    ),
    "needs_ground": _l("Schrijf op waarom de school dit mag bewaren. Zonder die reden mag het niet."),
    "needs_consent": _l("Hiervoor is eerst toestemming van de cursist nodig: “%(purpose)s”."),
    "other_origin": _l("Dit mag de school alleen bewaren als het komt van: %(origins)s."),
    "of_a_child": _l("Dit bewaart de school alleen van een kind jonger dan 18 jaar. Vul eerst de geboortedatum in."),
    "needs_parent": _l("De cursist is jonger dan 16 jaar. Een ouder of voogd moet hiervoor eerst toestemming geven."),
    "ends_before_start": _l("Het einde ligt vóór het begin. Kijk beide datums na."),
    "manager_of_other_client": _l("Deze klantmanager werkt bij een andere opdrachtgever."),
    "request_incomplete": _l("Vul de dag in waarop de gemeente dit vroeg, en haar kenmerk of woorden."),
    "request_of_others": _l(
        "Dit kan alleen bij de Wet inburgering 2021. En alleen bij gezin of een andere doelgroep dan asiel."
    ),
    "not_a_municipality": _l(
        "Dit kan alleen bij een gemeente als opdrachtgever. Kijk na wat zij is in uw lijst van organisaties."
    ),
    "request_of_other_client": _l(
        "Dit vroeg de vorige opdrachtgever. Maak deze velden leeg, of vul in wat de nieuwe vroeg."
    ),
    "reason_required": _l("Schrijf op waarom u dit weigert. De cursist krijgt dit te lezen."),
    "same_value": _l("Dit staat er al zo."),
    "stale": _l("Iemand anders heeft dit intussen gewijzigd. Kijk wat er nu staat, en sla daarna nog een keer op."),
    "proposed_anew": _l("De cursist heeft intussen iets anders voorgesteld. Kijk wat er nu staat, en beslis dan."),
    "entry_gone": _l("Dit staat er niet meer, dus kan het niet worden overgenomen. Weiger het, met uitleg."),
    "decided_already": _l("Hierover is intussen al beslist."),
    "same_record": _l("Dit is twee keer hetzelfde dossier. Kies een ander."),
    "merged_already": _l("Een van deze dossiers is al samengevoegd."),
    "undo_over": _l("Dit kan niet meer ongedaan worden gemaakt."),
    "undone_already": _l("Dit is al ongedaan gemaakt. Er zijn weer twee dossiers."),
    "merged_again": _l("Daarna is er nog een dossier samengevoegd. Maak dat eerst ongedaan."),
    "erased_since": _l(
        "Dit kan niet meer ongedaan worden gemaakt. Er is intussen een gegeven gewist of een toestemming gestopt."
    ),
    "different_bsn": _l("Deze dossiers hebben verschillende BSN's. Het zijn dus niet dezelfde mensen."),
}
