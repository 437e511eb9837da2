"""What the fields and kinds of correspondence are called."""

from enum import StrEnum

from flask_babel import LazyString

from portal.contacts.models import CorrespondenceKind
from portal.core.http.languages import _l

LABELS: dict[str, LazyString] = {
    "received_on": _l("Ontvangen op"),
    "kind": _l("Soort"),
    "body": _l("Inhoud"),
}
KINDS: dict[StrEnum, LazyString] = {
    CorrespondenceKind.QUESTION: _l("vraag"),
    CorrespondenceKind.REPORT: _l("melding"),
    CorrespondenceKind.OTHER: _l("iets anders"),
}
ROW_LABELS: dict[str, LazyString] = {
    "correspondence": _l("vragen en berichten"),
}
"""What rows about a learner are called, by table, with their number."""
