"""What rows of attendance are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l

ROW_LABELS: dict[str, LazyString] = {
    "absence_notice": _l("afmeldingen vooraf"),
    "attendance_mark": _l("keer presentie"),
    "mark_change": _l("verbeteringen in de presentie"),
    "mark_note": _l("notities bij de presentie"),
    "lesson_evidence": _l("beelden van online lessen"),
}
"""What rows about a learner are called, by table, with their number."""
