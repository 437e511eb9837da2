"""Work on registers without a user."""

from uuid import UUID

from portal.attendance.registers.recount import recount_minutes
from portal.core.jobs import Run, job


@job("attendance.recount_minutes")
def recount(run: Run) -> None:
    """Count the minutes of a lesson's marks anew, after its times were changed."""
    recount_minutes(UUID(run.arguments["lesson_id"]))
