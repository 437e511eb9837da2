"""What the fields of a complaint are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.learners.record.labels import CHANNELS as ORIGINS
from portal.requests.data_requests.labels import CHANNELS

LABELS: dict[str, LazyString] = {
    "filed_on": _l("Ingediend op"),
    "body": _l("Klacht"),
    "due_on": _l("Antwoord uiterlijk op"),
    "handling": _l("Wat de school deed"),
    "closed_on": _l("Afgesloten op"),
}
ROW_LABELS: dict[str, LazyString] = {
    "complaint": _l("klachten"),
}
"""What rows about a learner are called, by table, with their number."""
WAYS: dict[str, LazyString] = {**ORIGINS, **{each.value: label for each, label in CHANNELS.items()}}
"""How a complaint came: as requests do, or as the office wrote it down before complaints had numbers."""
