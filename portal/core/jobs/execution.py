"""Doing a job under a lease: claimed, done and ended in PostgreSQL.

A lost worker, a second delivery or a frozen process does no harm: without the lease nothing is committed.
"""

import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import select, text, update

from portal.core.audit import set_origin
from portal.core.db.commit_hooks import on_commit
from portal.core.db.scope import checkpoint, in_school
from portal.core.db.session import session
from portal.core.db.transactions import autocommit_connection
from portal.core.errors import Refusal
from portal.core.http.access import PORTAL, set_actor
from portal.core.jobs import leases, transport
from portal.core.jobs.models import CANCELLED, DONE, FAILED, WAITING, Job
from portal.core.jobs.registry import get_kind, seconds_of
from portal.core.jobs.services import HANDED_PER_SCHOOL, write_down
from portal.core.logs import places

_log = structlog.get_logger(__name__)

PAUSES = (2, 10, 60, 300, 900)
"""Seconds before the second, third, … attempt; the last one again and again."""

job_context: Callable[[], AbstractContextManager[Any]] = nullcontext
"""What a job runs in: the worker puts the app's context here."""

_CLAIM = text("select * from claim_job(:school, :id, :lease, :seconds)")

_END = text("""
update job j set state = cast(:state as text), lease = null, lease_until = null,
    failure = cast(:failure as text), fault = cast(:fault as text),
    failure_facts = cast(:facts as jsonb), attempts = attempts - cast(:given_back as integer),
    done = case when cast(:state as text) = 'done' then coalesce(total, done) else done end,
    run_after = clock_timestamp() + make_interval(secs => cast(:pause as double precision)),
    ended_at = case when cast(:state as text) = 'waiting' then null else clock_timestamp() end,
    arguments = case when cast(:state as text) = 'waiting' then arguments else '{}' end,
    unique_key = case when cast(:state as text) = 'waiting' then unique_key end
where school_id = current_school() and id = :id and lease = :lease
returning is_slow, (
    select count(*) - 1 from job b
    where b.school_id = j.school_id and b.is_slow = j.is_slow and b.state in ('handed', 'running')) as at_work
""")

_FOLLOWING = text("""
with following as materialized (
    select school_id, id from job
    where school_id = current_school() and is_slow = :is_slow and state = 'waiting'
        and run_after <= statement_timestamp() and id <> :id
    order by run_after, id limit :room for update skip locked)
update job j set state = 'handed', handed_at = clock_timestamp() from following f
where j.school_id = f.school_id and j.id = f.id returning j.school_id, j.id, j.is_slow, j.kind
""")


class Cancelled(Exception):
    """Somebody cancelled the job; what it did since the last checkpoint is rolled back."""


class Stopping(Exception):
    """The worker is asked to stop: the job goes back, and another worker does it."""


class WorkerLost(Exception):
    """The last attempt that it may have ended with its worker: it is not done once more, that is only written down."""


class Run:
    """One attempt at a job, as the job's function sees it."""

    def __init__(self, held: leases.Lease, kind: str, arguments: dict[str, Any], attempt: int, attempts_most: int):
        self.job_id = held.job_id
        self.school_id = held.school_id
        self.kind = kind
        self.arguments = arguments
        self.attempt = attempt
        self.is_last = attempt >= attempts_most
        self.was_lost = attempt > attempts_most
        self.held = held

    def ended_its_worker(self) -> bool:
        """Say whether the attempt before this one ended with its worker; this one is the last then."""
        if session.scalar(select(Job.failure).where(Job.id == self.job_id)) == "worker_lost":
            self.is_last = self.was_lost = True
        return self.was_lost

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how far it is, seen at once by others; cheap enough to call for every row. Raises Stopping, LeaseLost."""
        self._look()
        self.held.show(done, total)

    def cancelled(self) -> bool:
        """Say whether somebody asked to cancel it, at most two seconds ago unseen. Raises Stopping, LeaseLost."""
        self._look()
        return self.held.is_cancel_asked

    def stop_if_cancelled(self) -> None:
        """Raise Cancelled, which rolls back, when somebody asked to cancel it."""
        if self.cancelled():
            raise Cancelled

    def checkpoint(self) -> None:
        """Commit what was done so far, if the lease still holds. From here on it must be able to go on from there."""
        self._look()
        holds = update(Job).where(Job.id == self.job_id, Job.lease == self.held.token)
        kept = session.scalar(holds.values(lease_until=leases.until()).returning(Job.is_cancel_asked))
        if kept is None:
            raise leases.LeaseLost
        self.held.is_cancel_asked = kept
        checkpoint()

    def _look(self) -> None:
        if self.held.is_lost:
            raise leases.LeaseLost
        if leases.is_stopping():
            raise Stopping


def deliver(school_id: str, job_id: str) -> None:
    """Do a job whose id came through Redis. Never raises: what goes wrong stands in the job's row and in the log."""
    try:
        perform(UUID(school_id), UUID(job_id))
    except Exception as error:  # noqa: BLE001 - RQ would keep its text
        _log.error("job_not_recorded", job_id=job_id, error=type(error).__name__, at=places(error))


def perform(school_id: UUID, job_id: UUID) -> str | None:
    """Claim a job that was handed over, do it, record how it ended; returns its state, None when there was no claim.

    It runs in a copy of the context, so that nothing of it is there for the next one.
    """
    return copy_context().run(_perform, school_id, job_id)


def _perform(school_id: UUID, job_id: UUID) -> str | None:
    with job_context():
        set_actor(PORTAL)
        set_origin(f"job {job_id}")
        run = _claim(school_id, job_id)
        return None if run is None else _attempt(run)


def _claim(school_id: UUID, job_id: UUID) -> Run | None:
    token = uuid4()
    values = {"school": school_id, "id": job_id, "lease": token, "seconds": float(leases.LEASE_SECONDS)}
    with autocommit_connection() as connection:
        claimed = connection.execute(_CLAIM, values).one_or_none()
    if claimed is None:
        return None
    held = leases.Lease(school_id, job_id, token, claimed.total)
    return Run(held, claimed.kind, claimed.arguments, claimed.attempts, claimed.attempts_most)


def _attempt(run: Run) -> str | None:
    began = time.monotonic()
    try:
        if run.was_lost:
            raise WorkerLost
        kind = get_kind(run.kind)
        with leases.beaten(run.held, kind.seconds), in_school(run.school_id):
            if not kind.retries_lost and run.ended_its_worker():
                raise WorkerLost
            kind.work(run)
            _end(run, DONE)
        state: str | None = DONE
    except Exception as error:  # noqa: BLE001 - whatever it was, it is recorded
        state = _record(run, error)
    _log.info("job", kind=run.kind, job_id=str(run.job_id), state=state, ms=round(1000 * (time.monotonic() - began)))
    return state


def _record(run: Run, error: Exception) -> str | None:
    """Record an attempt that failed; one whose lease was lost is somebody else's by now."""
    if isinstance(error, leases.LeaseLost):
        return None
    try:
        with in_school(run.school_id):
            return _end_badly(run, error)
    except leases.LeaseLost:
        return None


def _end_badly(run: Run, error: Exception) -> str:
    if isinstance(error, Cancelled):
        return _end(run, CANCELLED)
    if isinstance(error, Stopping):
        return _end(run, WAITING, given_back=1)
    if isinstance(error, Refusal):
        write_down("jobs.failed", run.job_id, run.kind, run.arguments, failure=error.code)
        return _end(run, FAILED, failure=error.code, facts=error.facts)
    fault = secrets.token_hex(4).upper()
    _log.error(
        "job_fault", kind=run.kind, fault=fault, error=type(error).__name__, sqlstate=_sqlstate(error), at=places(error)
    )
    if run.is_last:
        failure = "worker_lost" if run.was_lost else "error"
        write_down("jobs.failed", run.job_id, run.kind, run.arguments, failure=failure, fault=fault)
        return _end(run, FAILED, failure=failure, fault=fault, given_back=int(run.was_lost))
    return _end(run, WAITING, failure="error", fault=fault, pause=PAUSES[min(run.attempt, len(PAUSES)) - 1])


def _sqlstate(error: Exception) -> str | None:
    state: str | None = getattr(getattr(error, "orig", None), "sqlstate", None)
    return state


def _end(
    run: Run,
    state: str,
    *,
    failure: str | None = None,
    facts: dict[str, Any] | None = None,
    fault: str | None = None,
    pause: float = 0,
    given_back: int = 0,
) -> str:
    """End the attempt in the transaction in hand, and hand over the school's next jobs; raises LeaseLost."""
    session.flush()
    values = {
        "id": run.job_id,
        "lease": run.held.token,
        "state": state,
        "failure": failure,
        "facts": leases.as_json(facts),
        "fault": fault,
        "pause": pause,
        "given_back": given_back,
    }
    ended = session.execute(_END, values).one_or_none()
    if ended is None:
        raise leases.LeaseLost
    if ended.at_work <= HANDED_PER_SCHOOL // 2:
        _hand_over_following(run.job_id, ended.is_slow, HANDED_PER_SCHOOL - ended.at_work)
    return state


def _hand_over_following(job_id: UUID, is_slow: bool, room: int) -> None:
    rows = session.execute(_FOLLOWING, {"id": job_id, "is_slow": is_slow, "room": room}).all()
    following = [transport.Handed(row.school_id, row.id, row.is_slow, seconds_of(row.kind)) for row in rows]
    if following:
        on_commit(lambda: transport.hand_over(following))


__all__ = ["Cancelled", "Run", "Stopping", "deliver", "perform"]
