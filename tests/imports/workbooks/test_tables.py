"""Where the tables of a sheet stand, and which group their titles name."""

from datetime import date
from typing import Any

from portal.imports.workbooks.records import records_of
from portal.imports.workbooks.rows import REASONS
from portal.imports.workbooks.tables import Columns, find_tables, group_named
from portal.imports.workbooks.vocabulary import targets_of
from portal.imports.workbooks.workbook import Sheet


def sheet_of(*rows: list[Any]) -> Sheet:
    return Sheet("Blad1", lambda: iter([list(row) for row in rows]))


def read(sheet: Sheet) -> tuple[list[tuple[Any, ...]], list[tuple[int, str]]]:
    """Return (row, given name, family name, group) of each record, and what was left out."""
    skipped: list[Any] = []
    columns = [
        Columns(table.header, {at: key for at, key in enumerate(targets_of(table.header.labels)) if key},
                until=table.until, title=table.title)
        for table in find_tables(sheet)
    ]  # fmt: skip
    names = ("learner.given_name", "learner.family_name", "group.name")
    found = records_of(sheet, *columns, today=date(2026, 11, 28), skipped=skipped)
    records = [(each.row, *(each.values.get(name) for name in names)) for each in found]
    assert {each.code for each in skipped} <= set(REASONS)
    return records, [(each.row, each.code) for each in skipped]


def test_a_second_header_in_another_order_swaps_no_names() -> None:
    records, left = read(
        sheet_of(["Voornaam", "Achternaam"], ["Anna", "Bos"], [], ["Achternaam", "Voornaam"], ["Vos", "Bea"])
    )
    assert records == [(2, "Anna", "Bos", None), (5, "Bea", "Vos", None)]
    assert left == []


def test_a_second_header_may_have_other_columns() -> None:
    sheet = sheet_of(
        ["Voornaam", "Achternaam"], ["Anna", "Bos"], ["Naam", "Telefoon", "Opmerking"], ["Vos, Bea", "0612345678", "x"]
    )
    assert read(sheet)[0] == [(2, "Anna", "Bos", None), (4, "Bea", "Vos", None)]


def test_titles_name_the_groups_with_or_without_the_word() -> None:
    header = ["Voornaam", "Achternaam", "Woonplaats"]
    for titles in (("Groep: A1", "Groep: A2"), ("A1", "A2"), ("Klas A1", "Klas A2")):
        sheet = sheet_of([titles[0]], header, ["Anna", "Bos", "Zeist"], [], [titles[1]], header, ["Bea", "Vos", "Ede"])
        assert [each[3] for each in read(sheet)[0]] == ["A1", "A2"]


def test_a_title_without_a_header_of_its_own_names_the_rows_below() -> None:
    sheet = sheet_of(
        ["Voornaam", "Achternaam", "Woonplaats"], ["Groep A1", "", ""], ["Anna", "Bos", "Zeist"],
        ["Groep:", "A2", ""], ["Bea", "Vos", "Ede"], ["A3 avond", "", ""],
    )  # fmt: skip
    records, left = read(sheet)
    assert [each[3] for each in records[:2]] == ["A1", "A2"]
    assert left == [(2, "group_title"), (4, "group_title")]


def test_a_title_of_the_whole_list_is_no_group() -> None:
    records, left = read(sheet_of(["Inschrijvingen september"], ["Voornaam", "Achternaam"], ["Anna", "Bos"]))
    assert records == [(3, "Anna", "Bos", None)]
    assert left == [(1, "above")]


def test_what_stands_at_the_foot_of_a_list_is_nobody() -> None:
    foot = [
        "x = aanwezig",
        "o= afwezig",
        "Docent: Els",
        "Datum :",
        "Handtekening docent",
        "Legenda",
        "Opmerking: zie bord",
    ]
    records, left = read(sheet_of(["Naam", "Tel"], ["Jan Smit", ""], ["Ab Datum", ""], *[[line, "3"] for line in foot]))
    assert records == [(2, "Jan", "Smit", None), (3, "Ab", "Datum", None)]
    assert left == [(row, "remark") for row in range(4, 4 + len(foot))]


def test_two_rows_of_people_are_no_header() -> None:
    rows = [["Bakker, B.", "geen", "-", "v"], ["Vries, K. de", "volgt", "Kade 1", "m"]]
    assert len(read(sheet_of(["Naam", "Telefoon", "Adres", "M/V"], *rows))[0]) == 2


def test_days_and_weeks_may_head_columns() -> None:
    sheet = sheet_of(["Voornaam", "Achternaam", date(2026, 11, 2), 36.0, "Uren"], ["Anna", "Bos", "P", 1.0, 12.5])
    assert find_tables(sheet)[0].header.labels == ("Voornaam", "Achternaam", "2-11-2026", "36", "Uren")


def test_numbers_alone_are_read_or_listed() -> None:
    records, left = read(sheet_of(["Nummer", "Uren"], [10001.0, 120.0], ["", 12.5], ["Totaal", 132.5]))
    assert [each[0] for each in records] == [2]
    assert left == [(3, "numbers"), (4, "total")]


def test_a_number_alone_is_a_learner_and_a_title_alone_is_none() -> None:
    sheet = sheet_of(["Nummer", "Naam", "Telefoon"], ["501", "", ""], ["", "A3 avond", ""])
    columns = Columns(find_tables(sheet)[0].header, {0: "learner.number", 1: "learner.full_name", 2: "learner.phone"})
    found = list(records_of(sheet, columns, today=date(2026, 11, 28)))
    assert [[problem.code for problem in record.problems] for record in found] == [[], ["looks_like_title"]]


def test_what_names_a_group() -> None:
    assert group_named(["Groep: A1 ochtend", ""]) == "A1 ochtend"
    assert group_named(["Lesgroep", "B2"]) == "B2"
    assert group_named(["Groepslijst najaar"]) is None
    assert group_named(["Anna", "Bos"]) is None
