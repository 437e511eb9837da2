"""Headers on one line and two, merged cells, and rows that hold nobody."""

import io
import subprocess
import sys
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from portal.imports.workbooks.delimited_text import decoded, rows_of, separator_of
from portal.imports.workbooks.headers import find_header
from portal.imports.workbooks.records import Columns, Record, records_of
from portal.imports.workbooks.targets import LEARNER_TARGETS
from portal.imports.workbooks.vocabulary import KNOWN, target_of
from portal.imports.workbooks.workbook import Sheet, open_workbook
from portal.progress.models import Rung


def _sheet(rows: list[list[Any]], merged: tuple[str, ...] = ()) -> Sheet:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Blad1")
        for cells in merged:
            sheet.merge_range(cells, "")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, value)
    return open_workbook(out.getvalue(), "a.xlsx").sheets[0]


def _records(sheet: Sheet, *, has_sublevels: bool = False) -> list[Record]:
    header = find_header(sheet)
    assert header is not None
    targets = {at: key for at, label in enumerate(header.labels) if (key := target_of(label))}
    return list(records_of(sheet, Columns(header, targets), today=date(2026, 11, 22), has_sublevels=has_sublevels))


@pytest.mark.parametrize("row", [1, 7, 20])
def test_a_header_is_found_in_the_first_twenty_rows(row: int) -> None:
    header = find_header(_sheet([["Brief"]] * (row - 1) + [["Nr.", "Achternaam", "Voornaam"], ["1", "Berg", "Zoë"]]))
    assert header is not None
    assert (header.first_row, header.last_row) == (row, row)


def test_no_header_is_found_further_down_or_without_anybody_in_it() -> None:
    assert find_header(_sheet([["Brief"]] * 20 + [["Nr.", "Achternaam"]])) is None
    assert find_header(_sheet([["Groep", "Startdatum"], ["A1", "1-9-2026"]])) is None


def test_a_header_of_two_lines_is_read_together() -> None:
    sheet = _sheet([["Naam", "Adres", None, None], [None, "Straat", "Nr", "Plaats"]], ("A1:A2", "B1:D1"))
    header = find_header(sheet)
    assert header is not None
    assert header.labels == ("Naam", "Adres: Straat", "Adres: Nr", "Adres: Plaats")
    assert [target_of(label) for label in header.labels] == [
        "learner.full_name", "learner.street", "learner.house_number", "learner.city",
    ]  # fmt: skip


def test_columns_in_another_order_have_the_same_fingerprint() -> None:
    one = find_header(_sheet([["Nr.", "Achternaam", "Voornaam"]]))
    other = find_header(_sheet([[None], ["VOORNAAM", "nr", "Achternaam "]]))
    assert one is not None
    assert other is not None
    assert one.fingerprint == other.fingerprint


def test_a_value_merged_over_rows_counts_for_each() -> None:
    rows = [["Groep", "Achternaam", "Voornaam"], ["A1", "Berg", "Zoë"], [None, "Vos", "Ali"], [None, "Bos", "Lin"]]
    groups = [record.values.get("group.name") for record in _records(_sheet(rows, ("A2:A3",)))]
    assert groups == ["A1", "A1", None]


def test_empty_rows_totals_headings_and_a_repeated_header_hold_nobody() -> None:
    header = ["Achternaam", "Voornaam", "Uren"]
    rows = [header, ["Berg", "Zoë", 10], [], ["Groep B", None, None], header, ["Totaal", None, 10], [None, None, 10]]
    rows += [["Subtotaal", "2 cursisten", 20], ["Aantal cursisten: 2"], ["Som", "Anna", 3], ["  ", "", ""]]
    assert [record.row for record in _records(_sheet(rows, ("A4:C4",)))] == [2, 10]


def test_the_sheet_is_read_from_its_own_first_cell() -> None:
    sheet = _sheet([[], [None, None, "Achternaam", "Voornaam"], [None, None, "Berg", "Zoë"]])
    assert [(record.row, record.values["learner.family_name"]) for record in _records(sheet)] == [(3, "Berg")]


def test_separators_and_letters_are_found() -> None:
    assert separator_of("a;b;c\n1,5;2,5;3,5\n") == ";"
    assert separator_of('a,b\n"x; y",2\n') == ","
    assert separator_of("a\tb\n1,2\t3\n") == "\t"
    assert decoded("Zoë".encode("cp1252")) == "Zoë"
    assert decoded("Zoë".encode()) == "Zoë"
    assert decoded("Zoë".encode("utf-16")) == "Zoë"
    assert rows_of(b"sep=|\r\na|b\r\n") == [[], ["a", "b"]]


def test_every_word_leads_to_a_field_that_exists() -> None:
    assert set(KNOWN.values()) <= set(LEARNER_TARGETS)
    assert set(LEARNER_TARGETS) <= set(KNOWN.values())


def test_ten_thousand_rows_stay_within_150_mb(tmp_path: Any) -> None:
    """Measured in a process of its own, base and all."""
    path = tmp_path / "groot.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Blad1")
        labels = [
            "Nr.",
            "Voornaam",
            "Achternaam",
            "Geboortedatum",
            "Telefoon",
            "E-mail",
            "Straat",
            "Woonplaats",
            "Groep",
        ]
        sheet.write_row(0, 0, labels)
        for number in range(1, 10_001):
            row = [number, f"Voornaam{number}", f"Achternaam{number}", 30_000 + number % 9_000, f"06{number:08}"]
            row += [f"mail{number}@example.org", f"Straat {number}", "Utrecht", f"Groep {number % 400}"]
            sheet.write_row(number, 0, row)
    done = subprocess.run(
        [sys.executable, "-m", "tests.imports.workbooks.measured", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    rows, above = map(int, done.stdout.split())
    assert rows == 10_000
    assert above < 150 * 1024


@pytest.mark.parametrize(
    "foot", ["Totaal;2;", "2;Totaal;", ";Totaal: 2 cursisten;", "Totaal;2;80,5", "Totaal;2 cursisten;15"]
)
def test_a_total_with_its_count_under_a_name_or_number_holds_nobody(foot: str) -> None:
    data = f"Nr;Naam;Uren gevolgd\n501;Berg, Amina;12\n502;Total, An;3\n{foot}\n".encode()
    sheet = open_workbook(data, "lijst.csv").sheets[0]
    header = find_header(sheet)
    assert header is not None
    targets = {0: "learner.number", 1: "learner.full_name", 2: "trajectory.hours_before"}
    rows = list(records_of(sheet, Columns(header, targets), today=date(2026, 11, 22)))
    assert [row.values["learner.family_name"] for row in rows] == ["Berg", "Total"]


def test_levels_between_levels_come_in_as_the_school_works_with_them() -> None:
    sheet = _sheet(
        [["Nr.", "Achternaam", "Voornaam", "Niveau lezen"], ["1", "Berg", "Zoë", "A2+"], ["2", "Ali", "B", "A2-"]]
    )
    plus, minus = _records(sheet)
    assert plus.values["level.reading"] is Rung.A2
    assert "level.reading" not in minus.values
    assert [(each.code, each.facts) for each in minus.problems] == [("level_unknown", {"value": "A2-"})]
    kept = [record.values["level.reading"] for record in _records(sheet, has_sublevels=True)]
    assert kept == [Rung.A2_PLUS, Rung.A2_MINUS]
