"""What moves with a record that becomes part of another is called: each room says it of its own tables."""

from collections.abc import Mapping

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.core.ports import Port

ROW_LABELS: dict[str, LazyString] = {
    "trajectory": _l("trajecten"),
    "enrolment": _l("inschrijvingen in groepen"),
    "coaching": _l("begeleiders"),
    "waiting_entry": _l("plaatsen op de wachtlijst"),
    "correction": _l("voorgestelde wijzigingen"),
    "account_session": _l("sessies"),
    "notification": _l("meldingen"),
}
"""What rows about a learner are called, by table, with their number."""

SET_LABELS: dict[str, LazyString] = {"name": _l("Naam"), "address": _l("Adres"), "document": _l("Identiteitsbewijs")}
"""What fields that belong together are called."""

HIGHER_ROW_LABELS: Port[Mapping[str, LazyString]] = Port("learners.row_labels")


def row_labels() -> dict[str, LazyString]:
    """Return what the rows of every table that moves are called, by table."""
    labels = dict(ROW_LABELS)
    for each in HIGHER_ROW_LABELS.all:
        labels.update(each)
    return labels
