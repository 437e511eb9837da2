"""What the fields of an identity document that was asked for are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l

LABELS: dict[str, LazyString] = {
    "requested_by": _l("Gevraagd door"),
    "requested_on": _l("Gevraagd op"),
}
ROW_LABELS: dict[str, LazyString] = {
    "identity_document": _l("verzoeken om een identiteitsbewijs"),
}
"""What rows about a learner are called, by table, with their number."""
