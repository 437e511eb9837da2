"""What imports writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l
from portal.learners.events import ENTRIES, RECORD

AREA = Area(
    "imports",
    _l("inlezen"),
    events=(
        Event("imports.discarded", _l("bestand weggegooid"), _l("gooide een werkboek met uw gegevens weg")),
        Event("imports.entries_stored", _l("rijen bewaard"), _l("bewaarde trajecten of groepen uit een werkboek")),
        Event("imports.handed_in", _l("bestand gebracht")),
        Event("imports.learner_chosen", _l("gekozen"), _l("koos bij het inlezen welke rij over u gaat")),
        Event("imports.mapped", _l("kolommen gekozen"), _l("koos bij het inlezen wat er in welke kolom staat")),
        Event(
            "imports.refused_given_back",
            _l("geweigerde rijen opgehaald"),
            _l("haalde rijen op die niet konden worden ingelezen"),
        ),
        Event("imports.result_chosen", _l("gekozen"), _l("koos welke uitslag van u blijft staan")),
        Event("imports.results_stored", _l("uitslagen bewaard"), _l("bewaarde uitslagen van u uit een lijst")),
        Event(
            "imports.results_undone", _l("ongedaan gemaakt"), _l("maakte ongedaan wat uit een lijst met uitslagen kwam")
        ),
        Event("imports.stopped", _l("gestopt"), _l("stopte met het inlezen van een werkboek met uw gegevens")),
        Event("imports.stored", _l("rijen bewaard"), _l("las uw gegevens in uit een werkboek")),
        Event("imports.undone", _l("ongedaan gemaakt"), _l("maakte het inlezen van uw gegevens ongedaan")),
        Event("imports.values_chosen", _l("gekozen"), _l("koos bij het inlezen wat een woord betekent")),
    ),
    views=(
        View("imports.preview", _l("een werkboek met uw gegevens"), shows=RECORD + ENTRIES),
        View("imports.results", _l("een lijst met uitslagen, ook die van u"), shows=("dealings", "exam", "level")),
    ),
)
