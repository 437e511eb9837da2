"""What the keys of a policy are called in front of people: fields, bases, rights, and lengths of time.

A table whose fields nobody tells apart has one name for all.
"""

from flask_babel import LazyString

from portal.core.http.languages import _l, _n
from portal.policy.schema.periods import Period

FIELDS: dict[str, LazyString] = {
    "learner.number": _l("cursistnummer"),
    "learner.given_name": _l("voornaam"),
    "learner.name_prefix": _l("tussenvoegsel"),
    "learner.family_name": _l("achternaam"),
    "learner.street": _l("straat"),
    "learner.house_number": _l("huisnummer"),
    "learner.postcode": _l("postcode"),
    "learner.city": _l("woonplaats"),
    "learner.country": _l("land"),
    "learner.email": _l("e-mailadres"),
    "learner.phone": _l("telefoonnummer"),
    "learner.phone_other": _l("tweede telefoonnummer"),
    "learner.preferred_language": _l("taal voor berichten"),
    "learner.gender": _l("geslacht"),
    "learner.birth_date": _l("geboortedatum"),
    "learner.birth_place": _l("geboorteplaats"),
    "learner.birth_country": _l("geboorteland"),
    "learner.nationality": _l("nationaliteit"),
    "learner.document_kind": _l("soort identiteitsbewijs"),
    "learner.document_number": _l("nummer van het identiteitsbewijs"),
    "learner.document_valid_until": _l("tot wanneer het identiteitsbewijs geldig is"),
    "learner.bsn": _l("burgerservicenummer (BSN)"),
    "learner.residence_status": _l("verblijfsstatus"),
    "learner.arrived_on": _l("datum van aankomst in Nederland"),
    "learner.education_level": _l("opleidingsniveau"),
    "learner.diplomas": _l("diploma's"),
    "learner.competences": _l("wat u al kunt"),
    "learner.languages": _l("talen die u spreekt"),
    "learner.work_experience": _l("werkervaring"),
    "learner.employer": _l("werkgever"),
    "learner.marital_status": _l("burgerlijke staat"),
    "learner.care_duties": _l("zorg voor anderen"),
    "learner.circumstances": _l("omstandigheden die invloed hebben op het leren"),
    "learner.conditions": _l("wat geregeld moet zijn om mee te doen"),
    "learner.company_name": _l("bedrijfsnaam"),
    "learner.kvk_number": _l("KvK-nummer"),
    "learner.iban": _l("rekeningnummer (IBAN)"),
    "learner.special_notes": _l("gevoelige gegevens van een kind"),
    "note.body": _l("notities van docenten"),
    "note.written_at": _l("wanneer een notitie is geschreven"),
    "identity_document.file_id": _l("een kopie van uw identiteitsbewijs, met delen zwart"),
    "intake.held_on": _l("datum van het eerste gesprek"),
    "trajectory.act": _l("wet waaronder u inburgert"),
    "trajectory.route": _l("leerroute"),
    "trajectory.client_id": _l("opdrachtgever"),
    "trajectory.client_manager_id": _l("klantmanager"),
}
TABLES: dict[str, LazyString] = {
    "trajectory": _l("uw traject: wet, route, opdrachtgever, klantmanager, uren, afspraken en wat uw gemeente vroeg"),
    "enrolment": _l("de groepen waarin u zit of zat"),
    "coaching": _l("wie u begeleidt of begeleidde"),
    "waiting_entry": _l("dat u op een wachtlijst staat of stond"),
    "intake": _l("datum en resultaat van het eerste gesprek"),
    "attendance_mark": _l("per les: aanwezig of niet, met welke reden, en de minuten"),
    "absence_notice": _l("dat u vooraf zei dat u niet kon komen"),
    "mark_change": _l("verbeteringen in de presentielijst"),
    "mark_note": _l("notities bij uw aanwezigheid"),
    "signal": _l("vragen aan de school over hoe het gaat"),
    "lesson_evidence": _l("een beeld van u in een online les"),
    "level": _l("uw niveau per vaardigheid, met datum"),
    "can_do": _l("wat u kunt, van uw docent en van uzelf"),
    "goal": _l("het niveau dat u zelf wilt halen"),
    "exam_result": _l("resultaten van toetsen en examens"),
    "evaluation": _l("tussentijdse en laatste evaluaties"),
    "joint_evaluation": _l("evaluaties die u samen met uw docent invult"),
    "note": _l("notities van docenten"),
    "appointment": _l("afspraken"),
    "invoice_line": _l("facturen en betalingen"),
    "order_line": _l("bestellingen"),
    "complaint": _l("uw klacht en wat de school ermee deed"),
    "correspondence": _l("uw vragen, meldingen en berichten"),
    "identity_document": _l("een kopie van uw identiteitsbewijs, met delen zwart"),
}
FINDINGS: dict[str, LazyString] = {
    "attendance": _l("uw aanwezigheid"),
    "levels": _l("uw niveau"),
    "exams": _l("een uitslag"),
    "notes": _l("een notitie"),
}
"""What a school finds of a learner, and she may say something against, by the feature that keeps it."""
WHOLE: dict[str, LazyString] = {
    "account": _l("uw inlognaam, rollen en begin van uw account; niemand leest uw wachtwoord"),
    "activity": _l("wanneer en met welk apparaat u inlogde, en het IP-adres"),
    "consent": _l("waar u ja op zei, bij welke tekst, en wanneer u stopte"),
    "dealings": _l("waar iets vandaan komt, wijzigingen, wie het kreeg, wie voor u handelt"),
    "newsletter": _l("of u de nieuwsbrief wilt"),
}
LAWS: dict[str, LazyString] = {
    "Wet inburgering": _l("de wet over inburgering"),
    "Algemene wet inzake rijksbelastingen": _l("de belastingwet"),
    "Wet financiering sociale verzekeringen": _l("de wet over sociale verzekeringen"),
    "UAVG": _l("de privacywet van Nederland"),
    "AVG": _l("de privacywet van Europa"),
}
"""What a law is about, by the beginning of its official name, which stays Dutch in every language."""
BASES: dict[str, LazyString] = {
    "contract": _l("afspraak met u"),
    "legal_obligation": _l("de wet"),
    "legitimate_interest": _l("belang van de school"),
    "consent": _l("uw toestemming"),
}
RIGHTS: dict[str, LazyString] = {
    "access": _l("Zien wat de school van u heeft, en een kopie krijgen"),
    "rectification": _l("Laten verbeteren wat niet klopt"),
    "erasure": _l("Laten wissen"),
    "restriction": _l("Laten afschermen: de school bewaart het, maar gebruikt het niet"),
    "portability": _l("Meenemen in een bestand"),
    "objection": _l("Nee zeggen tegen gebruik dat u niet wilt"),
    "consent_withdrawal": _l("Stoppen met een toestemming"),
    "complaint": _l("Een klacht indienen"),
}
ORIGINS: dict[str, LazyString] = {
    "learner": _l("van u"),
    "school": _l("van de school"),
    "referrer": _l("van wie u aanmeldde"),
}
MASKS: dict[str, LazyString] = {
    "photo": _l("de pasfoto"),
    "mrz": _l("de strook met tekens onderaan"),
    "document_number": _l("het nummer"),
    "bsn": _l("het BSN"),
}

SECTIONS: dict[str, LazyString] = {
    "languages": _l("de talen van de verklaring"),
    "controller": _l("wie verantwoordelijk is"),
    "purposes": _l("een doel"),
    "terms": _l("hoe lang iets bewaard wordt"),
    "categories": _l("een soort gegevens"),
    "conditions": _l("een voorwaarde bij een gegeven"),
    "checked": _l("wat de school eerst nakijkt"),
    "sharing": _l("de regels voor delen met anderen"),
    "recipients": _l("een ontvanger"),
    "templates": _l("een bestand voor een ontvanger"),
    "rights": _l("een recht"),
    "deadlines": _l("een termijn voor een antwoord"),
    "masks": _l("wat zwart wordt op een kopie"),
    "complaints": _l("waar klachten heen gaan"),
    "confidentiality": _l("wat medewerkers beloven"),
    "security": _l("de regels voor inloggen"),
    "audit": _l("het logboek"),
    "staff": _l("wat medewerkers over hun eigen gegevens lezen"),
    "contacts": _l("wat van contactpersonen en vragenstellers bewaard wordt"),
    "accountability": _l("bewijs van wissen"),
    "changes": _l("hoe u van een nieuwe versie hoort"),
    "sections": _l("een tekst van de verklaring"),
}
"""What the tables of a policy file are called where one of them changed."""
CHANGED_NAMES: dict[str, LazyString] = {
    "question": _l("de vraag om toestemming"),
    "withdrawn": _l("wat er stopt als u nee zegt"),
    "deletes": _l("wat er dan gewist wordt"),
    "purposes": _l("waarvoor"),
    "origins": _l("van wie het komt"),
    "added": _l("wat de school toevoegt"),
    "why": _l("waarom"),
    "title": _l("de naam"),
    "law": _l("de wet"),
    "term": _l("hoe lang"),
    "stages": _l("hoe lang"),
    "agreement": _l("de afspraak"),
    "country": _l("het land"),
    "fields": _l("welke gegevens"),
    "extension": _l("hoeveel langer het mag duren"),
}
"""What a name in such a table is called; one that isn't here is told by its table alone."""


def laws_in(text: str) -> list[tuple[str, LazyString | None]]:
    """Return the official names of laws in a text with ";" between them, each with what the law is about, if known."""
    names = [name.strip() for name in text.split(";")]
    return [(name, next((about for start, about in LAWS.items() if name.startswith(start)), None)) for name in names]


def length_of(period: Period) -> str:
    """Return a length of time such as "28 dagen"."""
    number = period.number
    if period.unit == "days":
        return _n("%(num)s dag", "%(num)s dagen", number)
    if period.unit == "weeks":
        return _n("%(num)s week", "%(num)s weken", number)
    if period.unit == "months":
        return _n("%(num)s maand", "%(num)s maanden", number)
    return _n("%(num)s jaar", "%(num)s jaar", number)


def label_of(entry: str) -> LazyString:
    """Return what a field (`table.column`) or table (`table.*`) is called; raises KeyError for an unknown one.

    A field without a name of its own is called what its table is.
    """
    return FIELDS[entry] if entry in FIELDS else TABLES[entry.partition(".")[0]]


def labels_in(entries: tuple[str, ...]) -> list[LazyString]:
    """Return what the listed fields and tables are called, each once; ids that only tie rows together have no name."""
    return list(dict.fromkeys(label_of(entry) for entry in entries if not entry.endswith(".learner_id")))


def labels_of_whole(category: str) -> list[LazyString]:
    """Return what a category that holds all of its kind is called."""
    return [WHOLE[category]]
