"""Doing jobs inside a test, without Redis and without a worker."""

from threading import Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.core import jobs
from portal.core.db.scope import checkpoint, current_school_id, in_school
from portal.core.db.session import session
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
    checkpoint()


def finish_during_request(app: Flask, monkeypatch: pytest.MonkeyPatch, school_id: UUID) -> None:
    """Let the worker do all that waits while a page is made: after its first reads, right before it reads the job."""
    find = jobs.find_job

    def work() -> None:
        with app.app_context(), in_school(school_id):
            do_jobs()

    def finding(job_id: UUID | None) -> Job | None:
        monkeypatch.setattr(jobs, "find_job", find)
        worker = Thread(target=work)
        worker.start()
        worker.join()
        return find(job_id)

    monkeypatch.setattr(jobs, "find_job", finding)


def do_jobs(kind: str | None = None) -> list[str]:
    """Do what was asked for in the school in scope (of one kind, or all), and what that asks for; return their kinds.

    Only what may run now. Where one fails, its row tells: `job.state`, `job.failure`.
    """
    done: list[str] = []
    while True:
        checkpoint()
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
