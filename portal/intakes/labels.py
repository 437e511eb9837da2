"""What the fields of an intake are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l

LABELS: dict[str, LazyString] = {
    "held_on": _l("Datum van het eerste gesprek"),
    "result": _l("Resultaat"),
}
ROW_LABELS: dict[str, LazyString] = {
    "intake": _l("eerste gesprekken"),
}
"""What rows about a learner are called, by table, with their number."""
