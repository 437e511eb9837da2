"""Putting a learner on the waiting list, placing her from it in a group, and taking her off it."""

from datetime import date
from uuid import UUID

from sqlalchemy import exists, select

from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.health_terms import check_health_terms
from portal.core.http.access import Actor
from portal.courses.groups.queries import get_course, get_group
from portal.learners.enrolments.models import Enrolment
from portal.learners.enrolments.services import join_group
from portal.learners.scope.services import get_within_reach
from portal.learners.waiting_list.models import WaitingEnd, WaitingEntry
from portal.learners.waiting_list.queries import get_waiting
from portal.permissions import Permission


def add_to_waiting_list(
    learner_id: UUID,
    *,
    course_id: UUID,
    group_id: UUID | None = None,
    since_on: date,
    wish: str | None = None,
    by: Actor,
) -> WaitingEntry:
    """Put a learner on the waiting list for a course, and perhaps for one group of it.

    Raises NotFound; Invalid for a day to come, a group of another course, a wish that tells of her health, and where
    she waits for the course already.
    """
    by.must(Permission.LEARNER_KEEP)
    learner = get_within_reach(learner_id, by, lock=True)
    course = get_course(course_id)
    if since_on > today():
        raise Invalid("since_on", "to_come")
    if group_id is not None and get_group(group_id, by).course_id != course.id:
        raise Invalid("group_id", "another_course")
    check_health_terms("wish", wish)
    waits = exists().where(
        WaitingEntry.school_id == current_school_id(),
        WaitingEntry.learner_id == learner.id,
        WaitingEntry.course_id == course.id,
        WaitingEntry.is_waiting,
    )
    if session.scalar(select(waits)):
        raise Invalid("course_id", "waits_already")
    row = WaitingEntry(
        learner_id=learner.id,
        course_id=course.id,
        group_id=group_id,
        since_on=since_on,
        wish=wish,
        added_by=by.account_id,
        added_by_name=by.name,
        added_at=now(),
    )
    session.add(row)
    session.flush()
    facts = {"course": str(course.id), "since": since_on.isoformat()}
    audit.record("learners.waiting_added", learner_id=learner.id, subject=("waiting_entry", row.id), facts=facts, by=by)
    return row


def place_from_waiting_list(
    waiting_entry_id: UUID,
    *,
    group_id: UUID,
    starts_on: date,
    trajectory_id: UUID | None = None,
    statement_shown: str,
    despite: bool = False,
    by: Actor,
) -> Enrolment:
    """Put a learner who waits in a group from a day on, and take her off the list, both or neither.

    Raises NotFound; Invalid where she waits no more, and Invalid and Conflict as `join_group` does.
    """
    by.must(Permission.LEARNER_KEEP)
    row = _waiting(waiting_entry_id, by)
    get_group(group_id, by)
    made = join_group(
        row.learner_id,
        group_id,
        starts_on=starts_on,
        trajectory_id=trajectory_id,
        statement_shown=statement_shown,
        despite=despite,
        by=by,
    )
    _end(row, WaitingEnd.PLACED, by)
    return made


def take_off_waiting_list(waiting_entry_id: UUID, *, reason: WaitingEnd, by: Actor) -> WaitingEntry:
    """Take a learner off the waiting list, and keep why. Raises NotFound; Invalid where she waits no more."""
    by.must(Permission.LEARNER_KEEP)
    row = _waiting(waiting_entry_id, by)
    get_within_reach(row.learner_id, by, lock=True)
    _end(row, reason, by)
    return row


def _waiting(waiting_entry_id: UUID, by: Actor) -> WaitingEntry:
    row = get_waiting(waiting_entry_id, by.scope, lock=True)
    if not row.is_waiting:
        raise Invalid("waiting", "waits_no_more")
    return row


def _end(row: WaitingEntry, reason: WaitingEnd, by: Actor) -> None:
    row.ended_on, row.end_reason = today(), reason
    session.flush()
    facts = {"reason": reason.value}
    subject = ("waiting_entry", row.id)
    audit.record("learners.waiting_ended", learner_id=row.learner_id, subject=subject, facts=facts, by=by)
