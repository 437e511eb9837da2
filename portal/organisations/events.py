"""What organisations writes in the audit: events with their labels; none is about a learner."""

from portal.core.audit.declarations import Area, Event
from portal.core.http.languages import _l

AREA = Area(
    "organisations",
    _l("organisaties"),
    events=(
        Event("organisations.organisation_added", _l("toegevoegd")),
        Event("organisations.organisation_changed", _l("gewijzigd")),
        Event("organisations.organisation_removed", _l("verwijderd")),
        Event("organisations.contact_person_added", _l("contact toegevoegd")),
        Event("organisations.contact_person_changed", _l("contact gewijzigd")),
    ),
)
