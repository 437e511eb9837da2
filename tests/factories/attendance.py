"""Marks in a register, stored as they would be by a teacher, and what learners say beforehand."""

from typing import Any

from portal.attendance.models import AttendanceMark, Status
from portal.attendance.notices.models import AbsenceNotice
from portal.core.clock import now
from portal.core.db.session import session
from portal.courses.models import Lesson
from portal.learners.record.models import Learner


def make_mark(lesson: Lesson, learner: Learner, status: Status = Status.PRESENT, **values: Any) -> AttendanceMark:
    """Make the mark of a learner in a lesson; her minutes follow from the lesson unless given."""
    late, early = values.get("late_minutes", 0), values.get("early_minutes", 0)
    minutes = max(0, lesson.minutes - late - early) if status is Status.PRESENT else 0
    facts = {"minutes": minutes, "marked_by_name": "Sam de Vries", "marked_at": now(), **values}
    mark = AttendanceMark(lesson_id=lesson.id, learner_id=learner.id, status=status, **facts)
    session.add(mark)
    session.flush()
    return mark


def make_notice(lesson: Lesson, learner: Learner, **values: Any) -> AbsenceNotice:
    """Make what a learner said beforehand of a lesson that she can't come to."""
    facts = {"held_on": lesson.held_on, "starts_at": lesson.starts_at, "reported_at": now(), **values}
    notice = AbsenceNotice(lesson_id=lesson.id, learner_id=learner.id, **facts)
    session.add(notice)
    session.flush()
    return notice
