"""What fields and choices of the record are called in front of people."""

from enum import StrEnum

from flask_babel import LazyString

from portal.contacts.models import CorrespondenceKind
from portal.core.http.languages import LANGUAGES, _l
from portal.learners.record.models import Gender, MaritalStatus, Source
from portal.learners.trajectories.models import Act, Funding, Route, TargetGroup
from portal.organisations.labels import ORGANISATION_KINDS
from portal.organisations.models import OrganisationKind
from portal.representation.models import RepresentativeKind

LABELS: dict[str, LazyString] = {
    "learner.number": _l("Cursistnummer"),
    "learner.given_name": _l("Voornaam"),
    "learner.name_prefix": _l("Tussenvoegsel"),
    "learner.family_name": _l("Achternaam"),
    "learner.street": _l("Straat"),
    "learner.house_number": _l("Huisnummer"),
    "learner.postcode": _l("Postcode"),
    "learner.city": _l("Woonplaats"),
    "learner.country": _l("Land"),
    "learner.email": _l("E-mail"),
    "learner.phone": _l("Telefoon"),
    "learner.phone_other": _l("Tweede telefoon"),
    "learner.preferred_language": _l("Taal voor berichten"),
    "learner.gender": _l("Geslacht"),
    "learner.birth_date": _l("Geboortedatum"),
    "learner.birth_place": _l("Geboorteplaats"),
    "learner.birth_country": _l("Geboorteland"),
    "learner.nationality": _l("Nationaliteit"),
    "learner.document_kind": _l("Soort identiteitsbewijs"),
    "learner.document_number": _l("Nummer identiteitsbewijs"),
    "learner.document_valid_until": _l("Identiteitsbewijs geldig tot"),
    "learner.bsn": _l("BSN"),
    "learner.residence_status": _l("Verblijfsstatus"),
    "learner.arrived_on": _l("Aangekomen in Nederland"),
    "learner.education_level": _l("Opleidingsniveau"),
    "learner.diplomas": _l("Diploma's"),
    "learner.competences": _l("Competenties"),
    "learner.languages": _l("Talen"),
    "learner.work_experience": _l("Werkervaring"),
    "learner.employer": _l("Werkgever"),
    "learner.marital_status": _l("Burgerlijke staat"),
    "learner.care_duties": _l("Zorg voor anderen"),
    "learner.circumstances": _l("Omstandigheden bij het leren"),
    "learner.conditions": _l("Nodig om mee te doen"),
    "learner.company_name": _l("Bedrijf"),
    "learner.kvk_number": _l("KvK-nummer"),
    "learner.iban": _l("Rekeningnummer (IBAN)"),
    "learner.special_notes": _l("Gevoelige gegevens"),
    "trajectory.act": _l("Wet"),
    "trajectory.route": _l("Leerroute"),
    "trajectory.target_group": _l("Doelgroep"),
    "trajectory.funding": _l("Wie betaalt"),
    "trajectory.reports_to_government": _l("Wij melden dit traject met het BSN aan de overheid"),
    "trajectory.client_id": _l("Opdrachtgever"),
    "trajectory.client_manager_id": _l("Klantmanager"),
    "trajectory.starts_on": _l("Begint op"),
    "trajectory.ends_on": _l("Eindigt op"),
    "trajectory.guidance_ended_on": _l("Begeleiding geëindigd op"),
    "trajectory.agreement_on": _l("Datum afspraken"),
    "trajectory.agreement": _l("Wat is afgesproken"),
    "trajectory.contract_number": _l("Contractnummer"),
    "trajectory.hours_bought": _l("Ingekochte uren"),
    "trajectory.minutes_before": _l("Uren vóór dit portaal"),
    "intake.held_on": _l("Datum van de intake"),
    "intake.result": _l("Resultaat"),
    "appointment.starts_at": _l("Wanneer"),
    "appointment.subject": _l("Onderwerp"),
    "appointment.place": _l("Plaats"),
    "invoice_line.number": _l("Factuurnummer"),
    "invoice_line.issued_on": _l("Factuurdatum"),
    "invoice_line.description": _l("Omschrijving"),
    "invoice_line.amount_cents": _l("Bedrag in euro"),
    "invoice_line.paid_on": _l("Betaald op"),
    "order_line.ordered_on": _l("Besteld op"),
    "order_line.description": _l("Omschrijving"),
    "complaint.filed_on": _l("Ingediend op"),
    "complaint.body": _l("Klacht"),
    "complaint.handling": _l("Wat de school deed"),
    "complaint.closed_on": _l("Afgesloten op"),
    "correspondence.received_on": _l("Ontvangen op"),
    "correspondence.kind": _l("Soort"),
    "correspondence.body": _l("Inhoud"),
    "identity_document.requested_by": _l("Gevraagd door"),
    "identity_document.requested_on": _l("Gevraagd op"),
}

CHOICES: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    Gender: {
        Gender.FEMALE: _l("vrouw"),
        Gender.MALE: _l("man"),
        Gender.OTHER: _l("anders"),
    },
    MaritalStatus: {
        MaritalStatus.SINGLE: _l("alleenstaand"),
        MaritalStatus.MARRIED: _l("getrouwd"),
        MaritalStatus.PARTNERSHIP: _l("geregistreerd partner"),
        MaritalStatus.DIVORCED: _l("gescheiden"),
        MaritalStatus.WIDOWED: _l("weduwe of weduwnaar"),
    },
    Act: {
        Act.WI2013: _l("Wet inburgering 2013"),
        Act.WI2021: _l("Wet inburgering 2021"),
        Act.VOLUNTARY: _l("vrijwillig"),
    },
    Route: {
        Route.B1: _l("B1-route"),
        Route.EDUCATION: _l("onderwijsroute"),
        Route.Z: _l("Z-route"),
        Route.OTHER: _l("andere route"),
    },
    TargetGroup: {
        TargetGroup.ASYLUM: _l("asiel"),
        TargetGroup.FAMILY: _l("gezin"),
        TargetGroup.OTHER: _l("andere doelgroep"),
    },
    Funding: {
        Funding.DUO_LOAN: _l("lening van DUO"),
        Funding.MUNICIPALITY: _l("gemeente"),
        Funding.EMPLOYER: _l("werkgever"),
        Funding.SELF: _l("cursist zelf"),
    },
    CorrespondenceKind: {
        CorrespondenceKind.QUESTION: _l("vraag"),
        CorrespondenceKind.REPORT: _l("melding"),
        CorrespondenceKind.OTHER: _l("iets anders"),
    },
    OrganisationKind: ORGANISATION_KINDS,
    RepresentativeKind: {
        RepresentativeKind.PARENT: _l("ouder"),
        RepresentativeKind.GUARDIAN: _l("voogd of curator"),
        RepresentativeKind.AUTHORISED: _l("gemachtigde"),
    },
}
SOURCES: dict[Source, LazyString] = {
    Source.LEARNER: _l("de cursist"),
    Source.SCHOOL: _l("de school"),
    Source.REFERRER: _l("de verwijzer"),
}
CHANNELS: dict[str, LazyString] = {
    "website": _l("via de website"),
    "portal": _l("in dit portaal"),
    "e-mail": _l("per e-mail"),
    "phone": _l("per telefoon"),
    "app": _l("via een app"),
    "paper": _l("op papier"),
    "conversation": _l("in een gesprek"),
    "intake": _l("bij de intake"),
    "import": _l("uit een ingelezen bestand"),
}
LANGUAGE_NAMES: dict[str, str] = {
    **LANGUAGES, "tr": "Türkçe", "uk": "Українська", "ti": "ትግርኛ", "fa": "فارسی", "fr": "Français", "pl": "Polski",
}  # fmt: skip


def choice_label(value: StrEnum) -> LazyString:
    """Return what people call a choice; equal words of two kinds of choices are told apart."""
    return CHOICES[type(value)][value]


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
    "intake": _l("Intake"),
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

# What the rows of a table are called, with their number before them.
TABLES: dict[str, LazyString] = {
    "representative": _l("gemachtigden"),
    "trajectory": _l("trajecten"),
    "enrolment": _l("inschrijvingen in groepen"),
    "intake": _l("intakes"),
    "appointment": _l("afspraken"),
    "invoice_line": _l("factuurregels"),
    "order_line": _l("bestellingen"),
    "complaint": _l("klachten"),
    "correspondence": _l("vragen en berichten"),
    "identity_document": _l("verzoeken om een identiteitsbewijs"),
    "lesson_evidence": _l("beelden van online lessen"),
    "correction": _l("voorgestelde wijzigingen"),
    "attendance_mark": _l("keer presentie"),
    "mark_change": _l("verbeteringen in de presentie"),
    "level": _l("niveaus"),
    "exam_result": _l("uitslagen"),
    "evaluation": _l("evaluaties"),
    "note": _l("notities"),
    "consent": _l("toestemmingen"),
    "withdrawal": _l("ingetrokken toestemmingen"),
    "disclosure_learner": _l("bestanden waarin deze cursist staat"),
    "account_session": _l("sessies"),
}
