"""Lists as offices hand them in, from file to record, against what a careful clerk wrote down beforehand."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest

from portal.core.http.access import PORTAL
from portal.imports.models import Outcome
from portal.imports.runs.batch import BroughtIn, bring_in
from portal.imports.workbooks.tables import find_tables, texts_of
from portal.imports.workbooks.workbook import open_workbook
from tests.imports.sample_workbooks.offices import EXPECTED, FOLDER

TODAY = datetime(2026, 11, 28, 12, tzinfo=UTC)
_NAME = ("learner.given_name", "learner.name_prefix", "learner.family_name")


def brought_in(name: str) -> BroughtIn:
    """Bring one of the lists in, in the school in scope."""
    data = (FOLDER / name).read_bytes()
    return bring_in(data, name, act=None, grounds={}, is_trial=False, by=PORTAL)


def people_in(done: BroughtIn) -> list[str]:
    """Return the names of who is new, in the order of the list."""
    new = [row.person for row in done.plan.rows if row.outcome is Outcome.ADDED and row.person]
    return ["|".join(str(person.values[key]) for key in _NAME if person.values.get(key)) for person in new]


def columns_left_out(done: BroughtIn) -> list[str]:
    """Return the labels of the columns that hold something and aren't taken over."""
    return [
        label
        for sheet in done.sheets
        if sheet.follows is None
        for at, label in enumerate(sheet.labels)
        if label and at not in sheet.targets and at not in sheet.refused
    ]


@pytest.mark.parametrize("workbook", EXPECTED, ids=lambda workbook: workbook["file"])
def test_a_list_comes_to_what_was_written_down(
    workbook: dict[str, Any],
    enter: Callable[[str], AbstractContextManager[Any]],
    clock: Callable[[datetime], None],
) -> None:
    clock(TODAY)
    with enter("meester-in-nt2"):
        for earlier in workbook.get("after", []):
            brought_in(earlier)
        done = brought_in(workbook["file"])
        counts, rows = done.plan.counts(), done.plan.rows
        refused = [[row.record.sheet, row.record.row, each.column, each.code] for row in rows for each in row.problems]
        assert refused == workbook.get("refused", [])
        assert {name: counts[name] for name in workbook["counts"]} == workbook["counts"]
        assert people_in(done) == workbook.get("people", [])
        assert [[each.row, each.code] for each in done.plan.skipped] == workbook.get("left_out", [])
        assert columns_left_out(done) == workbook.get("columns", [])
        assert sum(len(row.notes) for row in rows) == workbook.get("noted", 0)


@pytest.mark.parametrize("workbook", EXPECTED, ids=lambda workbook: workbook["file"])
def test_no_row_that_holds_something_goes_unlisted(
    workbook: dict[str, Any],
    enter: Callable[[str], AbstractContextManager[Any]],
    clock: Callable[[datetime], None],
) -> None:
    clock(TODAY)
    with enter("meester-in-nt2"):
        done = brought_in(workbook["file"])
    listed = {(row.record.sheet, row.record.row) for row in done.plan.rows}
    listed |= {(each.sheet, each.row) for each in done.plan.skipped}
    used = {sheet.name for sheet in done.sheets if sheet.is_used}
    book = open_workbook((FOLDER / workbook["file"]).read_bytes(), workbook["file"])
    for sheet in (each for each in book.sheets if each.name in used):
        heads = {
            row for table in find_tables(sheet) for row in range(table.header.first_row, table.header.last_row + 1)
        }
        filled = {(sheet.name, number) for number, row in sheet.rows() if texts_of(row) and number not in heads}
        assert filled <= listed
