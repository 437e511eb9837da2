"""Work on progress without a user."""

from portal.core.http.access import PORTAL
from portal.core.jobs import Run, every, job
from portal.progress.appointments.services import remind_of_appointments


@every(3600)
@job("progress.remind_of_appointments")
def remind(run: Run) -> None:
    """Tell learners and their coaches of tomorrow's appointments, once a day."""
    run.progress(remind_of_appointments(by=PORTAL), None)
