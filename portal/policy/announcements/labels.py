"""What the parts of a policy file are called, where a mistake in one is told."""

from flask_babel import LazyString

from portal.core.http.languages import _l

PARTS: dict[str, LazyString] = {
    "version": _l("De naam van de versie"),
    "in_force_on": _l("De dag waarop het gaat gelden"),
    "updated_on": _l("De dag van de laatste wijziging"),
    "languages": _l("De talen"),
    "controller": _l("De gegevens van de school"),
    "contacts": _l("Mensen die geen les volgen"),
    "accountability": _l("Hoe lang bewijs van antwoorden en wissen blijft"),
    "sections": _l("De eigen teksten van de school"),
    "purposes": _l("De doelen"),
    "terms": _l("Hoe lang gegevens blijven"),
    "categories": _l("De soorten gegevens"),
    "conditions": _l("De voorwaarden bij een gegeven"),
    "checked": _l("Wat de school nakijkt"),
    "sharing": _l("De regels voor delen"),
    "recipients": _l("De ontvangers"),
    "templates": _l("De bestanden voor anderen"),
    "rights": _l("De rechten"),
    "deadlines": _l("De termijnen voor een antwoord"),
    "masks": _l("Wat niet te lezen is op een kopie"),
    "complaints": _l("De klachten"),
    "confidentiality": _l("De geheimhouding"),
    "security": _l("Het inloggen"),
    "audit": _l("Het logboek"),
    "staff": _l("De gegevens van medewerkers"),
    "changes": _l("De nieuwe versies"),
}
