"""What the reasons of a hold, the states of a run, kinds of people and why something stays are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.core.personal_data import PersonKind
from portal.retention.ends.kinds import EndKind, RowKind
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
PEOPLE: dict[EndKind, LazyString] = {
    PersonKind.LEARNER: _l("Cursisten"),
    PersonKind.REPRESENTATIVE: _l("Vertegenwoordigers"),
    PersonKind.CONTACT_PERSON: _l("Contactpersonen"),
    PersonKind.STAFF: _l("Medewerkers die weg zijn"),
    RowKind.VISITOR: _l("Wie iets vroeg of zich aanmeldde"),
}
ONE_OF: dict[EndKind, LazyString] = {
    PersonKind.LEARNER: _l("cursist"),
    PersonKind.REPRESENTATIVE: _l("vertegenwoordiger"),
    PersonKind.CONTACT_PERSON: _l("contactpersoon"),
    PersonKind.STAFF: _l("medewerker"),
    RowKind.VISITOR: _l("vroeg iets of meldde zich aan"),
}
USES: dict[str, LazyString] = {
    "question": _l("vragen"),
    "enquiry": _l("aanmeldingen"),
}
"""What goes of visitors, by the policy's key of what it is held for."""
ROW_LABELS: dict[str, LazyString] = {
    "partial_ending": _l("keren dat een deel van de gegevens is gewist"),
    "retention_hold": _l("redenen om gegevens langer te bewaren"),
}
CODES: dict[str, dict[HoldReason, LazyString]] = {"retention_hold.reason": REASONS}
"""What the codes of columns are called to whom they are about."""
