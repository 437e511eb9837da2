"""Headers that name one column alone, and lists that stand on their side."""

from datetime import date
from typing import Any

import pytest

from portal.imports.workbooks.headers import has_people_side_by_side
from portal.imports.workbooks.tables import find_tables
from portal.imports.workbooks.vocabulary import targets_of
from portal.imports.workbooks.workbook import Sheet

NAME = "learner.full_name"
_WEEK = ["ma 1 sep", "di 2 sep", "woensdag", "wk 36", "Les 4", "3-9", date(2026, 9, 4)]


def sheet_of(*rows: list[Any]) -> Sheet:
    return Sheet("Blad1", lambda: iter([list(row) for row in rows]))


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["Cursist"], ["Jan Smit"]),
        (["Rij", "Naam"], [101, "Berg, van der, Fatima"]),
        (["Naam", *_WEEK], ["Jan Smit", "x", "x", "-", "a", 1, "tl", "z"]),
        (["#", "Naam", *_WEEK, "Totaal"], [1, "Jan Smit", "x", "", "", "", 1, "", "", 3]),
    ],
)
def test_a_list_of_names_alone_is_read_where_there_is_nothing_better(header: list[Any], row: list[Any]) -> None:
    sheet = sheet_of(["Presentie"], [], header, row)
    assert find_tables(sheet) == []
    (table,) = find_tables(sheet, of_names=True)
    assert table.header.first_row == 3
    assert [target for target in targets_of(table.header.labels) if target] == [NAME]


@pytest.mark.parametrize("under", [["Telefoon", "0612345678"], ["Geboortedatum", "1-2-1990"]])
def test_a_label_over_labels_is_no_list_of_names(under: list[Any]) -> None:
    assert find_tables(sheet_of(["Naam", "Jan Smit"], under), of_names=True) == []


def test_a_name_over_nothing_is_no_list_of_names() -> None:
    assert find_tables(sheet_of(["Deelnemers"], [], ["", "0612345678"]), of_names=True) == []


def test_people_side_by_side_are_told_from_a_list() -> None:
    rows: list[list[Any]] = [["Naam", "Jan Smit", "Eva Bos"], ["Telefoon", "0612345678", ""], ["E-mail", "", "e@b.nl"]]
    assert has_people_side_by_side(rows)
    assert not has_people_side_by_side([list(column) for column in zip(*rows, strict=True)])
    assert not has_people_side_by_side([["Jan Smit", "0612345678"], ["Eva Bos", ""]])


@pytest.mark.parametrize(
    "month", ["jan", "Feb.", "mrt", "april", "mei", "juni", "jul", "aug", "sept.", "okt", "november"]
)
def test_months_over_the_columns_hide_no_header(month: str) -> None:
    (table,) = find_tables(sheet_of(["Voornaam", "Achternaam", *[month] * 9], ["Jan", "Smit", *["x"] * 9]))
    assert table.header.first_row == 1
