"""What the worker does for requests each day: reminding, and letting objections without an answer stand."""

from portal.core.jobs import Run, every, job
from portal.requests.data_requests.objections import grant_unanswered
from portal.requests.data_requests.reminders import remind

_DAY = 24 * 3600


@every(_DAY)
@job("requests.remind")
def remind_of_requests(run: Run) -> None:
    """Remind who decides of what is nearly due or late."""
    run.progress(remind(), None)


@every(_DAY)
@job("requests.grant_unanswered")
def grant_unanswered_objections(run: Run) -> None:
    """Let objections whose day went by stop the use for good."""
    run.progress(grant_unanswered(), None)
