"""What requests, their ways in, checks and states are called."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from markupsafe import Markup

from portal.core.http.languages import _l
from portal.core.personal_data import PersonKind
from portal.requests.data_requests.models import (
    AboutPerson,
    ExtensionReason,
    IdentityCheck,
    Outcome,
    RequestChannel,
    RequestKind,
)

KINDS: dict[RequestKind, LazyString] = {
    RequestKind.ACCESS: _l("Kopie van gegevens"),
    RequestKind.RECTIFICATION: _l("Gegevens verbeteren"),
    RequestKind.ERASURE: _l("Gegevens wissen"),
    RequestKind.RESTRICTION: _l("Gegevens afschermen"),
    RequestKind.PORTABILITY: _l("Gegevens meenemen"),
    RequestKind.OBJECTION: _l("Bezwaar tegen gebruik"),
    RequestKind.CONSENT_WITHDRAWAL: _l("Toestemming terugnemen"),
}
_PEOPLE: Mapping[PersonKind, LazyString] = {
    PersonKind.LEARNER: _l("cursist"),
    PersonKind.REPRESENTATIVE: _l("vertegenwoordiger"),
    PersonKind.CONTACT_PERSON: _l("contactpersoon"),
    PersonKind.STAFF: _l("medewerker"),
}
CHANNELS: dict[RequestChannel, LazyString] = {
    RequestChannel.PORTAL: _l("in het portaal"),
    RequestChannel.WEBSITE: _l("op de website"),
    RequestChannel.EMAIL: _l("per e-mail"),
    RequestChannel.PHONE: _l("per telefoon"),
    RequestChannel.LETTER: _l("per brief"),
    RequestChannel.COUNTER: _l("aan de balie"),
}
CHECKS: dict[IdentityCheck, LazyString] = {
    IdentityCheck.SIGN_IN: _l("zelf ingelogd, met twee stappen"),
    IdentityCheck.COUNTER: _l("aan de balie gezien"),
    IdentityCheck.KNOWN_MAIL: _l("met een code, naar een bekend e-mailadres"),
    IdentityCheck.DOCUMENT: _l("met een zwart gemaakt identiteitsbewijs"),
}
EXTENSIONS: dict[ExtensionReason, LazyString] = {
    ExtensionReason.COMPLEXITY: _l("het is een moeilijk verzoek"),
    ExtensionReason.NUMBER: _l("u vroeg veel tegelijk"),
}
RESTRICTION_REASONS: dict[str, LazyString] = {
    "accuracy": _l("Er klopt iets niet. De school kijkt het na."),
    "unlawful": _l("De school mag dit niet hebben. Maar het mag ook niet gewist worden."),
    "claim": _l("De school heeft dit niet meer nodig. Maar ik wel, als bewijs."),
    "objection": _l("Ik maakte bezwaar. De school denkt daarover na."),
}
"""Why data should be restricted, by the code of the restriction's ground (AVG art. 18(1))."""
OUTCOMES: dict[Outcome, LazyString] = {
    Outcome.GRANTED: _l("ja"),
    Outcome.IN_PART: _l("voor een deel"),
    Outcome.REFUSED: _l("nee"),
    Outcome.NOTHING_HELD: _l("de school heeft niets"),
}
ROW_LABELS: dict[str, LazyString] = {
    "data_request": _l("verzoeken"),
    "request_advice": _l("adviezen over verzoeken"),
}
"""What rows about a learner are called, by table, with their number."""


def whose(row: AboutPerson, name: str) -> Any:
    """Return whom a copy or a request is about, and what she is to the school."""
    kind = row.person_kind
    said = Markup('<bdi translate="no">{}</bdi>').format(name)
    return Markup("{} ({})").format(said, _PEOPLE[kind]) if kind is not None else said


STAYS: Mapping[str, LazyString] = {
    "learners": _l("Uw naam staat bij wat u opschreef. Dat gaat weg met de gegevens van de cursist."),
    "audit": _l("Uw naam staat nog in het logboek. Een cursist mag weten wie zijn of haar gegevens zag."),
    "activity": _l("Wanneer u inlogde, staat nog in het logboek."),
}
"""What stays of who worked here after an erasure, by how the policy keeps it, and why."""
