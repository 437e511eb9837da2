"""How far a sheet reaches, read from its XML before a cell of it is kept, and what the reader of cells doesn't tell.

calamine lays a sheet out as a full rectangle: two cells far apart, or one repeated a million times, would fill the
memory of the machine. So rows and columns are counted first, and a sheet that reaches too far is refused. It also
gives a cell with an error as an empty one, and a number without the zeros that its format shows before it.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from portal.imports.workbooks.container import Kind, refusal, unpacked
from portal.imports.workbooks.formats import CellTexts, Formats

MAX_ROWS = 50_000
MAX_COLUMNS = 400
MAX_CELLS = 2_000_000

Range = tuple[tuple[int, int], tuple[int, int]]
Display = dict[tuple[int, int], str]

_REFERENCE = re.compile(r"([A-Za-z]{1,4})([0-9]{1,18})")
_NUMBER = re.compile(r"[0-9]{1,18}")
_SHEETS = frozenset({"worksheet", "chartsheet", "dialogsheet", "macrosheet"})
_REPEATED_COLUMNS = "table:number-columns-repeated"
_REPEATED_ROWS = "table:number-rows-repeated"


@dataclass
class Extent:
    """How far the cells of a sheet reach, counted from 0, for OpenDocument its merged cells, and by place (from 0)
    what cells show that their value doesn't say: an error, zeros before a number."""

    rows: int = 0
    columns: int = 0
    merged: list[Range] = field(default_factory=list)
    display: Display = field(default_factory=dict)

    def reach(self, rows: int, columns: int) -> None:
        """Let the sheet reach at least this far; raises Invalid when that is too far."""
        self.rows = max(self.rows, rows)
        self.columns = max(self.columns, columns)
        if self.rows > MAX_ROWS:
            raise refusal("too_many_rows", most=MAX_ROWS)
        if self.columns > MAX_COLUMNS or self.rows * self.columns > MAX_CELLS:
            raise refusal("too_wide", most=MAX_COLUMNS)


def check_extent(data: bytes, kind: Kind) -> dict[str, Extent]:
    """Refuse a workbook with a sheet that reaches too far; return the extents of its sheets by their names."""
    parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    if kind == "ods":
        sheets = _OpenSheets()
        for part in parts:
            if part.filename == "content.xml":
                _parse(data, part, sheets)
        return sheets.found
    return _extents_of_excel(data, parts)


def _extents_of_excel(data: bytes, parts: list[zipfile.ZipInfo]) -> dict[str, Extent]:
    book, formats = _Names(), Formats()
    for part in parts:
        if _plain(part.filename) in {"workbook.xml", "_rels/workbook.xml.rels"}:
            _parse(data, part, book)
        elif _plain(part.filename) == "styles.xml":
            _parse(data, part, formats)
    names = book.named()
    found: dict[str, Extent] = {}
    for part in parts:
        name = names.get(_plain(part.filename))
        sheet = _ExcelSheet(is_named=name is not None, formats=formats)
        _parse(data, part, sheet)
        if name is not None:
            found[name] = sheet.extent
    return found


def _plain(name: str) -> str:
    """Return the name of a part as readers compare it: within `xl`, in small letters, whatever slashes it has."""
    return name.replace("\\", "/").lower().lstrip("/").removeprefix("xl/")


def _parse(data: bytes, part: zipfile.ZipInfo, handler: "_ExcelSheet | _OpenSheets | _Names | Formats") -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for piece in unpacked(data, part):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except _NotASheet:
        return
    except expat.ExpatError:
        if handler.is_sheet:
            raise refusal("damaged") from None


def _refuse_doctype(*_: object) -> None:
    raise refusal("damaged")


class _NotASheet(Exception):
    """The part holds something else: pictures, texts, styles."""


class _Names:
    """Collects which relations a workbook's sheets name, by whatever kind of relation, and where relations lead."""

    is_sheet = True

    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}
        self.targets: list[tuple[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "sheet":
            ids = [value for key, value in attributes.items() if key.rpartition(":")[2] == "id"]
            self.sheets |= dict.fromkeys(ids, attributes.get("name", ""))
        elif name == "Relationship":
            self.targets.append((attributes.get("Id", ""), attributes.get("Target", "")))

    def end(self, tag: str) -> None:
        """Nothing to do when an element ends."""

    def text(self, data: str) -> None:
        """Nothing to do with text."""

    def named(self) -> dict[str, str]:
        """Return the names of sheets by the parts that they are, whatever those hold."""
        return {_plain(target): self.sheets[key] for key, target in self.targets if key in self.sheets}


class _ExcelSheet:
    """Counts the cells of one worksheet: whatever the workbook names as a sheet, and each sheet that stands elsewhere.

    What is named as a sheet and is none is refused, and so is a row or a cell that doesn't say where it is in the
    usual way: a reader might take it for something else than was counted here.
    """

    def __init__(self, *, is_named: bool, formats: Formats) -> None:
        self.extent = Extent()
        self._cells = CellTexts(self.extent.display, formats)
        self.row = self.column = 0
        self.is_sheet = is_named
        self._is_root = True

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if self._is_root:
            self._begin(name)
        if name == "row":
            self.row = _place(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = 0
        elif name == "c":
            self._cell(attributes.get("r"))
            self._cells.begin((self.row - 1, self.column - 1), attributes)
        elif name == "v":
            self._cells.open()

    def _begin(self, root: str) -> None:
        self._is_root = False
        if self.is_sheet and root not in _SHEETS:
            raise refusal("damaged")
        if root not in _SHEETS:
            raise _NotASheet
        self.is_sheet = True

    def _cell(self, given: str | None) -> None:
        if given is None:
            self.column += 1
            self.extent.reach(self.row, self.column)
            return
        reference = _REFERENCE.fullmatch(given)
        if reference is None:
            raise refusal("damaged")
        self.column = _column_number(reference[1].upper())
        self.row = _place(reference[2])
        self.extent.reach(self.row, self.column)

    def end(self, tag: str) -> None:
        """Keep what a cell shows when its value ends."""
        if tag.rpartition(":")[2] == "v":
            self._cells.close()

    def text(self, data: str) -> None:
        """Take a piece of a cell's value."""
        self._cells.text(data)


def _place(given: str) -> int:
    if not _NUMBER.fullmatch(given):
        raise refusal("damaged")
    return int(given)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


class _OpenSheets:
    """Counts the cells of every table in an OpenDocument's content, repeated ones as often as they are repeated."""

    is_sheet = True

    def __init__(self) -> None:
        self.found: dict[str, Extent] = {}
        self.extent = Extent()
        self.row = self.column = self.filled = 0
        self.times = 1
        self._value: str | None = None
        self._texts: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in {"table:table-cell", "table:covered-table-cell"}:
            self._cell(attributes)
        elif tag == "text:p" and self._value is not None:
            self._texts = []
        elif tag == "table:table-row":
            self.times = _count(attributes.get(_REPEATED_ROWS))
            self.column = self.filled = 0
        elif tag == "table:table":
            self.extent = self.found.setdefault(attributes.get("table:name", ""), Extent())
            self.row = 0

    def _cell(self, attributes: dict[str, str]) -> None:
        times = _count(attributes.get(_REPEATED_COLUMNS))
        spans = tuple(_count(attributes.get(f"table:number-{way}-spanned")) for way in ("rows", "columns"))
        if max(spans) > 1:
            last = (self.row + min(spans[0], MAX_ROWS) - 1, self.column + min(spans[1], MAX_COLUMNS) - 1)
            self.extent.merged.append(((self.row, self.column), last))
        self._value = "" if attributes.get("calcext:value-type") == "error" else attributes.get("office:value")
        self.column += times
        if any(name.startswith("office:") for name in attributes):
            self.filled = self.column

    def end(self, tag: str) -> None:
        if tag == "text:p" and self._texts is not None:
            self._keep("".join(self._texts).strip())
            self._texts = None
        elif tag == "table:table-row":
            if self.filled:
                self.extent.reach(self.row + self.times, self.filled)
            self.row += self.times

    def text(self, data: str) -> None:
        """Take a piece of what a cell shows."""
        if self._texts is not None:
            self._texts.append(data)

    def _keep(self, text: str) -> None:
        """Keep what a cell shows where it is an error, or a number with zeros before it."""
        value, self._value = self._value or "", None
        if (not value and text) or (text[:1] == "0" and text.isdecimal() and value == text.lstrip("0")):
            self.extent.display[self.row, self.column - 1] = text


def _count(text: str | None) -> int:
    return max(1, _place(text)) if text is not None else 1
