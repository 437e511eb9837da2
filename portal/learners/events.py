"""What learners writes in the audit: events and views, with their labels."""

from flask_babel import LazyString

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l

_ENTRIES = {
    "trajectory": _l("een traject"),
    "intake": _l("een eerste gesprek"),
    "appointment": _l("een afspraak"),
    "invoice_line": _l("een factuur"),
    "order_line": _l("een bestelling"),
    "complaint": _l("een klacht"),
    "correspondence": _l("een vraag of bericht"),
    "identity_document": _l("een kopie van uw identiteitsbewijs"),
}
_ENTRY_VERBS = {"added": _l("toegevoegd"), "changed": _l("gewijzigd"), "removed": _l("verwijderd")}


def _learner_label(verb: str, what: LazyString) -> LazyString:
    labels = {
        "added": _l("voegde toe: %(what)s", what=what),
        "changed": _l("wijzigde: %(what)s", what=what),
        "removed": _l("verwijderde: %(what)s", what=what),
    }
    return labels[verb]


RECORD = (
    "address", "attendance", "birth", "circumstances", "contact", "dealings", "education", "identification", "level",
    "residence", "special", "trajectory", "work",
)  # fmt: skip
"""The categories of which something stands in a record; a BSN is shown in full by an act that has its own entry."""
ENTRIES = (
    "appointment", "complaint", "correspondence", "dealings", "finance", "identification", "intake", "trajectory",
)  # fmt: skip
"""The categories of what is written down about a learner beside her record."""

AREA = Area(
    "learners",
    _l("cursisten"),
    events=(
        Event("learners.access_ended", _l("inloggen beëindigd"), _l("sloot uw toegang tot dit portaal")),
        Event("learners.access_given_back", _l("mag weer inloggen"), _l("gaf u weer toegang tot dit portaal")),
        Event("learners.added", _l("toegevoegd"), _l("voegde u toe als cursist")),
        Event("learners.bsn_revealed", _l("BSN bekeken"), _l("bekeek uw BSN"), shows=("bsn",)),
        Event(
            "learners.change_taken_back",
            _l("wijziging van groep ongedaan gemaakt"),
            _l("maakte een wijziging van uw groep ongedaan"),
        ),
        Event("learners.changed", _l("gewijzigd"), _l("wijzigde uw gegevens")),
        Event(
            "learners.coach_ended", _l("heeft geen begeleider meer"), _l("legde vast dat u geen begeleider meer hebt")
        ),
        Event("learners.coach_given", _l("begeleider gekregen"), _l("gaf u een begeleider")),
        Event("learners.coach_given_together", _l("begeleider van cursisten bewaard")),
        Event("learners.coach_substitute_added", _l("vervangt een begeleider")),
        Event("learners.coach_substitute_ended", _l("vervangt een begeleider niet meer")),
        Event(
            "learners.coach_taken_back",
            _l("wijziging van begeleider ongedaan gemaakt"),
            _l("maakte een wijziging van uw begeleider ongedaan"),
        ),
        Event(
            "learners.contest_passed_on",
            _l("geen antwoord op tijd: wacht als wijziging"),
            _l("antwoordde niet op tijd"),
        ),
        Event("learners.correction_accepted", _l("voorstel overgenomen"), _l("nam uw wijziging over")),
        Event("learners.correction_proposed", _l("wijziging voorgesteld"), _l("vroeg om een wijziging")),
        Event("learners.correction_refused", _l("voorstel geweigerd"), _l("nam uw wijziging niet over")),
        Event("learners.correction_withdrawn", _l("voorstel ingetrokken"), _l("trok een wijziging in")),
        Event("learners.finding_contested", _l("door de cursist betwist"), _l("zei dat iets niet klopt")),
        Event("learners.invitations_asked", _l("uitnodigingen gevraagd"), _l("nodigde u uit om in te loggen")),
        Event("learners.joined_group", _l("in een groep gezet"), _l("zette u in een groep")),
        Event("learners.joined_together", _l("meer cursisten in een groep gezet")),
        Event("learners.left_group", _l("uit een groep gehaald"), _l("haalde u uit een groep")),
        Event("learners.left_together", _l("meer cursisten uit een groep gehaald")),
        Event("learners.letters_printed", _l("brieven afgedrukt"), _l("drukte een brief met uw code af")),
        Event("learners.list_taken", _l("lijst opgehaald"), _l("haalde een lijst op waar u in staat")),
        Event("learners.mailed", _l("e-mail gestuurd"), _l("stuurde u een e-mail")),
        Event("learners.told_of_lesson", _l("les gewijzigd: gemaild"), _l("mailde u dat een les anders is")),
        Event("learners.merged", _l("twee dossiers samengevoegd"), _l("maakte van twee dossiers van u één")),
        Event(
            "learners.merge_undone",
            _l("samenvoegen van dossiers ongedaan gemaakt"),
            _l("maakte van uw dossier weer twee dossiers"),
        ),
        Event("learners.moved_group", _l("naar een andere groep"), _l("zette u in een andere groep")),
        Event("learners.moved_together", _l("meer cursisten naar een andere groep")),
        Event("learners.own_number_revealed", _l("eigen nummer bekeken"), _l("bekeek een heel nummer van u")),
        Event("learners.waiting_added", _l("op de wachtlijst gezet"), _l("zette u op de wachtlijst")),
        Event("learners.waiting_ended", _l("van de wachtlijst gehaald"), _l("haalde u van de wachtlijst")),
        *(
            Event(f"learners.{table}_{verb}", label, _learner_label(verb, what))
            for table, what in _ENTRIES.items()
            for verb, label in _ENTRY_VERBS.items()
        ),
    ),
    views=(
        View("learners.corrections", _l("uw gegevens"), shows=RECORD + ENTRIES),
        View("learners.duplicates", _l("uw naam in een lijst"), is_of_name=True),
        View("learners.enrolment", _l("uw gegevens"), shows=("trajectory",)),
        View("learners.entries", _l("uw gegevens"), shows=ENTRIES),
        View("learners.group", _l("uw naam in een lijst"), is_of_name=True),
        View("learners.history", _l("uw gegevens"), shows=RECORD + ENTRIES),
        View("learners.incomplete", _l("wat er in uw dossier ontbreekt")),
        View("learners.invitable_seen", _l("uw naam in een lijst"), is_of_name=True),
        View("learners.list", _l("uw naam in een lijst"), is_of_name=True),
        View("learners.merge_preview", _l("uw gegevens"), shows=RECORD + ENTRIES),
        View("learners.merge_undo_preview", _l("uw gegevens"), shows=RECORD + ENTRIES),
        View("learners.own_corrections", _l("uw gegevens"), shows=RECORD + ENTRIES),
        View("learners.own_entry", _l("uw gegevens"), shows=(*ENTRIES, "exam", "progress")),
        View("learners.own_field", _l("uw gegevens"), shows=RECORD),
        View("learners.record", _l("uw gegevens"), shows=RECORD),
        View("learners.search", _l("uw naam in een lijst"), is_of_name=True),
        View("learners.waiting", _l("dat u op de wachtlijst staat"), shows=("trajectory",)),
        View("learners.waiting_list", _l("dat u op de wachtlijst staat"), shows=("trajectory",)),
    ),
)
