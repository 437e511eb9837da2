"""Before an erasure a workbook that waits is looked through once, whatever goes; one in which she stands goes."""

from uuid import UUID

import pytest

from portal.core.erasure import erase_categories
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.imports.models import ImportRun
from portal.imports.queries import get_run
from portal.imports.runs import erasures
from portal.imports.runs.inspection import workbook_of
from portal.imports.workbooks.workbook import Workbook
from portal.schools.queries import SchoolView
from tests.factories.imports import handed_in, make_office, sheet_bytes
from tests.factories.learners import make_learner

HEADER = ("Voornaam", "Achternaam", "E-mail")


@pytest.mark.parametrize("is_hers", [True, False])
def test_a_waiting_workbook_is_opened_once_for_all_categories(
    school: SchoolView, monkeypatch: pytest.MonkeyPatch, is_hers: bool
) -> None:
    amina = make_learner("Amina", email="amina@example.org")
    address = amina.email if is_hers else "chen@example.org"
    run = handed_in(sheet_bytes(HEADER, ("Chen", "Li", address)), make_office())
    opened: list[UUID] = []

    def opens(each: ImportRun) -> Workbook:
        opened.append(each.id)
        return workbook_of(each)

    monkeypatch.setattr(erasures, "workbook_of", opens)
    erase_categories(PersonKind.LEARNER, [amina.id], ["attendance", "contact", "progress"], why="asked")

    assert opened == ([] if is_hers else [run.id]), "her row stands in the examples that are kept beside it"
    assert (get_run(run.id, SYSTEM).file_id is None) is is_hers
