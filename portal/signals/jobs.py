"""What the worker does for signals: a look at everybody at night, and at a lesson's learners once it is filled in."""

from uuid import UUID

from portal.core.http.access import PORTAL
from portal.core.jobs import Run, every, job
from portal.signals.services import look_at_everybody
from portal.signals.services import look_at_lesson as look_at_learners_of

_DAY = 24 * 3600


@every(_DAY)
@job("signals.look", slow=True)
def look(run: Run) -> None:
    """Raise what asks attention by the school's rules, and end what no longer does."""
    run.progress(look_at_everybody(by=PORTAL), None)


@job("signals.look_at_lesson")
def look_at_lesson(run: Run) -> None:
    """Look at the learners of a lesson whose register was stored."""
    look_at_learners_of(UUID(run.arguments["lesson_id"]), by=PORTAL)
