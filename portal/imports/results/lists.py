"""The columns of a list of a group that is to be filled in and brought back: who is in it, and room for each result."""

from portal.core.http.languages import _l
from portal.core.spreadsheets import Cell
from portal.imports.results.choices import IN_COLUMNS
from portal.imports.results.labels import RESULT_LABELS
from portal.imports.workbooks.targets import RESULT_TARGETS
from portal.learners.enrolments.queries import EnrolledLine
from portal.learners.lists.services import ListColumn
from portal.policy.queries import current_policy

_FEATURES = {"skill": "levels", "outcome": "exams"}


def _empty(_line: EnrolledLine) -> Cell:
    return ""


def list_columns() -> list[ListColumn]:
    """Return number and name, then an empty column for each skill and exam that the school keeps, and for the day.

    Empty columns hold nothing of anybody, so they go along for whatever purpose the names may be taken.
    """
    policy = current_policy()
    kept = [key for key in IN_COLUMNS if policy.feature(_FEATURES[RESULT_TARGETS[key].table])]
    return [
        ListColumn("number", "name", _l("Nummer"), lambda line: line.number),
        ListColumn("name", "name", _l("Naam"), lambda line: line.name),
        *(ListColumn(key, "name", RESULT_LABELS[key], _empty) for key in kept),
        ListColumn("result.day", "name", RESULT_LABELS["result.day"], _empty),
    ]
