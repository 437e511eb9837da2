"""A short list as a file, made at once in memory; large files are written by `disclosures.formats`."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date

Cell = str | int | date | None

_MARK = "\ufeff"
_FORMULA = re.compile(r"[=@\t\r]")
_SIGNED = re.compile(r"[+-]")
_SIGNED_NUMBER = re.compile(r"[+-][0-9 ().-]*$")
_WIDTH = 20
_DAYS = "dd-mm-yyyy"


def guarded(text: str) -> str:
    """Return a text with an apostrophe before it where a spreadsheet would take it for a formula."""
    is_signed = _SIGNED.match(text) and not _SIGNED_NUMBER.match(text)
    return f"'{text}" if is_signed or _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return a text that was read back without the apostrophe that `guarded` put before it; *'t Hart* keeps its own."""
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text


def csv_of(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as CSV under their headings: semicolons, UTF-8 with a mark, days as 2026-11-20."""
    written = io.StringIO()
    written.write(_MARK)
    writer = csv.writer(written, delimiter=";", lineterminator="\n")
    writer.writerow([guarded(each) for each in headings])
    writer.writerows([guarded(each) if isinstance(each, str) else each for each in row] for row in rows)
    return written.getvalue().encode()


def xlsx_of(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as a workbook with one sheet; text is text, whatever it begins with."""
    from xlsxwriter import Workbook  # 3 MB, which a process that writes no workbook does without

    written = io.BytesIO()
    with Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headings) - 1, _WIDTH)
        sheet.write_row(0, 0, headings, book.add_format({"bold": True, "bottom": 1}))
        days = book.add_format({"num_format": _DAYS})
        for place, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(place, column, value)
                elif isinstance(value, date):
                    sheet.write_datetime(place, column, value, days)
                elif value is not None:
                    sheet.write_number(place, column, value)
    return written.getvalue()
