"""Counting minutes anew when a lesson's times were changed."""

from uuid import UUID

from sqlalchemy import update

from portal.attendance.models import AttendanceMark
from portal.core import audit
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.courses.models import Lesson


def recount_minutes(lesson_id: UUID) -> int:
    """Let the marks of a lesson count by its times as they are now; return how many changed. Safe to run twice."""
    lesson = session.get(Lesson, (current_school_id(), lesson_id))
    if lesson is None:
        return 0
    minutes = AttendanceMark.contact_minutes(lesson.minutes)
    changed = session.scalars(
        update(AttendanceMark)
        .where(AttendanceMark.lesson_id == lesson.id, AttendanceMark.minutes != minutes)
        .values(minutes=minutes)
        .returning(AttendanceMark.learner_id),
        execution_options={"synchronize_session": False},
    ).all()
    if changed:
        audit.record("attendance.recounted", learner_ids=changed, subject=("lesson", lesson.id))
    return len(changed)
