"""What progress writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l

AREA = Area(
    "progress",
    _l("niveau en voortgang"),
    events=(
        Event("progress.evaluation_corrected", _l("verbeterd"), _l("schreef over uw voortgang")),
        Event("progress.evaluation_written", _l("geschreven"), _l("schreef over uw voortgang")),
        Event("progress.exam_result_corrected", _l("verbeterd"), _l("schreef over uw voortgang")),
        Event("progress.level_corrected", _l("verbeterd"), _l("schreef over uw voortgang")),
        Event("progress.level_deleted", _l("gewist"), _l("schreef over uw voortgang")),
        Event("progress.levels_entered", _l("ingevuld"), _l("schreef over uw voortgang")),
        Event("progress.note_corrected", _l("verbeterd"), _l("schreef over uw voortgang")),
        Event("progress.note_visibility_changed", _l("gewijzigd"), _l("schreef over uw voortgang")),
        Event("progress.note_written", _l("geschreven"), _l("schreef over uw voortgang")),
        Event("progress.result_entered", _l("ingevuld"), _l("schreef over uw voortgang")),
        Event("progress.results_entered", _l("ingevuld"), _l("schreef over uw voortgang")),
    ),
    views=(
        View("progress.group", _l("uw niveau en voortgang")),
        View("progress.learner", _l("uw niveau en voortgang")),
    ),
)
