"""What the worker does for records: what comes round by itself, and the invitations that were asked for."""

from datetime import date, time
from uuid import UUID

from portal.core.db.scope import reveal
from portal.core.http.access import PORTAL
from portal.core.jobs import Run, every, job
from portal.courses.lessons.followers import LessonBefore
from portal.learners.conditions.services import clear_expired_fields
from portal.learners.corrections.services import pass_on_unanswered
from portal.learners.invitations.services import send_invitations
from portal.learners.lesson_notices.services import tell_of_lesson
from portal.learners.merges.undo import clear_expired_merges

_DAY = 24 * 3600


@every(_DAY)
@job("learners.clear_expired_fields")
def clear_expired(run: Run) -> None:
    """Erase the BSN of whoever's last reporting trajectory ended (MN-04)."""
    run.progress(clear_expired_fields(by=PORTAL), None)


@every(_DAY)
@job("learners.pass_on_unanswered")
def pass_on(run: Run) -> None:
    """Let what a learner said against a finding wait as a correction, where nobody answered her in time."""
    run.progress(pass_on_unanswered(by=PORTAL), None)


@every(3600)
@job("learners.clear_merges")
def clear_merges(run: Run) -> None:
    """Let go what was kept to take a merging back, once its day is over; what is restricted is no reason to keep it."""
    reveal()
    run.progress(clear_expired_merges(), None)


@job("learners.send_invitations")
def send_learner_invitations(run: Run) -> None:
    """Send learners the link by which they choose a password; a second run sends a new link in place of the first."""
    learner_ids = [UUID(each) for each in run.arguments["learner_ids"]]
    send_invitations(learner_ids, by=PORTAL, progress=run.progress)


@job("learners.tell_of_lesson")
def tell_of(run: Run) -> None:
    """Tell the learners of a lesson that it was moved, cancelled or put back, if it still is another than it was.

    Who restricted her data is told too: the mail is to herself.
    """
    reveal()
    told = run.arguments
    was = LessonBefore(
        id=UUID(told["id"]),
        held_on=date.fromisoformat(told["held_on"]),
        starts_at=time.fromisoformat(told["starts_at"]),
        ends_at=time.fromisoformat(told["ends_at"]),
        room=told["room"],
        is_at_school=told["is_at_school"],
        is_cancelled=told["is_cancelled"],
    )
    run.progress(tell_of_lesson(was, by=PORTAL), None)
