"""Before an erasure a workbook that waits is looked through once, whatever goes; one in which she stands goes."""

from uuid import UUID

import pytest

from portal.core.erasure import erase_categories, erase_people
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


@pytest.mark.parametrize(
    ("number", "row"),
    [
        ("10007", ("10007", "", "", "")),
        ("10007", ("10007.0", "", "", "")),
        ("10007", ("", "Yilmaz", "Amina", "")),
        ("10007", ("", "YILMAZ, Amina (A.)", "", "")),
        ("10007", ("", "", "", "06 1234-5678")),
        ("10007", ("", "", "", "0031612345678")),
        ("10007", ("", "", "", "+31 (0)6 12345678")),
        ("7", ("7", "Yilmaz", "", "")),
    ],
)
@pytest.mark.promise("MN-15")
def test_her_row_is_known_however_a_school_writes_it(
    school: SchoolView, number: str, row: tuple[str, str, str, str]
) -> None:
    amina = make_learner("Amina", "Yilmaz", number=number, email=None, phone="+31612345678")
    run = handed_in(sheet_bytes(("Nummer", "Achternaam", "Voornaam", "Telefoon"), row), make_office())

    erase_people(PersonKind.LEARNER, [amina.id], why="asked")

    assert get_run(run.id, SYSTEM).file_id is None


def test_rows_of_people_alike_stay(school: SchoolView) -> None:
    amina = make_learner("Amina", "Yilmaz", number="7", email=None, phone="+31612345678")
    rows = [("10008", "Yilmaz", "Chen", "06 87654321"), ("7", "Li", "Amira", ""), ("9", "Haddad", "Amina", "")]
    run = handed_in(sheet_bytes(("Nummer", "Achternaam", "Voornaam", "Telefoon"), *rows), make_office())

    erase_people(PersonKind.LEARNER, [amina.id], why="asked")

    assert get_run(run.id, SYSTEM).file_id is not None
