"""Makes imports in the school in scope: a workbook handed in and taken as far as wanted, jobs done on the spot."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import xlsxwriter

from portal.accounts.actors import actor_of
from portal.accounts.models import Account
from portal.core.db.scope import checkpoint
from portal.core.http.access import PORTAL, Actor
from portal.core.http.scope import SYSTEM
from portal.imports.mappings.columns import SheetColumns
from portal.imports.mappings.services import choose_columns, sheets_of
from portal.imports.models import ImportRun, Subject
from portal.imports.previews.services import check_workbook
from portal.imports.queries import get_run
from portal.imports.runs.inspection import read_workbook
from portal.imports.runs.storage import start_storing, store_workbook
from portal.imports.runs.uploads import hand_in_workbook
from tests.imports.sample_workbooks import make
from tests.jobs import do_jobs
from tests.signing_in import make_account


def make_office(name: str = "Ans de Wit") -> Actor:
    """Make somebody of administration and return her as she acts."""
    account: Account = make_account(name, "administration")
    checkpoint()
    return actor_of(account.id, account.name, frozenset({"administration"}))


def sheet_bytes(header: Sequence[str], *rows: Sequence[Any]) -> bytes:
    """Return an .xlsx with one sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Blad1")
        sheet.write_row(0, 0, header)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, value)
    return out.getvalue()


def handed_in(data: bytes, by: Actor, name: str = "lijst.xlsx") -> ImportRun:
    """Hand a workbook in and let it be read."""
    run = hand_in_workbook(io.BytesIO(data), name, by=by)
    do_jobs("imports.read")
    return get_run(run.id, SYSTEM)


def chosen(run: ImportRun, by: Actor, **options: Any) -> ImportRun:
    """Take the proposed columns over and let it be worked out what would happen."""
    sheets: list[SheetColumns] = sheets_of(run)
    choose_columns(
        run.id,
        [sheet.targets for sheet in sheets],
        used=[sheet.is_used for sheet in sheets],
        options={"act": None, "grounds": {}, **options},
        by=by,
    )
    do_jobs("imports.check")
    return get_run(run.id, SYSTEM)


def stored(data: bytes, by: Actor, name: str = "lijst.xlsx", **options: Any) -> ImportRun:
    """Bring a workbook in as a whole, as the screens do."""
    run = chosen(handed_in(data, by, name), by, **options)
    start_storing(run.id, by=by)
    do_jobs("imports.store")
    return get_run(run.id, SYSTEM)


def results_in(data: bytes, by: Actor, group_id: UUID | None = None, name: str = "uitslagen.xlsx") -> ImportRun:
    """Hand a list of results in, perhaps of a group, and let it be read."""
    options = {"group": str(group_id)} if group_id else {}
    run = hand_in_workbook(io.BytesIO(data), name, by=by, subject=Subject.RESULTS, options=options)
    do_jobs("imports.read")
    return get_run(run.id, SYSTEM)


def results_checked(run: ImportRun, by: Actor, **options: Any) -> ImportRun:
    """Take the proposed columns of a list of results over and let it be worked out what would happen."""
    sheets = sheets_of(run)
    targets, used = [sheet.targets for sheet in sheets], [sheet.is_used for sheet in sheets]
    choose_columns(run.id, targets, used=used, options=options, by=by)
    do_jobs("imports.check")
    return get_run(run.id, SYSTEM)


def results_stored(data: bytes, by: Actor, group_id: UUID | None = None, **options: Any) -> ImportRun:
    """Bring a list of results in as a whole."""
    run = results_checked(results_in(data, by, group_id), by, **options)
    start_storing(run.id, by=by)
    do_jobs("imports.store")
    return get_run(run.id, SYSTEM)


def bring_so_far(data: bytes, far: int, by: Actor) -> UUID:
    """Hand in a workbook and let it be read (1), worked out (2) and stored (3)."""
    run = hand_in_workbook(io.BytesIO(data), "lijst.xlsx", by=by)
    read_workbook(run.id, by=PORTAL)
    if far > 1:
        targets, used = [sheet.targets for sheet in sheets_of(run)], [sheet.is_used for sheet in sheets_of(run)]
        choose_columns(run.id, targets, used=used, options={"act": None, "grounds": {}}, by=by)
        check_workbook(run.id, by=PORTAL)
    if far > 2:
        start_storing(run.id, by=by)
        store_workbook(run.id, lambda _done, _total: None, by=PORTAL)
    return run.id


def bring_results_so_far(data: bytes, far: int, by: Actor) -> UUID:
    """Hand in a list of results and let it be read (1), worked out (2) and stored (3)."""
    run = hand_in_workbook(io.BytesIO(data), "uitslagen.xlsx", by=by, subject=Subject.RESULTS)
    read_workbook(run.id, by=PORTAL)
    if far > 1:
        choose_columns(run.id, [sheet.targets for sheet in sheets_of(run)], used=[True], options={}, by=by)
        check_workbook(run.id, by=PORTAL)
    if far > 2:
        start_storing(run.id, by=by)
        store_workbook(run.id, lambda _done, _total: None, by=PORTAL)
    return run.id


def messy(name: str, folder: Path) -> bytes:
    """Return the bytes of one of the twelve messy workbooks."""
    return make(name, folder).read_bytes()
