"""What cells of an Excel sheet show that their value doesn't say: an error, or what a format writes before a number."""

import re

_LITERAL = r'(?:"(?P<quoted>[^"]*)"|\\(?P<escaped>.))?'
_PADDED = re.compile(_LITERAL + r"(?P<zeros>0{1,20})(?:;.*)?$")
_WHOLE = re.compile(r"\d{1,20}(?:\.0*)?$")


class Formats:
    """Collects from a workbook's styles which of them write text or zeros before a number."""

    is_sheet = False

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._cells: list[str] = []
        self._is_in_cells = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Note a format, or which format a style of cells has."""
        name = tag.rpartition(":")[2]
        if name == "numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._is_in_cells = True
        elif name == "xf" and self._is_in_cells:
            self._cells.append(attributes.get("numFmtId", ""))

    def end(self, tag: str) -> None:
        """Note where the styles of cells end."""
        if tag.rpartition(":")[2] == "cellXfs":
            self._is_in_cells = False

    def text(self, data: str) -> None:
        """Nothing to do with text."""

    def display(self, style: str, value: str) -> str | None:
        """Return what a whole number shows under a style (its place among them); None where that is the number."""
        at = int(style) if style.isdecimal() and len(style) < 7 else -1
        code = self._codes.get(self._cells[at]) if 0 <= at < len(self._cells) else None
        match = _PADDED.match(code or "")
        if match is None or not _WHOLE.match(value):
            return None
        before = match["quoted"] or match["escaped"] or ""
        text = before + value.partition(".")[0].zfill(len(match["zeros"]))
        return text if text != value.partition(".")[0] else None


class CellTexts:
    """Takes the values of a sheet's cells one after the other, and keeps those that show something else."""

    def __init__(self, display: dict[tuple[int, int], str], formats: Formats) -> None:
        self._display = display
        self._formats = formats
        self._place = (0, 0)
        self._kind = self._style = ""
        self._pieces: list[str] | None = None

    def begin(self, place: tuple[int, int], attributes: dict[str, str]) -> None:
        """Begin a cell at this row and column, counted from 0."""
        self._place = place
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")

    def open(self) -> None:
        """Begin the value of the cell, where it may show something else."""
        if self._kind == "e" or (self._kind == "n" and self._style):
            self._pieces = []

    def text(self, data: str) -> None:
        """Take a piece of the value."""
        if self._pieces is not None:
            self._pieces.append(data)

    def close(self) -> None:
        """End the value."""
        if self._pieces is None:
            return
        value, self._pieces = "".join(self._pieces).strip(), None
        display = value if self._kind == "e" else self._formats.display(self._style, value)
        if display is not None:
            self._display[self._place] = display
