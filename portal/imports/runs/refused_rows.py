"""Giving the refused rows back as a workbook: as they stood, with a column that says why."""

import io
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from portal.core import audit
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.imports.mappings.columns import SheetColumns
from portal.imports.mappings.services import sheets_of
from portal.imports.models import ImportRun
from portal.imports.queries import get_run_for, list_refused

ReasonText = Callable[[str, Mapping[str, Any]], str]


def give_back_refused(run_id: UUID, *, reason_text: ReasonText, heading: str, by: Actor) -> tuple[ImportRun, bytes]:
    """Return a workbook of the rows that were refused, logged; raises NotFound when there are none any more."""
    run = get_run_for(by, run_id)
    rows = list_refused(run)
    if not rows:
        raise NotFound("refused_rows")
    learners = [UUID(row["learner"]) for row in rows if row["learner"]]
    audit.record("imports.refused_given_back", learner_ids=learners, subject=("import_run", run.id), by=by)
    return run, _workbook(sheets_of(run), rows, reason_text, heading)


def _workbook(sheets: list[SheetColumns], rows: list[dict[str, Any]], reason_text: ReasonText, heading: str) -> bytes:
    import xlsxwriter  # 3 MB, which a process that writes no workbook does without

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        formats = {
            "head": book.add_format({"bold": True}),
            "date": book.add_format({"num_format": "dd-mm-yyyy"}),
        }
        for number, sheet in enumerate(sheets, start=1):
            of_sheet = [row for row in rows if sheet.holds(row["sheet"], row["row"])]
            if of_sheet:
                target = book.add_worksheet(_sheet_name(sheet.name, number, book))
                target.write_row(0, 0, [heading, *sheet.labels], formats["head"])
                _write(target, of_sheet, reason_text, formats["date"])
    return out.getvalue()


def _sheet_name(name: str, number: int, book: Any) -> str:
    """Return a name for a sheet that the book doesn't have yet: a sheet of several tables comes back as several."""
    allowed = "".join(letter for letter in name if letter not in "[]:*?/\\").strip("'")[:26] or f"Blad{number}"
    taken = {sheet.get_name().lower() for sheet in book.worksheets()}
    return f"{allowed} {number}" if allowed.lower() in taken else allowed


def _write(target: Any, rows: list[dict[str, Any]], reason_text: ReasonText, as_date: Any) -> None:
    target.set_column(0, 0, 60)
    target.freeze_panes(1, 1)
    for index, row in enumerate(rows, start=1):
        problems = (_reason(column, reason_text(code, facts)) for column, code, facts in row["problems"])
        target.write_string(index, 0, " ".join(problems))
        for position, cell in enumerate(row.get("cells", []), start=1):
            _write_cell(target, index, position, cell, as_date)


def _reason(column: str, text: str) -> str:
    return f"{column}: {text}" if column else text


def _write_cell(target: Any, row: int, column: int, cell: Any, as_date: Any) -> None:
    if isinstance(cell, dict):
        target.write_datetime(row, column, date.fromisoformat(cell["date"]), as_date)
    elif isinstance(cell, bool):
        target.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        target.write_number(row, column, cell)
    elif cell:
        target.write_string(row, column, cell)
