"""What tables are called to who is no learner: her own rows, and rows about others in which she stands by name."""

from collections.abc import Mapping

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.learners.merges.labels import row_labels
from portal.requests.copies.contents.values import table_title

_OWN: Mapping[str, LazyString] = {
    "access_review_role": _l("Uw rollen, toen de toegang werd gecontroleerd"),
    "coach_substitute": _l("Vervanging als begeleider"),
    "contact_message": _l("Vragen en berichten"),
    "intake_application": _l("Aanmeldingen voor les"),
    "subscription": _l("Nieuwsbrief en nieuws"),
    "coaching": _l("Cursisten die u begeleidt"),
    "group_teacher": _l("Groepen waaraan u les geeft"),
    "representative": _l("Voor wie u handelt"),
}
_SIGNED: Mapping[str, LazyString] = {
    "access_review": _l("controles van toegang"),
    "attendance_mark": _l("presentie van cursisten"),
    "complaint": _l("klachten"),
    "consent": _l("toestemmingen van cursisten"),
    "contact_message": _l("vragen en berichten van contacten"),
    "council_decision": _l("antwoorden van de ondernemingsraad"),
    "disclosure": _l("bestanden die zijn gegeven"),
    "impact_assessment": _l("besluiten over de DPIA"),
    "incident": _l("incidenten die zijn opgeschreven"),
    "incident_advice": _l("adviezen bij incidenten"),
    "import_run": _l("ingelezen bestanden"),
    "job": _l("taken voor het portaal"),
    "lesson": _l("lessen die u geeft als vervanger"),
    "level": _l("niveaus van cursisten"),
    "mailing": _l("nieuwsbrieven die zijn geschreven"),
    "mark_change": _l("verbeteringen in presentie"),
    "policy_announcement": _l("aangekondigde privacyverklaringen"),
    "policy_version": _l("privacyverklaringen"),
    "privacy_notice": _l("gegeven privacyverklaringen"),
    "recipient_notice": _l("berichten aan ontvangers"),
    "restriction_use": _l("afgeschermde gegevens die toch nodig waren"),
    "retention_run": _l("wissen na de termijn"),
}


def own_title(table: str) -> str:
    """Return what a table of her own rows is called."""
    return str(_OWN[table]) if table in _OWN else table_title(table)


def signed_title(table: str) -> str:
    """Return what rows about others are called in which she stands by name."""
    title = str(_SIGNED.get(table) or row_labels().get(table) or table)
    return title[:1].upper() + title[1:]
