"""What rows of consent are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l

ROW_LABELS: dict[str, LazyString] = {
    "coming_of_age": _l("berichten over 16 jaar worden"),
    "consent": _l("toestemmingen"),
    "objection": _l("bezwaren"),
    "restriction": _l("afschermingen"),
    "restriction_use": _l("keren dat afgeschermde gegevens gebruikt zijn"),
    "withdrawal": _l("ingetrokken toestemmingen"),
}
"""What rows about a learner are called, by table, with their number."""
