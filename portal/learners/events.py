"""What learners writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l

_ENTRY_TABLES = (
    "trajectory",
    "intake",
    "appointment",
    "invoice_line",
    "order_line",
    "complaint",
    "correspondence",
    "identity_document",
)
_ENTRY_VERBS = {"added": _l("toegevoegd"), "changed": _l("gewijzigd"), "removed": _l("verwijderd")}

AREA = Area(
    "learners",
    _l("cursisten"),
    events=(
        Event("learners.access_ended", _l("inloggen beëindigd"), _l("wijzigde uw gegevens")),
        Event("learners.access_given_back", _l("mag weer inloggen"), _l("wijzigde uw gegevens")),
        Event("learners.added", _l("toegevoegd"), _l("wijzigde uw gegevens")),
        Event("learners.bsn_revealed", _l("BSN bekeken"), _l("bekeek uw BSN")),
        Event("learners.changed", _l("gewijzigd"), _l("wijzigde uw gegevens")),
        Event("learners.correction_accepted", _l("voorstel overgenomen"), _l("wijzigde uw gegevens")),
        Event("learners.correction_proposed", _l("wijziging voorgesteld"), _l("wijzigde uw gegevens")),
        Event("learners.correction_refused", _l("voorstel geweigerd"), _l("wijzigde uw gegevens")),
        Event("learners.correction_withdrawn", _l("voorstel ingetrokken"), _l("wijzigde uw gegevens")),
        Event("learners.invitations_asked", _l("uitnodigingen gevraagd"), _l("wijzigde uw account")),
        Event("learners.joined_group", _l("in een groep gezet"), _l("wijzigde uw gegevens")),
        Event("learners.left_group", _l("uit een groep gehaald"), _l("wijzigde uw gegevens")),
        Event("learners.letters_printed", _l("brieven afgedrukt"), _l("wijzigde uw gegevens")),
        Event("learners.merged", _l("twee dossiers samengevoegd"), _l("wijzigde uw gegevens")),
        Event("learners.moved_group", _l("naar een andere groep"), _l("wijzigde uw gegevens")),
        *(
            Event(f"learners.{table}_{verb}", label, _l("wijzigde uw gegevens"))
            for table in _ENTRY_TABLES
            for verb, label in _ENTRY_VERBS.items()
        ),
    ),
    views=(
        View("learners.corrections", _l("uw gegevens")),
        View("learners.duplicates", _l("uw naam in een lijst"), is_of_name=True),
        View("learners.enrolment", _l("uw gegevens")),
        View("learners.entries", _l("uw gegevens")),
        View("learners.group", _l("uw naam in een lijst"), is_of_name=True),
        View("learners.history", _l("uw gegevens")),
        View("learners.invitable_seen", _l("uw naam in een lijst"), is_of_name=True),
        View("learners.list", _l("uw naam in een lijst"), is_of_name=True),
        View("learners.merge_preview", _l("uw gegevens")),
        View("learners.own_corrections", _l("uw gegevens")),
        View("learners.own_entry", _l("uw gegevens")),
        View("learners.own_field", _l("uw gegevens")),
        View("learners.record", _l("uw gegevens")),
        View("learners.search", _l("uw naam in een lijst"), is_of_name=True),
    ),
)
