"""What cells show that their value doesn't say: zeros before a number, an error."""

import io
from pathlib import Path

import pytest
import xlsxwriter
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from portal.imports.workbooks.workbook import open_workbook


@pytest.mark.parametrize(
    ("format_code", "value", "text"),
    [("00000", 777, "00777"), ("000000000", 12345678, "012345678"), ('"C"000', 7, "C007"), ("00000", 123456, 123456.0)],
)
def test_a_number_is_what_its_format_shows(format_code: str, value: int, text: object) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_number(1, 2, value, book.add_format({"num_format": format_code}))
        sheet.write_number(1, 3, value)
    assert list(open_workbook(out.getvalue(), "a.xlsx").sheets[0].rows())[1][1][2:] == [text, float(value)]


def test_an_error_is_none_of_nothing() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write(1, 0, "x")
    assert list(open_workbook(out.getvalue(), "a.xlsx").sheets[0].rows())[1][1] == ["x", "#DIV/0!"]


def test_the_same_in_an_open_document(tmp_path: Path) -> None:
    document = OpenDocumentSpreadsheet()
    table, line = Table(name="Blad1"), TableRow()
    cell = TableCell(valuetype="float", value="777")
    cell.addElement(P(text="00777"))
    line.addElement(cell)
    table.addElement(line)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "a.ods"))
    assert next(open_workbook((tmp_path / "a.ods").read_bytes(), "a.ods").sheets[0].rows())[1] == ["00777"]
