"""What the worker does for complaints each day: reminding who handles them."""

from portal.core.jobs import Run, every, job
from portal.requests.complaints.reminders import remind_of_complaints

_DAY = 24 * 3600


@every(_DAY)
@job("requests.remind_of_complaints")
def remind_who_handles_complaints(run: Run) -> None:
    """Remind who handles complaints of what is nearly due or late."""
    run.progress(remind_of_complaints(), None)
