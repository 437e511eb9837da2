"""What the keys of a policy are called in front of the school, where the feature's labels are the learner's."""

from collections.abc import Callable, Iterable, Mapping

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.permissions import Role
from portal.policy.schema import Text

Says = Callable[[Text], str]
RoleNames = Mapping[Role, object]

BASES: dict[str, LazyString] = {
    "contract": _l("afspraak met de cursist"),
    "legal_obligation": _l("de wet"),
    "legitimate_interest": _l("belang van de school"),
    "consent": _l("toestemming van de cursist"),
}
ORIGINS: dict[str, LazyString] = {
    "learner": _l("de cursist"),
    "school": _l("de school"),
    "referrer": _l("wie de cursist aanmeldt"),
}
REQUESTS: dict[str, LazyString] = {
    "access": _l("Inzage en een kopie"),
    "rectification": _l("Verbeteren wat niet klopt"),
    "erasure": _l("Wissen"),
    "restriction": _l("Afschermen"),
    "portability": _l("Meenemen in een bestand"),
    "objection": _l("Bezwaar"),
    "consent_withdrawal": _l("Een toestemming intrekken"),
    "complaint": _l("Een klacht"),
}
ANCHORS: dict[str, LazyString] = {
    "last_contact": _l("het laatste contact"),
    "end_of_guidance": _l("het einde van de begeleiding"),
    "end_of_contract": _l("het einde van de overeenkomst"),
    "end_of_year": _l("het einde van het jaar"),
    "received": _l("de ontvangst"),
    "handled": _l("de afhandeling"),
    "archived": _l("het archiveren"),
    "recorded": _l("het vastleggen"),
    "withdrawn": _l("het intrekken"),
}
CONTROLLER: dict[str, LazyString] = {
    "street": _l("het adres van de school"),
    "email": _l("het e-mailadres van de school"),
    "privacy_email": _l("het e-mailadres voor vragen over gegevens"),
    "phone": _l("het telefoonnummer van de school"),
    "chamber_of_commerce": _l("het KvK-nummer"),
}
LOOKS: dict[str, LazyString] = {
    "name": _l("Een cursist leest wie keek: met naam, als is vastgelegd dat de medewerkers dat goed vinden."),
    "role": _l("Een cursist leest in welke rol iemand keek. De naam kan zij vragen, met een reden."),
}
TOLD: dict[str, LazyString] = {
    "published": _l("Een nieuwe versie komt op de pagina van de verklaring."),
    "told_after": _l("Een belangrijke nieuwe versie komt op de pagina, en iedereen krijgt een e-mail."),
    "told_before": _l("Over een belangrijke nieuwe versie krijgt iedereen van tevoren een e-mail."),
}


def listed(labels: Iterable[object]) -> str:
    """Return labels with commas between them."""
    return ", ".join(str(label) for label in labels)
