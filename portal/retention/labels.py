"""What the reasons of a hold, the states of a run, kinds of people and why something stays are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.core.personal_data import PersonKind
from portal.retention.models import HoldReason, RunState

REASONS: dict[HoldReason, LazyString] = {
    HoldReason.CLAIM: _l("het is nodig voor een rechtszaak"),
    HoldReason.PENDING: _l("er loopt nog een verzoek of een klacht"),
    HoldReason.INCIDENT: _l("de school zoekt een incident uit"),
    HoldReason.FINANCIER: _l("de opdrachtgever controleert de school"),
    HoldReason.LAW: _l("een wet vraagt het"),
}
STATES: dict[RunState, LazyString] = {
    RunState.RUNNING: _l("bezig"),
    RunState.DONE: _l("klaar"),
    RunState.WAITS: _l("wacht op een bevestiging"),
}
PEOPLE: dict[PersonKind, LazyString] = {
    PersonKind.LEARNER: _l("Cursisten"),
    PersonKind.REPRESENTATIVE: _l("Vertegenwoordigers"),
    PersonKind.CONTACT_PERSON: _l("Contactpersonen"),
    PersonKind.STAFF: _l("Medewerkers die weg zijn"),
}
ONE_OF: dict[PersonKind, LazyString] = {
    PersonKind.LEARNER: _l("cursist"),
    PersonKind.REPRESENTATIVE: _l("vertegenwoordiger"),
    PersonKind.CONTACT_PERSON: _l("contactpersoon"),
    PersonKind.STAFF: _l("medewerker"),
}
ROW_LABELS: dict[str, LazyString] = {
    "partial_ending": _l("keren dat een deel van de gegevens is gewist"),
    "retention_hold": _l("redenen om gegevens langer te bewaren"),
}
