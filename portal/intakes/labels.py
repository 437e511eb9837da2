"""What the fields of an intake are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l

LABELS: dict[str, LazyString] = {
    "held_on": _l("Datum van de intake"),
    "result": _l("Resultaat"),
}
ROW_LABELS: dict[str, LazyString] = {
    "intake": _l("intakes"),
}
"""What rows about a learner are called, by table, with their number."""
