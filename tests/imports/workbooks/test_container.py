"""Every file that can't be taken is refused with a code of its own, before a cell of it is read."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter
from flask import Flask

from portal.core.child_process import Limits
from portal.core.errors import Invalid
from portal.core.http import languages
from portal.imports.forms import KIND_OF_FILE, file_reason
from portal.imports.workbooks import workbook
from portal.imports.workbooks.container import MAX_BYTES, MAX_UNPACKED, kind_of
from portal.imports.workbooks.extent import check_extent
from portal.imports.workbooks.workbook import open_workbook
from tests.imports.sample_workbooks import make
from tests.imports.sample_workbooks.refused import compound_file, sheet_xml, workbook_bytes, zipped


def _code(data: bytes, name: str = "lijst.xlsx") -> str:
    with pytest.raises(Invalid) as refused:
        open_workbook(data, name)
    assert refused.value.field == "workbook"
    return refused.value.code


def test_an_empty_file_is_refused() -> None:
    assert _code(b"") == "empty"
    assert _code(b"\xef\xbb\xbf\r\n  \r\n", "lijst.csv") == "empty"


def test_a_file_of_200_mb_is_refused_by_its_size() -> None:
    assert _code(bytes(MAX_BYTES + 1)) == "too_large"


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"),
        (b"GIF89a", "picture"),
        (b"RIFF\x00\x00\x00\x00WEBP", "picture"),
        (b"\x00\x00\x00\x18ftypheic", "picture"),
        (b"%PDF-1.7\n", "pdf"),
        (b"<html><table><tr><td>Naam", "web page"),
        (b"Naam;\x00\x01\x02", "other"),
    ],
)
def test_a_picture_renamed_to_xlsx_is_named_as_what_it_is(start: bytes, kind: str) -> None:
    with pytest.raises(Invalid) as refused:
        kind_of(start + bytes(range(256)) * 4, "lijst.xlsx")
    assert (refused.value.code, refused.value.facts) == ("not_a_workbook", {"kind": kind})


def test_a_word_document_is_not_a_workbook() -> None:
    assert _code(zipped({"word/document.xml": b"<w/>"})) == "not_a_workbook"


def test_a_password_protected_excel_workbook_is_refused() -> None:
    assert _code(compound_file("EncryptionInfo", "EncryptedPackage")) == "password"


def test_a_password_protected_opendocument_is_refused() -> None:
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": b"\x00" * 20,
        "META-INF/manifest.xml": b"<manifest:encryption-data/>",
    }
    assert _code(zipped(parts), "lijst.ods") == "password"


def test_an_archive_with_a_password_is_refused() -> None:
    data = bytearray(workbook_bytes())
    for at in (data.find(b"PK\x03\x04") + 6, data.find(b"PK\x01\x02") + 8):
        data[at] |= 1
    assert _code(bytes(data)) == "password"


def test_an_old_xls_is_refused() -> None:
    assert _code(compound_file("Workbook"), "lijst.xls") == "old_excel"


def test_a_macro_workbook_is_refused_by_name_and_by_contents() -> None:
    data = workbook_bytes()
    assert _code(data, "lijst.xlsm") == "macros"
    assert _code(workbook_bytes({"xl/vbaProject.bin": b"x"}), "lijst.xlsx") == "macros"


def test_a_damaged_workbook_is_refused() -> None:
    data = workbook_bytes()
    assert _code(data[: len(data) // 2]) == "damaged"
    broken = workbook_bytes({"xl/worksheets/sheet2.xml": b"<worksheet><sheetData><row r='1'><c r='A1'>"})
    assert _code(broken) == "damaged"


def test_a_bomb_that_says_its_size_is_refused() -> None:
    data = zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": bytes(MAX_UNPACKED + 1)})
    assert len(data) < 1024 * 1024
    assert _code(data) == "zip_bomb"


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    """The directory says a few bytes; what comes out is counted."""
    data = bytearray(zipped({"xl/workbook.xml": b"<workbook/>", "xl/media/a.png": bytes(100 * 1024 * 1024)}))
    directory = data.rfind(b"PK\x01\x02")
    local = struct.unpack_from("<I", data, directory + 42)[0]
    struct.pack_into("<I", data, directory + 24, 100)
    struct.pack_into("<I", data, local + 22, 100)
    assert zipfile.ZipFile(io.BytesIO(bytes(data))).infolist()[1].file_size == 100
    assert _code(bytes(data)) == "zip_bomb"


def test_a_thousand_parts_are_refused() -> None:
    parts = {"xl/workbook.xml": b"<workbook/>"} | {f"x{number}": b"" for number in range(2_001)}
    assert _code(zipped(parts)) == "zip_bomb"


FAR = [
    "XFD1048576", "xfd1048576", "xFd1048576", "A2000000", "ZZZ2", "A999999999", "A99999999999999999", "AAAA1",
    "A9999999999999999999", "ＸＦＤ２", "A٢", "$XFD$1048576", "1", "A",
]  # fmt: skip


@pytest.mark.parametrize("last", FAR)
def test_two_cells_far_apart_are_refused(last: str) -> None:
    """calamine would lay out every cell in between."""
    data = workbook_bytes({"xl/worksheets/sheet1.xml": sheet_xml("A1", last)})
    assert _code(data) in {"too_many_rows", "too_wide", "damaged"}
    with pytest.raises(Invalid):
        check_extent(data, "xlsx")  # not by the child's end alone


@pytest.mark.parametrize("row", ["999999999", "1000000000000", "-5", "٣٠٠٠٠٠٠", "x"])
def test_a_row_that_says_an_odd_place_is_refused(row: str) -> None:
    sheet = sheet_xml("A1").replace(b'<row r="1"><c r="A1">', f'<row r="{row}"><c>'.encode())
    data = workbook_bytes({"xl/worksheets/sheet1.xml": sheet})
    with pytest.raises(Invalid):
        check_extent(data, "xlsx")
    assert _code(data) in {"too_many_rows", "damaged"}


@pytest.mark.parametrize("root", [b"styleSheet", b"sst", b"x", b"Worksheet", b"calcChain"])
@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/Worksheets/Sheet1.XML", "xl\\worksheets\\sheet1.xml"])
def test_what_is_named_as_a_sheet_and_is_something_else_is_refused(root: bytes, name: str) -> None:
    data = workbook_bytes({name: sheet_xml("A1", "XFD9999").replace(b"worksheet", root)})
    with pytest.raises(Invalid):
        check_extent(data, "xlsx")
    assert _code(data)


def test_a_sheet_by_another_relation_is_counted_too() -> None:
    whole = zipfile.ZipFile(io.BytesIO(workbook_bytes()))
    relations = whole.read("xl/_rels/workbook.xml.rels").replace(b"worksheets/sheet1.xml", b"/xl/media/picture.bin")
    far = sheet_xml("A1", "XFD9999").replace(b"worksheet", b"picture")
    data = workbook_bytes({"xl/_rels/workbook.xml.rels": relations, "xl/media/picture.bin": far})
    with pytest.raises(Invalid, match="damaged"):
        check_extent(data, "xlsx")


def test_a_reader_that_asks_for_too_much_ends_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_LIMITS", Limits(seconds=20, memory=16 * 1024 * 1024, output=1024))
    assert _code(workbook_bytes()) == "damaged"


def test_a_sheet_outside_its_folder_is_counted_too() -> None:
    data = workbook_bytes({"xl/evil.xml": sheet_xml("A1", "XFD9999")})
    assert _code(data) == "too_wide"


def test_an_entity_bomb_is_refused() -> None:
    bomb = b'<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    assert _code(workbook_bytes({"xl/worksheets/sheet1.xml": bomb})) == "damaged"


def test_a_cell_repeated_a_million_times_is_refused(tmp_path: Path) -> None:
    content = (
        b'<office:document-content xmlns:office="o" xmlns:table="t"><table:table table:name="A">'
        b'<table:table-row table:number-rows-repeated="40000">'
        b'<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="300"/>'
        b"</table:table-row></table:table></office:document-content>"
    )
    assert _code(zipped({"content.xml": content}), "lijst.ods") == "too_wide"


def test_a_million_empty_rows_at_the_foot_are_nothing(tmp_path: Path) -> None:
    """LibreOffice writes them in every file."""
    sheets = open_workbook(make("05-groepen.ods", tmp_path).read_bytes(), "05-groepen.ods").sheets
    assert [len(list(sheet.rows())) for sheet in sheets] == [12, 12, 2]


def test_hidden_sheets_are_left_out() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Open").write(0, 0, "x")
        book.add_worksheet("Oud").hide()
    assert [sheet.name for sheet in open_workbook(out.getvalue(), "a.xlsx").sheets] == ["Open"]


def test_a_stream_that_stops_halfway_is_damaged() -> None:
    data = bytearray(zipped({"xl/workbook.xml": zlib.compress(b"x" * 100)}))
    data[60:90] = b"\xff" * 30
    assert _code(bytes(data)) == "damaged"


@pytest.mark.parametrize(
    ("parts", "name", "code", "kind"),
    [
        ({"xl/workbook.bin": b"x"}, "lijst.xlsb", "binary_excel", None),
        ({"Index/Document.iwa": b"x"}, "lijst.numbers", "apple", "numbers"),
        ({"Index.zip": b"x"}, "lijst.pages", "apple", "pages"),
        ({"word/document.xml": b"x"}, "lijst.docx", "not_a_workbook", "text document"),
        ({"ppt/presentation.xml": b"x"}, "lijst.pptx", "not_a_workbook", "presentation"),
        ({"content.xml": b"x", "mimetype": b"application/vnd.oasis.opendocument.text"}, "lijst.odt", "not_a_workbook",
         "text document"),
        ({"a.csv": b"x"}, "lijst.zip", "not_a_workbook", "archive"),
    ],
)  # fmt: skip
def test_each_kind_of_package_is_called_what_it_is(
    parts: dict[str, bytes], name: str, code: str, kind: str | None
) -> None:
    _assert_told(zipped(parts), name, code, kind)


@pytest.mark.parametrize(
    ("data", "code", "kind"),
    [
        (b"<html><table><tr><td>Naam</td></tr></table></html>", "not_a_workbook", "web page"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html></html>", "not_a_workbook", "web page"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "not_a_workbook", "web page"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "excel_2003", None),
        (b'<?xml version="1.0"?><office:document xmlns:office="x"/>', "flat_open_document", None),
        (b'{"naam": "Anna"}', "not_a_workbook", "other program"),
        (b"BEGIN:VCARD\r\nN:Jansen", "not_a_workbook", "other program"),
        (b"%PDF-1.7", "not_a_workbook", "pdf"),
    ],
)
def test_each_other_file_is_called_what_it_is(data: bytes, code: str, kind: str | None) -> None:
    _assert_told(data, "lijst.xls", code, kind)


def _assert_told(data: bytes, name: str, code: str, kind: str | None) -> None:
    """Check the refusal, and that its words say what it is and how to go on."""
    with pytest.raises(Invalid) as refused:
        kind_of(data, name)
    assert (refused.value.code, refused.value.facts.get("kind")) == (code, kind)
    app = Flask("portal")
    languages.install(app)
    with app.app_context():
        words = file_reason(code, refused.value.facts)
    assert any(way in words for way in (".xlsx", ".ods", "lees", "Vraag om")), words
    if kind is not None:
        assert str(KIND_OF_FILE[kind]) in words
