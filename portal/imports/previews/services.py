"""Seeing what a workbook would do, before anything of it is stored: rows by what becomes of them, sealed, in pages."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from portal.core.crypto import keys
from portal.core.db.base import Base, new_id
from portal.core.db.bulk import in_parts, insert_rows
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.imports.models import ImportPage, ImportRun, Listing, Outcome, RunState
from portal.imports.plans import Change, Plan, RowResult
from portal.imports.plans.parts import name_in
from portal.imports.plans.services import Progress, silent
from portal.imports.queries import PAGES, get_run
from portal.imports.results.services import plan_for
from portal.imports.runs.inspection import remove_file, workbook_of
from portal.imports.workbooks.workbook import Workbook
from portal.learners.record.fields import as_text

ROWS_ON_PAGE = 50
LASTING = frozenset({Listing.REFUSED, Listing.KEPT, Listing.NOTED, Listing.SKIPPED})
"""The lists that are kept after storing, until the run's term."""


def check_workbook(run_id: UUID, progress: Progress = silent, *, by: Actor) -> None:
    """Work out what a workbook would do and keep it, to be looked at; a second time works it out anew."""
    run = get_run(run_id, by.scope, lock=True)
    if run.state is not RunState.CHECKING:
        return
    try:
        workbook = workbook_of(run)
        plan = plan_for(run, workbook, by.scope, progress=progress)
    except Invalid as refused:
        run.refusal, run.refusal_facts, run.state = refused.code, refused.facts, RunState.REFUSED
        remove_file(run)
        return
    keep_pages(run, plan, workbook, set(Listing))
    run.counts = plan.counts()
    run.state = RunState.READY
    session.flush()


def keep_pages(run: ImportRun, plan: Plan, workbook: Workbook, listings: Iterable[Listing]) -> None:
    """Keep the rows of these lists in sealed pages, in place of those kept before."""
    session.execute(delete(ImportPage).where(ImportPage.school_id == current_school_id(), ImportPage.run_id == run.id))
    cells = _cells_of_refused(plan, workbook) if Listing.REFUSED in set(listings) else {}
    for listing in listings:
        if listing is Listing.SKIPPED:
            found: Iterator[dict[str, Any]] = map(asdict, plan.skipped)
        else:
            rows = (row for row in plan.rows if _is_in(row, listing))
            found = (_as_kept(row, plan, cells.get((row.record.sheet, row.record.row))) for row in rows)
        for number, kept in enumerate(in_parts(found, ROWS_ON_PAGE), start=1):
            sealed = keys.seal_for_school(json.dumps(kept, ensure_ascii=False), PAGES)
            page = {"id": new_id(), "run_id": run.id, "listing": listing, "number": number, "content": sealed}
            insert_rows(Base.metadata.tables["import_page"], [page])


def _is_in(row: RowResult, listing: Listing) -> bool:
    if listing is Listing.KEPT:
        return bool(row.kept)
    return bool(row.notes) if listing is Listing.NOTED else row.outcome.value == listing.value


def _as_kept(row: RowResult, plan: Plan, cells: list[Any] | None) -> dict[str, Any]:
    record = row.record
    who = name_in(record.values) or (row.person.name if row.person else "")
    kept: dict[str, Any] = {
        "sheet": record.sheet,
        "row": record.row,
        "who": who,
        "number": str(record.values.get("learner.number") or ""),
        "learner": str(row.person.learner_id) if row.person and not row.person.is_new else None,
        "changes": [_change(change, plan) for change in row.changes],
        "stays": [
            [each.field, *(_text_of(value, plan) for value in (each.stays, each.sheet)), each.since_on.isoformat()]
            for each in row.kept
        ],
        "problems": [[problem.column, problem.code, problem.facts] for problem in row.problems],
        "notes": [[note.column, note.code, note.facts] for note in row.notes],
        "candidates": [[str(each), plan.names.get(each, "")] for each in row.candidates],
        "is_of": plan.names.get(row.person.learner_id, "") if row.person else "",
    }
    return kept | ({"cells": cells} if cells is not None else {})


def _change(change: Change, plan: Plan) -> list[Any]:
    return [change.field, *(_text_of(value, plan) for value in (change.old, change.new)), change.about]


def _text_of(value: object, plan: Plan) -> str | None:
    return plan.names.get(value, "") if isinstance(value, UUID) else as_text(value)


def _cells_of_refused(plan: Plan, workbook: Workbook) -> dict[tuple[str, int], list[Any]]:
    """Return the cells of refused rows as they stand in the workbook, to give them back."""
    wanted = {(row.record.sheet, row.record.row) for row in plan.rows if row.outcome is Outcome.REFUSED}
    return {
        (sheet.name, number): [_cell(cell) for cell in row]
        for sheet, number, row in _rows(workbook)
        if (sheet.name, number) in wanted
    }


def _rows(workbook: Workbook) -> Iterator[tuple[Any, int, list[Any]]]:
    for sheet in workbook.sheets:
        for number, row in sheet.rows():
            yield sheet, number, row


def _cell(cell: object) -> Any:
    if isinstance(cell, date | datetime):
        return {"date": cell.isoformat()[:10]}
    return str(cell) if isinstance(cell, time | timedelta) else cell
