"""A workbook of any kind as sheets of rows; merged cells are filled downward, so that each row says it all."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from portal.imports.workbooks.container import Kind, kind_of, refusal
from portal.imports.workbooks.delimited_text import rows_of
from portal.imports.workbooks.extent import Range, check_extent

Cell = int | float | str | bool | date | datetime | time | timedelta


class Rows(Protocol):
    """A sheet's rows, from its first, as often as asked for."""

    def __call__(self) -> Iterator[list[Cell]]: ...


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name ("" for a text file), its rows, and its merged cells (first and last, from 0)."""

    name: str
    read: Rows
    merged: tuple[Range, ...] = ()
    below: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield each row with the number that a spreadsheet program shows; merged cells repeat what is in the first."""
        firsts = {first: self.below[first] for first in self.below}
        open_until: dict[int, tuple[int, Cell]] = {}
        for index, row in enumerate(self.read()):
            if firsts:
                self._fill(index, row, firsts, open_until)
            yield index + 1, row

    @staticmethod
    def _fill(
        index: int,
        row: list[Cell],
        firsts: dict[tuple[int, int], tuple[int, int]],
        open_until: dict[int, tuple[int, Cell]],
    ) -> None:
        for column, value in enumerate(row):
            last = firsts.get((index, column))
            if last is not None:
                open_until[column] = (last[0], value)
            elif column in open_until and not value:
                until, above = open_until[column]
                if index <= until:
                    row[column] = above


@dataclass(frozen=True)
class Workbook:
    """What was handed in: its kind and its visible sheets."""

    kind: Kind
    sheets: tuple[Sheet, ...]


def open_workbook(data: bytes, name: str) -> Workbook:
    """Open a workbook from its bytes; raises Invalid with a code that says why it can't be taken."""
    kind = kind_of(data, name)
    if kind == "csv":
        rows: list[list[Cell]] = [list(row) for row in rows_of(data)]
        return Workbook(kind, (Sheet("", lambda: (list(row) for row in rows)),))
    merged = check_extent(data, kind)
    try:
        return Workbook(kind, tuple(_sheets(data, merged)))
    except PasswordError:
        raise refusal("password") from None
    except CalamineError:
        raise refusal("damaged") from None


def _sheets(data: bytes, merged: dict[str, list[Range]]) -> Iterator[Sheet]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for about in book.sheets_metadata:
        if about.visible is SheetVisibleEnum.Visible and about.typ is SheetTypeEnum.WorkSheet:
            found = book.get_sheet_by_name(about.name)
            ranges = tuple(found.merged_cell_ranges or merged.get(about.name) or ())
            below = {first: last for first, last in ranges if last[0] > first[0]}
            yield Sheet(about.name, _reader(found), ranges, below)


def _reader(sheet: CalamineSheet) -> Rows:
    before = sheet.start[1] if sheet.start else 0

    def read() -> Iterator[list[Cell]]:
        for row in sheet.iter_rows():
            yield [""] * before + row if before else row

    return read
