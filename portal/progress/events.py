"""What progress writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l

AREA = Area(
    "progress",
    _l("niveau en voortgang"),
    events=(
        Event("progress.can_do_entered", _l("ingevuld"), _l("vulde in wat u kunt")),
        Event(
            "progress.can_do_ticked", _l("eigen vinkjes gezet"), _l("zette vinkjes bij wat u kunt"), shows=("level",)
        ),
        Event(
            "progress.can_do_undone",
            _l("ongedaan gemaakt"),
            _l("maakte ongedaan wat over u was ingevuld"),
            shows=("level",),
        ),
        Event("progress.evaluation_corrected", _l("verbeterd"), _l("verbeterde een evaluatie over u")),
        Event("progress.evaluation_written", _l("geschreven"), _l("schreef een evaluatie over u")),
        Event(
            "progress.exam_result_corrected", _l("verbeterd"), _l("verbeterde een resultaat van een toets of examen")
        ),
        Event("progress.goal_removed", _l("eigen doel weggehaald"), _l("haalde een doel weg")),
        Event("progress.goal_set", _l("eigen doel gekozen"), _l("koos een doel")),
        Event("progress.joint_evaluation_agreed", _l("akkoord"), _l("was akkoord met een evaluatie van u")),
        Event("progress.joint_evaluation_answered", _l("ingevuld"), _l("vulde een evaluatie van u in")),
        Event("progress.joint_evaluation_removed", _l("weggehaald"), _l("haalde een evaluatie van u weg")),
        Event("progress.joint_evaluation_started", _l("begonnen"), _l("begon een evaluatie met u")),
        Event("progress.level_corrected", _l("verbeterd"), _l("verbeterde uw niveau")),
        Event("progress.level_deleted", _l("gewist"), _l("wiste een niveau van u"), shows=("level",)),
        Event("progress.levels_entered", _l("ingevuld"), _l("vulde uw niveau in"), shows=("level",)),
        Event(
            "progress.levels_undone",
            _l("ongedaan gemaakt"),
            _l("maakte ongedaan wat over uw niveau was ingevuld"),
            shows=("level",),
        ),
        Event("progress.note_corrected", _l("verbeterd"), _l("verbeterde een notitie over u")),
        Event("progress.note_visibility_changed", _l("gewijzigd"), _l("koos of u een notitie kunt lezen")),
        Event("progress.note_written", _l("geschreven"), _l("schreef een notitie over u")),
        Event("progress.question_added", _l("vraag erbij gezet")),
        Event("progress.question_retired", _l("vraag weggehaald")),
        Event("progress.result_entered", _l("ingevuld"), _l("vulde een resultaat van een toets of examen in")),
        Event("progress.results_entered", _l("ingevuld"), _l("vulde resultaten van een groep in, ook die van u")),
        Event("progress.results_undone", _l("ongedaan gemaakt"), _l("maakte ongedaan wat over uw examen was ingevuld")),
        Event("progress.statement_added", _l("zin erbij gezet")),
        Event("progress.statement_changed", _l("zin gewijzigd")),
        Event("progress.statement_retired", _l("zin weggehaald")),
        Event("progress.statements_taken", _l("zinnen overgenomen")),
    ),
    views=(
        View("progress.group", _l("uw niveau en voortgang"), shows=("level", "progress")),
        View("progress.joint_evaluation", _l("een evaluatie van u"), shows=("level", "progress")),
        View("progress.learner", _l("uw niveau en voortgang"), shows=("level", "exam", "progress")),
    ),
)
