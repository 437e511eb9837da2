"""Saying beforehand that she can't come, and taking it back: hers alone, or whose representative does it for her."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as upsert

from portal.attendance.notices.models import LONGEST_NOTE, AbsenceNotice, AbsenceReason
from portal.attendance.notices.queries import are_kept, get_own_lesson, list_newly_answered
from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.health_terms import check_health_terms
from portal.core.http.access import Actor
from portal.courses.lessons.queries import LessonView, list_givers
from portal.learners.notifications.services import notify_learners
from portal.notifications.models import NotificationKind
from portal.notifications.services import Told, forget, notify
from portal.permissions import Permission

_ANSWERED_WITHIN = timedelta(days=28)
"""An answer to an absence from before that is no news."""


def report_absence(lesson_id: UUID, *, reason: AbsenceReason | None, note: str | None, by: Actor) -> None:
    """Store that she can't come to a lesson of hers; said again, the last counts. It changes nothing in the register.

    Raises NotFound, Conflict ("lesson_cancelled", "lesson_began") and Invalid: a note that is too long, or that tells
    of somebody's health.
    """
    lesson = get_reportable(lesson_id, by=by)
    note = (note or "").strip() or None
    if note is not None:
        _check_note(note)
    values = {"reason": reason, "note": note, "reported_at": now()}
    when = {"held_on": lesson.held_on, "starts_at": lesson.starts_at}
    statement = upsert(AbsenceNotice).values(
        lesson_id=lesson.id, learner_id=by.scope.get_own_learner_id(), **when, **values
    )
    statement = statement.on_conflict_do_update(constraint="uq_absence_notice_lesson_learner", set_=when | values)
    notice_id = session.execute(statement.returning(AbsenceNotice.id)).scalar_one()
    told = [Told(each, notice_id, learner_id=by.scope.get_own_learner_id()) for each in list_givers(lesson)]
    notify(NotificationKind.ABSENCE_REPORTED, told, by=by)
    _log("attendance.absence_reported", lesson, by)


def take_back(lesson_id: UUID, *, by: Actor) -> None:
    """Let what she said of a lesson be gone: she comes after all. Safe to repeat.

    Raises NotFound, and Conflict ("lesson_cancelled", "lesson_began").
    """
    lesson = get_reportable(lesson_id, by=by)
    gone = session.scalars(
        delete(AbsenceNotice)
        .where(
            AbsenceNotice.school_id == current_school_id(),
            AbsenceNotice.lesson_id == lesson.id,
            AbsenceNotice.learner_id == by.scope.get_own_learner_id(),
        )
        .returning(AbsenceNotice)
    )
    taken_back = gone.all()
    if taken_back:
        forget(NotificationKind.ABSENCE_REPORTED, taken_back)
        _log("attendance.absence_taken_back", lesson, by)


def tell_of_answers(*, by: Actor) -> int:
    """Tell learners that the school said of an absence that they reported whether it was permitted; once of each.

    Returns of how many absences.
    """
    answered = list_newly_answered(since=today() - _ANSWERED_WITHIN)
    for notice_id, learner_id in answered.items():
        notify_learners(NotificationKind.ABSENCE_ANSWERED, {learner_id: notice_id}, category="attendance", by=by)
    return len(answered)


def get_reportable(lesson_id: UUID, *, by: Actor) -> LessonView:
    """Return a lesson of hers of which she may say that she can't come.

    Raises NotFound, and Conflict ("lesson_cancelled", "lesson_began") where it is too late for that.
    """
    by.must(Permission.RECORD_OWN)
    by.scope.must_change("attendance")
    if not are_kept():
        raise NotFound("feature_off")
    lesson = get_own_lesson(lesson_id, by.scope)
    if lesson.is_cancelled:
        raise Conflict("lesson_cancelled")
    if lesson.begins <= now():
        raise Conflict("lesson_began")
    return lesson


def _check_note(note: str) -> None:
    if len(note) > LONGEST_NOTE:
        raise Invalid("note", "too_long", most=LONGEST_NOTE)
    check_health_terms("note", note)


def _log(event: str, lesson: LessonView, by: Actor) -> None:
    audit.record(event, learner_id=by.scope.get_own_learner_id(), subject=("lesson", lesson.id), by=by)
