"""The twelve are twelve, and each mess that schools make stands in at least two of them."""

from collections import Counter

from tests.imports.sample_workbooks import EXPECTED, MAKERS

MESSES = {
    "xlsx",
    "ods",
    "comma",
    "semicolon",
    "utf8",
    "windows_1252",
    "header_lower",
    "merged_title",
    "two_line_header",
    "dutch_headers",
    "english_headers",
    "other_order",
    "several_sheets",
    "dates_real",
    "dates_number",
    "dates_text",
    "bsn_without_zero",
    "phones_as_typed",
    "infix_column",
    "infix_in_surname",
    "name_in_one_column",
    "duplicate_rows",
    "empty_rows",
    "total_row",
    "groups",
    "trajectories",
    "hours",
    "levels",
}


def test_there_are_twelve_and_each_has_a_maker() -> None:
    assert [workbook["file"] for workbook in EXPECTED] == list(MAKERS)
    assert len(MAKERS) == 12


def test_each_mess_stands_in_at_least_two() -> None:
    counted = Counter(mess for workbook in EXPECTED for mess in workbook["messes"])
    assert set(counted) == MESSES
    assert {mess for mess in MESSES if counted[mess] < 2} == set()


def test_refused_rows_add_up() -> None:
    for workbook in EXPECTED:
        rows = {(sheet, row) for sheet, row, _column, _reason in workbook["refused"]}
        assert len(rows) == workbook["counts"]["refused"], workbook["file"]
