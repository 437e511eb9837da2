"""Doing jobs inside a test, without Redis and without a worker."""

from uuid import UUID

from sqlalchemy import func, select, update

from portal.core.database import current_school_id, session
from portal.core.jobs import FAILED, HANDED, WAITING, Job, perform

FAULT = "4B1D0C0A"


def fail_job(job_id: UUID | None) -> None:
    """Let the worker have given up on a job of the school in scope: its fault's number is FAULT."""
    failed = {
        "state": FAILED,
        "attempts": Job.attempts_most,
        "failure": "error",
        "fault": FAULT,
        "ended_at": func.now(),
    }
    session.execute(update(Job).where(Job.school_id == current_school_id(), Job.id == job_id).values(failed))
    session.commit()


def do_jobs(kind: str | None = None) -> list[str]:
    """Do what was asked for in the school in scope (of one kind, or all), and what that asks for; return their kinds.

    Only what may run now. Where one fails, its row tells: `job.state`, `job.failure`.
    """
    done: list[str] = []
    while True:
        session.commit()
        waits = select(Job.id, Job.kind).where(
            Job.state.in_([WAITING, HANDED]), Job.run_after <= func.clock_timestamp()
        )
        waits = waits.where(Job.kind == kind) if kind else waits
        following = session.execute(waits.order_by(Job.run_after, Job.id).limit(1)).one_or_none()
        if following is None:
            return done
        school_id = current_school_id()
        handed = update(Job).where(Job.school_id == school_id, Job.id == following.id).values(state=HANDED)
        session.execute(handed.execution_options(synchronize_session=False))
        perform(school_id, following.id)
        done.append(following.kind)
