"""What recipients are told of, and what rows of disclosures are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.disclosures.models import NoticeReason

REASONS: dict[NoticeReason, LazyString] = {
    NoticeReason.WITHDRAWN: _l("toestemming ingetrokken"),
    NoticeReason.CORRECTED: _l("gegevens verbeterd"),
    NoticeReason.ERASED: _l("gegevens gewist"),
    NoticeReason.RESTRICTED: _l("gegevens afgeschermd"),
}
"""What a recipient is told of."""
ROW_LABELS: dict[str, LazyString] = {
    "disclosure_learner": _l("bestanden waarin deze cursist staat"),
}
"""What rows about a learner are called, by table, with their number."""
