"""What the worker does for imports."""

from uuid import UUID

from portal.core.db.scope import reveal
from portal.core.http.access import PORTAL
from portal.core.jobs import Run, every, job
from portal.imports.previews.services import check_workbook
from portal.imports.runs.expiry import clear_expired
from portal.imports.runs.inspection import read_workbook
from portal.imports.runs.storage import store_workbook
from portal.imports.runs.undo import undo_run


def _run_id(run: Run) -> UUID:
    return UUID(run.arguments["run_id"])


@job("imports.read", retries_lost=False)
def read(run: Run) -> None:
    """Look where a workbook's headers stand."""
    read_workbook(_run_id(run), by=PORTAL)


@job("imports.check", retries_lost=False)
def check(run: Run) -> None:
    """Work out what a workbook would do."""

    def told(done: int, total: int | None = None) -> None:
        run.stop_if_cancelled()
        run.progress(done, total)

    check_workbook(_run_id(run), told, by=PORTAL)


@job("imports.store", slow=True)
def store(run: Run) -> None:
    """Store a workbook's rows: all of them or, when stopped, none."""

    def step(done: int, total: int) -> None:
        run.stop_if_cancelled()
        run.progress(done, total)

    store_workbook(_run_id(run), step, by=PORTAL)


@job("imports.undo", slow=True)
def undo(run: Run) -> None:
    """Take a run back as a whole."""
    undo_run(_run_id(run), run.progress, by=PORTAL)


@every(3600)
@job("imports.clear")
def clear(_run: Run) -> None:
    """Destroy workbooks and rows that have had their day, hidden or not."""
    reveal()
    clear_expired()
