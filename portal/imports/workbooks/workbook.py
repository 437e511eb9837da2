"""A workbook of any kind as sheets of rows; merged cells are filled downward, so that each row says it all."""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path, PurePath
from typing import Any, Protocol

from portal.core.child_process import Limits, run_child
from portal.imports.workbooks.container import Kind, refusal
from portal.imports.workbooks.extent import Range

_CHILD = Path(__file__).with_name("workbook_child.py")
_LIMITS = Limits(seconds=120, memory=1536 * 1024 * 1024, output=512 * 1024 * 1024)
_OBJECT = re.compile(rb"^\{.*\n", re.MULTILINE)
Cell = int | float | str | bool | date | datetime | time | timedelta

_KINDS: dict[str, Callable[[Any], Cell]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}


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
    """Open a workbook from its bytes, read in a child process; raises Invalid with a code that says why it can't be."""
    ended, output = run_child(_CHILD, PurePath(name.replace("\0", "")).suffix, content=data, limits=_LIMITS)
    found = list(_OBJECT.finditer(output))
    refused = [about for about in map(_decoded, found) if "refused" in about]
    if refused:
        raise refusal(refused[0]["refused"], **refused[0]["facts"])
    if ended or not found:
        raise refusal("damaged")
    ends = [*(each.start() for each in found[1:]), len(output)]
    sheets = [_sheet(_decoded(each), output[each.end() : end]) for each, end in zip(found[1:], ends[1:], strict=True)]
    return Workbook(_decoded(found[0])["kind"], tuple(sheets))


def _decoded(line: "re.Match[bytes]") -> dict[str, Any]:
    about: dict[str, Any] = json.loads(line[0])
    return about


def _sheet(about: dict[str, Any], rows: bytes) -> Sheet:
    ranges = tuple((tuple(first), tuple(last)) for first, last in about["merged"])
    below = {first: last for first, last in ranges if last[0] > first[0]}
    return Sheet(about["sheet"], _reader(rows), ranges, below)


def _reader(rows: bytes) -> Rows:
    decode = json.JSONDecoder(object_hook=_cell).decode

    def read() -> Iterator[list[Cell]]:
        for line in io.BytesIO(rows):
            yield decode(line.decode())

    return read


def _cell(held: dict[str, Any]) -> Cell:
    """Return a cell of a kind that JSON doesn't know."""
    (kind, value), *_ = held.items()
    return _KINDS[kind](value)
