"""The process that reads one workbook: bytes in on standard input, lines of JSON out on standard output.

`portal.imports.workbooks.workbook` runs it, with limits, as a file. The first line says what kind it is, or why it
can't be taken; then each sheet is an object, and each of its rows an array.
"""

import io
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any


def lines_of(data: bytes, name: str) -> Iterator[Any]:
    """Yield what the lines hold. Raises Invalid where the workbook can't be taken, CalamineError where it's damaged."""
    from portal.imports.workbooks.container import kind_of
    from portal.imports.workbooks.delimited_text import rows_of
    from portal.imports.workbooks.extent import check_extent

    kind = kind_of(data, name)
    if kind == "csv":
        rows = rows_of(data)
        yield from ({"kind": kind}, {"sheet": "", "merged": []}, *rows)
        return
    extents = check_extent(data, kind)
    yield {"kind": kind}
    yield from _sheets(data, extents)


def _sheets(data: bytes, extents: dict[str, Any]) -> Iterator[Any]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for about in book.sheets_metadata:
        if about.visible is SheetVisibleEnum.Visible and about.typ is SheetTypeEnum.WorkSheet:
            found = book.get_sheet_by_name(about.name)
            extent = extents.get(about.name)
            merged = found.merged_cell_ranges or (extent.merged if extent else [])
            yield {"sheet": about.name, "merged": merged}
            before = [""] * found.start[1] if found.start else []
            rows = ([*before, *row] for row in found.iter_rows())
            yield from _as_displayed(rows, extent.display) if extent and extent.display else rows


def _as_displayed(rows: Iterator[list[Any]], display: dict[tuple[int, int], str]) -> Iterator[list[Any]]:
    """Yield rows with what their cells show where the value alone doesn't say it."""
    columns: dict[int, list[int]] = {}
    for place in display:
        columns.setdefault(place[0], []).append(place[1])
    for number, row in enumerate(rows):
        for column in columns.get(number, ()):
            row.extend([""] * (column + 1 - len(row)))
            row[column] = display[number, column]
        yield row


def _as_json(cell: object) -> Any:
    """Return what JSON doesn't know as an object that names its kind."""
    if isinstance(cell, timedelta):
        return {"timedelta": cell.total_seconds()}
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, date | time):
        return {type(cell).__name__: cell.isoformat()}
    raise TypeError(type(cell).__name__)


def main(name: str) -> None:
    """Read the workbook on standard input, which its sender calls `name`."""
    from python_calamine import CalamineError, PasswordError

    from portal.core.errors import Invalid

    write = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=_as_json).encode
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="\n", write_through=False)
    try:
        for line in lines_of(sys.stdin.buffer.read(), name):
            out.write(write(line) + "\n")
    except Invalid as refused:
        out.write(write({"refused": refused.code, "facts": refused.facts}) + "\n")
    except PasswordError:
        out.write(write({"refused": "password", "facts": {}}) + "\n")
    except CalamineError:
        out.write(write({"refused": "damaged", "facts": {}}) + "\n")
    out.flush()


if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parents[3]))
    main(sys.argv[1])
