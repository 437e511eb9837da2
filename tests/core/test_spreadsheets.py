"""Short lists as files: what a spreadsheet would run is text in both kinds."""

import csv
import io
from datetime import date
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from portal.core.spreadsheets import Cell, csv_of, guarded, xlsx_of

ROWS: list[tuple[Cell, ...]] = [("=1+1", date(2026, 11, 20), 3, None), ("Amina", None, 0, "@naam")]
HEADINGS = ["Naam", "Dag", "Aantal", "Leeg"]


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", "+1+cmd", "-2+3+cmd|x"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Amina", "+31 6 12345678", "-3", "'t Hart", ""])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


def test_a_list_as_csv_holds_its_rows_in_order() -> None:
    text = csv_of(HEADINGS, ROWS).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text), delimiter=";")) == [
        HEADINGS,
        ["'=1+1", "2026-11-20", "3", ""],
        ["Amina", "", "0", "'@naam"],
    ]


def test_a_workbook_holds_text_days_and_numbers_and_no_formula() -> None:
    made = xlsx_of("Lijst", HEADINGS, ROWS)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_name("Lijst")
    rows = sheet.to_python()
    assert rows[0] == HEADINGS
    assert rows[1][:3] == ["=1+1", date(2026, 11, 20), 3.0]
    with ZipFile(io.BytesIO(made)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
