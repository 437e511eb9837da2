"""What the fields of an intake are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l

LABELS: dict[str, LazyString] = {
    "held_on": _l("Datum van de intake"),
    "result": _l("Resultaat"),
}
