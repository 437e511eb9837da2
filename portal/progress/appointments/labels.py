"""What the fields of an appointment are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l

LABELS: dict[str, LazyString] = {
    "starts_at": _l("Wanneer"),
    "subject": _l("Onderwerp"),
    "with_whom": _l("Met wie"),
    "place": _l("Plaats"),
}
