"""Words for codes of incidents."""

from collections.abc import Mapping

from flask_babel import LazyString

from portal.core.http.languages import _l, _n
from portal.core.personal_data import PersonKind
from portal.oversight.incidents.models import IncidentKind, IncidentSource, ToldWay

KINDS: Mapping[IncidentKind, LazyString] = {
    IncidentKind.SENT_WRONG: _l("naar de verkeerde gestuurd"),
    IncidentKind.LOST: _l("kwijt of gestolen"),
    IncidentKind.SEEN: _l("bekeken door wie dat niet mocht"),
    IncidentKind.HACKED: _l("ingebroken in een account of systeem"),
    IncidentKind.UNAVAILABLE: _l("gegevens weg of niet te bereiken"),
    IncidentKind.OTHER: _l("iets anders"),
}
SOURCES: Mapping[IncidentSource, LazyString] = {
    IncidentSource.SCHOOL: _l("bij de school"),
    IncidentSource.HOSTING: _l("bij het bedrijf van het portaal"),
}
ACTORS: Mapping[str, LazyString] = {
    "staff": _l("alle medewerkers"),
    "learner": _l("een cursist"),
    "representative": _l("wie voor een cursist handelt"),
    "portal": _l("het portaal zelf"),
    "nobody": _l("iemand die niet was ingelogd"),
}
"""Kinds of actors in the log."""
PEOPLE: Mapping[PersonKind, LazyString] = {
    PersonKind.LEARNER: _l("cursist"),
    PersonKind.REPRESENTATIVE: _l("vertegenwoordiger"),
    PersonKind.CONTACT_PERSON: _l("contactpersoon"),
    PersonKind.STAFF: _l("medewerker"),
}
"""What somebody whom an incident touched is to the school."""
RESTRICTED: Mapping[PersonKind, LazyString] = {
    PersonKind.LEARNER: _l("Cursist met een afscherming"),
    PersonKind.REPRESENTATIVE: _l("Vertegenwoordiger van een cursist met een afscherming"),
}
"""What stands in the place of a name that a restriction hides."""
FROM_LOG, FROM_HAND = _l("uit het logboek"), _l("zelf aangegeven")
"""Where it comes from that an incident touched a category."""
WAYS: Mapping[ToldWay, LazyString] = {ToldWay.EMAIL: _l("per e-mail"), ToldWay.LETTER: _l("per brief")}
CODES: Mapping[str, Mapping[ToldWay, LazyString]] = {"incident_person.way": WAYS}
"""What the codes of columns are called to whom they are about."""
ROW_LABELS: dict[str, LazyString] = {
    "incident_person": _l("incidenten die deze cursist raken"),
}
"""What rows about a learner are called, by table, with their number."""


def counted(kind: PersonKind, count: int) -> str:
    """Return how many people of one kind an incident touched, in words."""
    match kind:
        case PersonKind.LEARNER:
            return _n("%(num)s cursist", "%(num)s cursisten", count)
        case PersonKind.REPRESENTATIVE:
            return _n("%(num)s vertegenwoordiger", "%(num)s vertegenwoordigers", count)
        case PersonKind.CONTACT_PERSON:
            return _n("%(num)s contactpersoon", "%(num)s contactpersonen", count)
        case PersonKind.STAFF:
            return _n("%(num)s medewerker", "%(num)s medewerkers", count)
