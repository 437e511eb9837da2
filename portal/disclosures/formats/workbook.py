"""A file as a workbook: totals and rows on sheets of their own, in flat memory, never plain on a disk."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select

from portal.core.clock import local
from portal.core.db.session import session
from portal.core.http.languages import _
from portal.disclosures.files.columns import FileColumn
from portal.disclosures.files.selection import Selection
from portal.disclosures.formats.rows import Labels, Progress, batches, choice_labels, labelled

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MEMORY = Path("/dev") / "shm"
_BLOCK = 256 * 1024
_MOST_ROWS = 1_048_575
_FIRST_DAY = date(1899, 12, 30)


class _How(NamedTuple):
    """How cells are written: the labels of choices, the formats of a time and of a day."""

    labels: Labels
    clock: Any
    day: Any


def _scratch() -> str | None:
    return str(MEMORY) if MEMORY.is_dir() else None


def xlsx_of(selection: Selection, progress: Progress) -> Iterator[bytes]:
    """Yield the file as a workbook; an attendance file has its totals per learner on a first sheet."""
    from xlsxwriter import Workbook  # 3 MB, which a process that writes no workbook does without

    with tempfile.TemporaryDirectory(dir=_scratch()) as folder:
        path = Path(folder) / "file.xlsx"
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        with Workbook(str(path), options) as book:
            bold = book.add_format({"bold": True, "bottom": 1})
            if selection.totals is not None:
                _write_totals(book, bold, selection.totals)
            _write_rows(book, bold, selection, progress)
        with path.open("rb") as made:
            while block := made.read(_BLOCK):
                yield block


def _write_totals(book: "Workbook", bold: Any, totals: Select[*tuple[Any, ...]]) -> None:
    sheet = book.add_worksheet(_("Uren"))
    headings = [
        _("Nummer"),
        _("Voornaam"),
        _("Tussenvoegsel"),
        _("Achternaam"),
        _("Lessen"),
        _("Aanwezig"),
        _("Afwezig of afgemeld"),
        _("Waarvan geoorloofd"),
        _("Nog niet ingevuld"),
        _("Uren gevolgd"),
    ]
    hours = book.add_format({"num_format": "0.00"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headings) - 1, 16)
    sheet.write_row(0, 0, headings, bold)
    rows = session.execute(totals.execution_options(yield_per=2_000))
    for place, row in enumerate(rows, start=1):
        names = [row.number, row.given_name, row.name_prefix, row.family_name]
        sheet.write_row(place, 0, [*names, row.lessons, row.present, row.absent, row.authorised, row.open])
        sheet.write_number(place, len(headings) - 1, round(row.minutes / 60, 2), hours)


def _write_rows(book: "Workbook", bold: Any, selection: Selection, progress: Progress) -> None:
    columns, statement = selection.columns, selection.rows
    how = _How(choice_labels(columns), *(book.add_format({"num_format": shown}) for shown in ("hh:mm", "dd-mm-yyyy")))
    sheet, place, part = _new_sheet(book, bold, columns, 1), 1, 1
    count = 0
    for batch in batches(columns, statement):
        for row in batch:
            if place > _MOST_ROWS:
                part += 1
                sheet, place = _new_sheet(book, bold, columns, part), 1
            _write_row(sheet, place, columns, row, how)
            place += 1
        count += len(batch)
        progress(count)


def _new_sheet(book: "Workbook", bold: Any, columns: Sequence[FileColumn], part: int) -> "Worksheet":
    sheet: Worksheet = book.add_worksheet(_("Gegevens") if part == 1 else f"{_('Gegevens')} {part}")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 16)
    sheet.write_row(0, 0, [column.heading for column in columns], bold)
    return sheet


def _write_row(sheet: "Worksheet", place: int, columns: Sequence[FileColumn], row: tuple[Any, ...], how: _How) -> None:
    for number, (column, value) in enumerate(zip(columns, row, strict=True)):
        shown = labelled(column, value, how.labels)
        if shown is None:
            continue
        if isinstance(shown, str):
            sheet.write_string(place, number, shown)
        elif isinstance(shown, (date, time)):
            sheet.write_number(place, number, _serial(shown), how.clock if isinstance(shown, time) else how.day)
        else:
            sheet.write_number(place, number, shown)


@lru_cache(maxsize=4096)
def _serial(value: date | time) -> float:
    """Return a date or a time as a workbook counts it, in days since 30 December 1899; the same few come again."""
    if isinstance(value, time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86_400
    return ((local(value).date() if isinstance(value, datetime) else value) - _FIRST_DAY).days
