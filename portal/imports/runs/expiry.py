"""What goes by itself: workbooks nobody went on with, and rows kept to undo a run."""

from uuid import UUID

from sqlalchemy import delete, select

from portal.core import audit
from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.core.jobs import cancel
from portal.imports.models import ImportPage, ImportRow, ImportRun, RunState
from portal.imports.queries import get_run_for, state_of
from portal.imports.runs.inspection import remove_file

OPEN = (RunState.READING, RunState.MAPPING, RunState.CHECKING, RunState.READY, RunState.STORING)


def discard_run(run_id: UUID, *, by: Actor) -> ImportRun:
    """Throw away a workbook of which nothing was stored; raises Conflict when something was, or is being."""
    run = get_run_for(by, run_id, lock=True)
    if state_of(run) not in OPEN[:-1]:
        raise Conflict("run_not_open", state=run.state.value)
    discard(run)
    audit.record("imports.discarded", subject=("import_run", run.id), by=by)
    return run


def stop_run(run_id: UUID, *, by: Actor) -> ImportRun:
    """Stop the work in hand: what it did is rolled back, and the run stands where it stood before."""
    run = get_run_for(by, run_id)
    if run.job_id is not None:
        cancel(run.job_id)
    audit.record("imports.stopped", subject=("import_run", run.id), by=by)
    return run


def clear_expired() -> int:
    """Destroy what has had its day; returns how many runs that concerned."""
    over = select(ImportRun).where(ImportRun.has_expired(now()), ImportRun.state != RunState.UNDOING)
    runs = [run for run in session.scalars(over.with_for_update(skip_locked=True)) if _has_something(run)]
    for run in runs:
        if run.state in OPEN:
            discard(run)
        else:
            _forget(run)
    session.flush()
    return len(runs)


def _has_something(run: ImportRun) -> bool:
    kept = (
        select(table.id).where(table.school_id == current_school_id(), table.run_id == run.id).limit(1)
        for table in (ImportPage, ImportRow)
    )
    return run.state in OPEN or run.file_id is not None or any(session.scalar(each) is not None for each in kept)


def discard(run: ImportRun) -> None:
    """Let a workbook go with all that was taken from it, for nothing of it was stored."""
    run.state = RunState.DISCARDED
    _forget(run)


def _forget(run: ImportRun) -> None:
    remove_file(run)
    for table in (ImportPage, ImportRow):
        session.execute(delete(table).where(table.school_id == current_school_id(), table.run_id == run.id))
    run.decisions = {}
