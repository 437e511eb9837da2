"""Which columns the lists of learners have as a file: those of their pages."""

from portal.core.clock import local
from portal.core.http.languages import _l
from portal.core.spreadsheets import Cell
from portal.learners.completeness.queries import IncompleteLearner
from portal.learners.enrolments.queries import EnrolledLine
from portal.learners.invitations.labels import WAYS
from portal.learners.invitations.queries import Invitable
from portal.learners.lists.services import ListColumn
from portal.learners.search.queries import FoundLearner


def _groups(learner: FoundLearner) -> Cell:
    return ", ".join(learner.groups)


def _starts_on(line: EnrolledLine) -> Cell:
    return line.starts_on


def _ends_on(line: EnrolledLine) -> Cell:
    return line.ends_on


def _missing(line: IncompleteLearner) -> Cell:
    return ", ".join(str(each.label) for each in line.missing)


def _invited_until(learner: Invitable) -> Cell:
    return local(learner.invited_until).date() if learner.invited_until is not None else ""


FOUND: tuple[ListColumn, ...] = (
    ListColumn("number", "name", _l("Nummer"), lambda learner: learner.number),
    ListColumn("name", "name", _l("Naam"), lambda learner: learner.listed_name),
    ListColumn("birth_date", "birth", _l("Geboortedatum"), lambda learner: learner.birth_date, is_optional=True),
    ListColumn("groups", "trajectory", _l("Groep"), _groups),
)
"""Of learners who were searched for; whether one has an account serves the security of the portal alone (LB-04)."""

ENROLLED: tuple[ListColumn, ...] = (
    ListColumn("number", "name", _l("Nummer"), lambda line: line.number),
    ListColumn("name", "name", _l("Naam"), lambda line: line.name),
    ListColumn("starts_on", "trajectory", _l("Eerste dag"), _starts_on),
    ListColumn("ends_on", "trajectory", _l("Laatste dag"), _ends_on),
)
"""Of who is or will be in a group."""

INCOMPLETE: tuple[ListColumn, ...] = (
    ListColumn("number", "name", _l("Nummer"), lambda line: line.learner.number),
    ListColumn("name", "name", _l("Naam"), lambda line: line.learner.listed_name),
    ListColumn("groups", "trajectory", _l("Groep"), lambda line: _groups(line.learner)),
    ListColumn("missing", "name", _l("Ontbreekt"), _missing),
)
"""Of who lacks what her record must have; only what whoever takes it sees is named."""

INVITABLE: tuple[ListColumn, ...] = (
    ListColumn("number", "name", _l("Nummer"), lambda learner: learner.number),
    ListColumn("name", "name", _l("Naam"), lambda learner: learner.name),
    ListColumn("way", "contact", _l("Hoe"), lambda learner: str(WAYS[learner.way.value])),
    ListColumn("invited_until", "account", _l("Uitgenodigd tot"), _invited_until),
)
"""Of who can't sign in yet; until when an invitation is good goes along for the security of the portal alone."""
