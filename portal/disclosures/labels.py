"""What rows of disclosures are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l

ROW_LABELS: dict[str, LazyString] = {
    "disclosure_learner": _l("bestanden waarin deze cursist staat"),
}
"""What rows about a learner are called, by table, with their number."""
