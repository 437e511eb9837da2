"""Any list in any order of columns, encoding, separator and form of dates gives the same people."""

import csv
import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.http import languages
from portal.imports.forms import target_label
from portal.imports.workbooks.delimited_text import rows_of
from portal.imports.workbooks.records import Columns, records_of
from portal.imports.workbooks.tables import find_tables
from portal.imports.workbooks.targets import LEARNER_TARGETS
from portal.imports.workbooks.vocabulary import target_of, targets_of
from portal.imports.workbooks.workbook import Sheet, open_workbook

TODAY = date(2026, 11, 28)
_GIVEN = ("Zoë", "Müşerref", "Şükrü", "Łukasz", "Anna", "René", "Fatima Zahra", "J.", "Thị")
_FAMILY = ("Yıldız", "Wójcik", "Berg", "El Amrani", "O'Brien", "Bakker-de Wit", "Müller", "Nguyễn", "al-Ahmad")
_PREFIX = ("", "", "van der", "de", "'t")
_CITY = ("Utrecht", "'s-Gravenhage", "Den Haag", "Gouda")
_MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1254", "cp850", "cp1250")

people = st.fixed_dictionaries(
    {
        "number": st.integers(10_000, 99_999).map(str),
        "given": st.sampled_from(_GIVEN),
        "prefix": st.sampled_from(_PREFIX),
        "family": st.sampled_from(_FAMILY),
        "born": st.dates(date(1940, 1, 1), date(2008, 1, 1)),
        "phone": st.integers(10_000_000, 59_999_999).map(lambda number: f"06{number}"),
        "city": st.sampled_from(_CITY),
    }
)
LABELS = {
    "number": ("Cursistnr.", "Nummer", "Deelnemersnummer"),
    "given": ("Voornaam", "Voorna(a)m(en)", "Roepnaam"),
    "prefix": ("Tussenv.", "tussenvoegsel(s)"),
    "family": ("Achternaam", "Fam. naam", "ACHTERNAAM (verplicht)"),
    "born": ("Geb.dat.", "Geboortedatum", "Datum van geboorte"),
    "phone": ("Tel.", "Mobiel nr.", "06-nummer"),
    "city": ("Woonpl.", "Plaats"),
}


def written(day: date, form: int) -> str:
    """Return a day as people write it."""
    return (
        f"{day.day}-{day.month}-{day.year}",
        f"{day:%d/%m/%Y}",
        f"{day:%d.%m.%Y}",
        f"{day.day} {_MONTHS[day.month - 1]} {day.year}",
        day.isoformat(),
        f"{day:%Y%m%d}",
    )[form]


def read(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the values of each record in a sheet."""
    tables = [
        Columns(table.header, {at: key for at, key in enumerate(targets_of(table.header.labels)) if key})
        for table in find_tables(sheet)
    ]
    return [{**record.values, "problems": record.problems} for record in records_of(sheet, *tables, today=TODAY)]


def expected(person: dict[str, Any]) -> dict[str, Any]:
    """Return what a record must hold of somebody."""
    values = {
        "learner.number": person["number"],
        "learner.given_name": person["given"],
        "learner.family_name": person["family"],
        "learner.birth_date": person["born"],
        "learner.phone": f"+31{person['phone'][1:]}",
        "learner.city": person["city"],
        "problems": [],
    }
    return values | ({"learner.name_prefix": person["prefix"]} if person["prefix"] else {})


@settings(max_examples=40, deadline=None)
@given(
    st.lists(people, min_size=1, max_size=6),
    st.permutations(list(LABELS)),
    st.tuples(st.sampled_from(_ENCODINGS), st.sampled_from(";,\t|"), st.integers(0, 5)),
    st.data(),
)
def test_separated_text(
    who: list[dict[str, Any]], order: list[str], way: tuple[str, str, int], data: st.DataObject
) -> None:
    encoding, separator, form = way
    labels = [data.draw(st.sampled_from(LABELS[name])) for name in order]
    rows = [[{**each, "born": written(each["born"], form)}[name] for name in order] for each in who]
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([labels, *rows])
    try:
        encoded = out.getvalue().encode(encoding)
    except UnicodeEncodeError:  # letters that this code page hasn't
        encoded = out.getvalue().encode()
    cells = rows_of(encoded)
    assert read(Sheet("", lambda: iter([list(row) for row in cells]))) == [expected(each) for each in who]


@settings(max_examples=2, deadline=None)
@given(st.lists(people, min_size=1, max_size=6), st.permutations(list(LABELS)), st.booleans(), st.integers(0, 2))
def test_a_workbook(who: list[dict[str, Any]], order: list[str], is_date: bool, empty: int) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        sheet = book.add_worksheet("Lijst")
        sheet.write_row(empty, 0, [LABELS[name][0] for name in order])
        for at, each in enumerate(who, start=empty + 1):
            for column, name in enumerate(order):
                if name == "born" and is_date:
                    sheet.write_datetime(at, column, each["born"], day)
                else:
                    sheet.write(at, column, written(each["born"], 0) if name == "born" else each[name])
    assert read(open_workbook(out.getvalue(), "lijst.xlsx").sheets[0]) == [expected(each) for each in who]


@pytest.mark.parametrize("key", LEARNER_TARGETS)
def test_what_the_portal_calls_a_field_is_recognised_as_that_field(key: str) -> None:
    app = Flask("portal")
    languages.install(app)
    with app.app_context():
        label = str(target_label(key))
    assert target_of(label) == key, label
