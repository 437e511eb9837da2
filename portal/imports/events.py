"""What imports writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l

AREA = Area(
    "imports",
    _l("inlezen"),
    events=(
        Event("imports.discarded", _l("bestand weggegooid"), _l("las uw gegevens in uit een werkboek")),
        Event("imports.entries_stored", _l("rijen bewaard"), _l("las uw gegevens in uit een werkboek")),
        Event("imports.handed_in", _l("bestand gebracht")),
        Event("imports.learner_chosen", _l("gekozen"), _l("las uw gegevens in uit een werkboek")),
        Event("imports.mapped", _l("kolommen gekozen"), _l("las uw gegevens in uit een werkboek")),
        Event(
            "imports.refused_given_back", _l("geweigerde rijen opgehaald"), _l("las uw gegevens in uit een werkboek")
        ),
        Event("imports.stopped", _l("gestopt"), _l("las uw gegevens in uit een werkboek")),
        Event("imports.stored", _l("rijen bewaard"), _l("las uw gegevens in uit een werkboek")),
        Event("imports.undone", _l("teruggedraaid"), _l("las uw gegevens in uit een werkboek")),
        Event("imports.values_chosen", _l("gekozen"), _l("las uw gegevens in uit een werkboek")),
    ),
    views=(View("imports.preview", _l("een werkboek met uw gegevens")),),
)
