"""Who waits for a place, in the school in scope."""

from datetime import timedelta
from typing import Any

from portal.core.clock import now, today
from portal.core.db.session import session
from portal.courses.models import Course
from portal.learners.record.models import Learner
from portal.learners.waiting_list.models import WaitingEntry
from tests.factories.courses import make_course


def make_waiting(learner: Learner, course: Course | None = None, **values: Any) -> WaitingEntry:
    """Let a learner wait for a course, a new one unless given, since thirty days unless told otherwise."""
    signed = {"added_by_name": "Anouk Bos", "added_at": now()}
    row = {"since_on": today() - timedelta(days=30), **signed, **values}
    entry = WaitingEntry(learner_id=learner.id, course_id=(course or make_course()).id, **row)
    session.add(entry)
    session.flush()
    return entry
