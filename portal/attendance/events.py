"""What attendance writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l

AREA = Area(
    "attendance",
    _l("presentie"),
    events=(
        Event("attendance.absence_reported", _l("afgemeld door de cursist"), _l("meldde u af voor een les")),
        Event(
            "attendance.absence_taken_back",
            _l("afmelding ingetrokken door de cursist"),
            _l("zei dat u toch naar een les komt"),
        ),
        Event("attendance.corrected", _l("verbeterd"), _l("verbeterde uw aanwezigheid")),
        Event("attendance.evidence_added", _l("beeld van een les bewaard"), _l("bewaarde een beeld van u in een les")),
        Event("attendance.evidence_removed", _l("beeld van een les gewist"), _l("wiste een beeld van u in een les")),
        Event("attendance.note_removed", _l("notitie weggehaald"), _l("haalde een notitie bij uw aanwezigheid weg")),
        Event("attendance.note_written", _l("notitie geschreven"), _l("schreef een notitie bij uw aanwezigheid")),
        Event("attendance.recorded", _l("ingevuld"), _l("vulde uw aanwezigheid in")),
        Event("attendance.recounted", _l("uren opnieuw geteld"), _l("telde uw uren opnieuw")),
        Event("attendance.teacher_reminded", _l("docent herinnerd aan open presentie")),
        Event("attendance.undone", _l("ongedaan gemaakt"), _l("maakte ongedaan wat bij uw aanwezigheid was ingevuld")),
    ),
    views=(
        View("attendance.changes", _l("uw aanwezigheid"), shows=("attendance",)),
        View("attendance.evidence", _l("een beeld van u in een les"), shows=("evidence",)),
        View("attendance.mark_note", _l("een notitie bij uw aanwezigheid"), shows=("attendance", "progress")),
        View("attendance.own_evidence", _l("een beeld van u in een les"), shows=("evidence",)),
        View("attendance.own_notice", _l("uw afmelding voor een les"), shows=("attendance",)),
        View("attendance.register", _l("uw aanwezigheid"), shows=("attendance",)),
    ),
)
