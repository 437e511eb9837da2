"""Kinds of job that tests ask for: each leaves a mark in the database, so that doing it twice shows."""

import time

from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.jobs import Run, job
from portal.core.mail import Mail


def leave_mark(run: Run) -> None:
    """Add a row that tells of this job."""
    session.add(Mail(template=run.arguments["mark"], language="nl"))
    session.flush()


@job("tests.quick")
def quick(run: Run) -> None:
    """Leave a mark."""
    leave_mark(run)


@job("tests.nothing")
def nothing(_run: Run) -> None:
    """Do nothing."""


@job("tests.long")
def long(run: Run) -> None:
    """Leave a mark, take so many seconds, and say how far it is."""
    leave_mark(run)
    seconds = run.arguments["seconds"]
    for tenth in range(10 * seconds):
        run.progress(tenth, 10 * seconds)
        run.stop_if_cancelled()
        time.sleep(0.1)


@job("tests.slow", slow=True)
def slow(run: Run) -> None:
    """As `tests.long`, in the lane for slow jobs."""
    long(run)


@job("tests.deaf")
def deaf(run: Run) -> None:
    """Leave a mark and take so many seconds without looking up."""
    leave_mark(run)
    time.sleep(run.arguments["seconds"])


@job("tests.steps")
def steps(run: Run) -> None:
    """Leave two marks in two steps, each kept once it is done, and rest between them."""
    with_mark = session.query(Mail).where(Mail.template == run.arguments["mark"])
    if with_mark.count() == 0:
        leave_mark(run)
        run.checkpoint()
    time.sleep(run.arguments["seconds"])
    leave_mark(run)


@job("tests.broken", attempts=2)
def broken(run: Run) -> None:
    """Leave a mark and fail."""
    leave_mark(run)
    raise ValueError("0612345678 is not a number")


@job("tests.refused")
def refused(_run: Run) -> None:
    """Refuse."""
    raise Conflict("too_late", since="yesterday")
