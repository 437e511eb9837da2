"""What the kinds and states of a copy are called."""

from collections.abc import Mapping

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.requests.copies.models import CopyKind, CopyState, Handover, PassageKind

KIND_LABELS: Mapping[CopyKind, LazyString] = {
    CopyKind.ACCESS: _l("Kopie van wat de school over u bewaart"),
    CopyKind.PORTABILITY: _l("Bestand om mee te nemen"),
}
STATE_LABELS: Mapping[CopyState, tuple[LazyString, str]] = {
    CopyState.WAITING: (_l("wordt gemaakt"), "wait"),
    CopyState.FLAGGED: (_l("wacht op een besluit over namen van anderen"), "wait"),
    CopyState.READY: (_l("klaar om op te halen"), "accent"),
    CopyState.HANDED_OVER: (_l("opgehaald"), "good"),
    CopyState.GONE: (_l("gewist na de termijn"), ""),
}
HANDED_LABELS: Mapping[Handover, LazyString] = {
    Handover.SIGN_IN: _l("opgehaald na inloggen"),
    Handover.COUNTER: _l("gegeven aan de balie"),
    Handover.ORGANISATION: _l("gestuurd naar wie de cursist noemde"),
}
PASSAGE_LABELS: Mapping[PassageKind, LazyString] = {
    PassageKind.NAME: _l("naam van iemand anders"),
    PassageKind.HIDDEN: _l("tekst die de cursist nu niet leest"),
}
ROW_LABELS: dict[str, LazyString] = {
    "data_copy": _l("kopieën van gegevens"),
    "copy_passage": _l("stukken tekst in een kopie"),
}
"""What rows about a learner are called, by table, with their number."""
