"""What roles and permissions are called in the reader's language; *Wie mag wat* is made of it."""

from collections.abc import Iterable

from flask_babel import LazyString

from portal.core.http.languages import _, _l, comma
from portal.permissions import Permission, Role

ROLES: dict[Role, LazyString] = {
    Role.LEARNER: _l("cursist"),
    Role.REPRESENTATIVE: _l("vertegenwoordiger"),
    Role.TEACHER: _l("docent"),
    Role.COACH: _l("begeleider"),
    Role.ADMINISTRATION: _l("administratie"),
    Role.PRIVACY_OFFICER: _l("privacyfunctionaris"),
    Role.PRIVACY_STAFF: _l("privacymedewerker"),
    Role.MANAGEMENT: _l("directie"),
    Role.CLIENT_CONTACT: _l("opdrachtgever"),
    Role.AUDITOR: _l("auditor"),
}

ROLE_REASONS: dict[Role, LazyString] = {
    Role.TEACHER: _l("om les te geven"),
    Role.COACH: _l("om te begeleiden"),
    Role.ADMINISTRATION: _l("voor de administratie"),
    Role.PRIVACY_OFFICER: _l("om op privacy te letten"),
    Role.PRIVACY_STAFF: _l("om verzoeken te behandelen"),
    Role.MANAGEMENT: _l("om de school te leiden"),
    Role.CLIENT_CONTACT: _l("om de cursus te volgen die zij betalen"),
    Role.AUDITOR: _l("om de school te controleren"),
}
"""For what a role has people's data before it, as a learner reads it in *Wie keek*."""

ROLE_MEANINGS: dict[Role, LazyString] = {
    Role.TEACHER: _l("Houdt presentie en voortgang bij van eigen groepen."),
    Role.COACH: _l("Doet eerste gesprekken en begeleidt trajecten van alle cursisten."),
    Role.ADMINISTRATION: _l("Beheert cursisten, groepen, rooster en bestanden."),
    Role.PRIVACY_OFFICER: _l("Ziet toe op de regels voor persoonsgegevens. Ziet alles, adviseert, beslist niets."),
    Role.PRIVACY_STAFF: _l("Behandelt verzoeken over persoonsgegevens, en beslist daarover."),
    Role.MANAGEMENT: _l("Beheert medewerkers en de instellingen van de school."),
}

PERMISSIONS: dict[Permission, LazyString] = {
    Permission.ACCOUNT_OWN: _l("Eigen account beheren: wachtwoord, tweede stap, ingelogde apparaten"),
    Permission.NOTIFICATION_OWN: _l("Meldingen zien over wat er voor uzelf gebeurde"),
    Permission.RECORD_OWN: _l("Eigen gegevens zien en wijzigen, toestemming geven en intrekken"),
    Permission.TODAY_VIEW: _l("De startpagina Vandaag openen"),
    Permission.REGISTER_KEEP: _l("Presentie invullen en verbeteren"),
    Permission.REGISTER_REMIND: _l("Docenten herinneren aan presentie die nog open is"),
    Permission.WEEK_OWN: _l("De eigen lessen van een week zien"),
    Permission.TIMETABLE_VIEW: _l("Cursussen, groepen en lessen zien"),
    Permission.TIMETABLE_KEEP: _l("Cursussen, groepen, lessen en vakanties maken en wijzigen"),
    Permission.LEARNER_VIEW: _l("Cursisten zoeken en hun dossier openen"),
    Permission.LEARNER_KEEP: _l("Cursisten toevoegen en hun gegevens, groepen en trajecten wijzigen"),
    Permission.CONTACT_VIEW: _l("Contacten zien: bij organisaties, en wie iets vraagt of zich aanmeldt"),
    Permission.CONTACT_KEEP: _l("Organisaties en contacten bijhouden, en vragen afhandelen"),
    Permission.CONTACT_ERASE: _l("Een contact wissen die daarom vraagt, of die niet meer nodig is"),
    Permission.NEWS_SEND: _l("De nieuwsbrief en nieuws over diensten schrijven en versturen"),
    Permission.LEARNER_MERGE: _l("Van twee dossiers van dezelfde persoon één maken"),
    Permission.CASELOAD_OWN: _l("Zelf cursisten begeleiden, met een eigen lijst"),
    Permission.CASELOAD_KEEP: _l("Vastleggen wie welke begeleider heeft, en wie vervangt"),
    Permission.BSN_REVEAL: _l("Een heel BSN laten zien; dat komt in het logboek"),
    Permission.CORRECTION_VIEW: _l("Zien welke wijzigingen cursisten voorstellen"),
    Permission.CORRECTION_DECIDE: _l("Daarover beslissen, bij gegevens die deze rol wijzigt"),
    Permission.PROGRESS_VIEW: _l("Niveaus, resultaten en aantekeningen zien"),
    Permission.NOTE_COACHING: _l("Notities voor wie begeleidt lezen"),
    Permission.PROGRESS_KEEP: _l("Niveaus, resultaten en aantekeningen invullen"),
    Permission.STATEMENT_KEEP: _l("De zinnen wijzigen die zeggen wat iemand op een niveau kan"),
    Permission.SIGNAL_VIEW: _l("Signalen over cursisten zien, met waar ze op rusten"),
    Permission.SIGNAL_ANSWER: _l("Op een signaal antwoorden"),
    Permission.FIGURES_VIEW: _l("Cijfers zien over aanwezigheid en uren"),
    Permission.SCHOOL_FIGURES: _l("Cijfers van de hele school zien, zonder namen"),
    Permission.IMPORT_RUN: _l("Een bestand met cursisten inlezen, en dat ongedaan maken"),
    Permission.RESULT_IMPORT: _l("Een lijst met uitslagen van toetsen inlezen, en dat ongedaan maken"),
    Permission.FILE_MAKE: _l("Een bestand maken voor een ontvanger en het ophalen"),
    Permission.CONSENT_VIEW: _l("Toestemmingen zien, en hoe het gaat met wat is ingetrokken"),
    Permission.NOTICE_SEND: _l("Mensen vertellen dat de school gegevens van hen heeft"),
    Permission.MEMBER_KEEP: _l("Medewerkers uitnodigen, rollen geven en beëindigen"),
    Permission.LEARNER_INVITE: _l("Cursisten en hun vertegenwoordigers uitnodigen om in te loggen"),
    Permission.COMPLAINT_KEEP: _l("Klachten opschrijven, en wat de school deed"),
    Permission.REQUEST_OWN: _l("Zelf vragen om gegevens te zien, te verbeteren, te wissen of mee te nemen"),
    Permission.REQUEST_ENTER: _l("Verzoeken opschrijven van wie belt, schrijft of langskomt"),
    Permission.REQUEST_VIEW: _l("Alle verzoeken zien, met hun dagen en antwoorden"),
    Permission.REQUEST_ADVISE: _l("Over een verzoek adviseren"),
    Permission.REQUEST_KEEP: _l("Over verzoeken beslissen en antwoord geven"),
    Permission.RETENTION_VIEW: _l("Zien van hoeveel mensen gegevens worden gewist, en wanneer"),
    Permission.RETENTION_KEEP: _l("Zien wie er worden gewist, dat bevestigen of uitstellen"),
    Permission.SCHOOL_SET: _l("Naam, kleur, adressen en inlogregels van de school wijzigen"),
    Permission.POLICY_ANNOUNCE: _l("Een nieuwe privacyverklaring aankondigen, volgen wie die las, en het intrekken"),
    Permission.POLICY_VIEW: _l("De privacyregels zien zoals de school ze uitvoert"),
    Permission.ASSESSMENT_KEEP: _l("Vastleggen op welke dag de school besloot over de DPIA"),
    Permission.ASSURANCE_VIEW: _l("Zien of de school haar beloften houdt"),
    Permission.AUDIT_VIEW: _l("Zien wie wat heeft bekeken en gewijzigd"),
    Permission.ACCESS_VIEW: _l("Deze pagina openen: wie mag wat"),
    Permission.ACCESS_REVIEW_VIEW: _l("Zien wat bij de controle van toegang is ondertekend"),
    Permission.INCIDENT_VIEW: _l("Incidenten met gegevens zien, en wie ze raken"),
    Permission.INCIDENT_ADVISE: _l("Over een incident adviseren"),
    Permission.INCIDENT_KEEP: _l("Incidenten opschrijven, en beslissen wie het hoort"),
    Permission.ACCESS_REVIEW_SIGN: _l("De toegang van iedereen controleren, beëindigen wat weg kan, en ondertekenen"),
}


def role_names(roles: Iterable[str]) -> str:
    """Return the names of these roles, in the order of the table."""
    held = set(roles)
    return comma().join(str(name) for role, name in ROLES.items() if role.value in held)


def role_reasons(roles: Iterable[str]) -> str:
    """Return for what these roles have people's data before them, in the order of the table."""
    held = set(roles)
    return comma().join(str(reason) for role, reason in ROLE_REASONS.items() if role.value in held)


_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"))
_MORE_BROWSERS = (("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"))
_MACHINES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"))
_MORE_MACHINES = (("CrOS", "Chromebook"), ("Linux", "Linux"))


def device_name(browser: str | None) -> str:
    """Return browser and machine by name, as far as what the browser says of itself tells."""
    said = browser or ""
    found = [
        next((name for sign, name in signs if sign in said), "")
        for signs in ((*_BROWSERS, *_MORE_BROWSERS), (*_MACHINES, *_MORE_MACHINES))
    ]
    return " · ".join(name for name in found if name) or _("Onbekend apparaat")
