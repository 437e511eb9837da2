"""Work on registers without a user."""

from uuid import UUID

from portal.attendance.notices.services import tell_of_answers
from portal.attendance.registers.recount import recount_minutes
from portal.core.db.scope import reveal
from portal.core.http.access import PORTAL
from portal.core.jobs import Run, every, job


@job("attendance.recount_minutes")
def recount(run: Run) -> None:
    """Count the minutes of a lesson's marks anew, after its times were changed; of who restricted hers too."""
    reveal()
    recount_minutes(UUID(run.arguments["lesson_id"]))


@every(3600)
@job("attendance.tell_of_answers")
def tell_of(run: Run) -> None:
    """Tell learners what the school said of the absences that they reported; who restricted hers is told too."""
    reveal()
    run.progress(tell_of_answers(by=PORTAL), None)
