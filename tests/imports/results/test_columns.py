"""Where the columns of a list of results go: known words, a header further down, and what a school chose before."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter

from portal.imports.mappings.columns import Remembered, SheetColumns
from portal.imports.results.columns import propose_results
from portal.imports.workbooks.vocabulary import plain
from portal.imports.workbooks.workbook import open_workbook
from portal.policy.queries import current_policy
from portal.schools.queries import SchoolView

pytestmark = pytest.mark.usefixtures("school")


def proposed(*sheets: Sequence[Sequence[Any]], remembered: dict[str, Remembered] | None = None) -> list[SheetColumns]:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return propose_results(open_workbook(out.getvalue(), "a.xlsx"), current_policy(), remembered or {})


def targets(header: Sequence[str]) -> list[str]:
    (found,) = proposed([header, ["26039"] * len(header)])
    return [found.targets.get(at, "") for at in range(len(header))]


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (["Cursistnr.", "Naam", "Lezen"], ["learner.number", "learner.full_name", "skill.reading"]),
        (["Name", "Skill", "Level"], ["learner.full_name", "result.skill", "result.level"]),
        (["Achternaam", "Voornaam", "KNM"], ["learner.family_name", "learner.given_name", "outcome.knm"]),
        (["Naam", "Toets", "Score"], ["learner.full_name", "result.test", "result.score"]),
        (["Naam", "Niveau", "Toetsdatum"], ["learner.full_name", "result.level", "result.day"]),
        (["Naam", "BSN", "Uitslag"], ["learner.full_name", "", "result.outcome"]),
    ],
)
def test_what_schools_write_above_their_columns(header: list[str], wanted: list[str]) -> None:
    assert targets(header) == wanted


def test_a_header_may_stand_further_down_and_a_sheet_without_one_is_left_out() -> None:
    (found,) = proposed([["Toets november"], [], ["Naam", "Lezen"], ["Amina", "A2"]], [["Adres", "Plaats"]])
    assert (found.first_row, found.last_row, found.is_used) == (3, 3, True)
    assert proposed([["Naam", "Telefoon"], ["Amina", "06"]]) == []


def test_a_column_that_counts_the_rows_is_no_number() -> None:
    rows = [[str(at), f"Naam {at}", "A2"] for at in range(1, 9)]
    (found,) = proposed([["Nr", "Naam", "Lezen"], *rows])
    assert found.counted == [0]


def test_what_was_chosen_for_a_list_of_learners_says_nothing_of_a_list_of_results(school: SchoolView) -> None:
    header = ["Naam", "Lezen"]
    (before,) = proposed([header, ["Amina", "A2"]])
    chosen = Remembered({plain("Naam"): "learner.full_name", plain("Lezen"): ""}, is_group=False, is_used=True)
    (of_results,) = proposed([header, ["Amina", "A2"]], remembered={before.fingerprint: chosen})
    assert of_results.targets == {0: "learner.full_name"}
    (apart,) = proposed([header, ["Amina", "A2"]], remembered={before.header.fingerprint: chosen})
    assert apart.targets == {0: "learner.full_name", 1: "skill.reading"}
