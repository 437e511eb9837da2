"""What a learner has to do or know now, from what is stored: her next lesson, changed lessons, answers she got."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import Row, and_, exists, func, select

from portal.accounts.models import Account
from portal.attendance.notices.models import AbsenceNotice
from portal.attendance.notices.queries import AHEAD, are_kept, list_notices
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import read, session
from portal.core.http.scope import Scope
from portal.courses.lessons.queries import LessonView, lesson_columns, lesson_view, with_group
from portal.courses.models import GroupTeacher, Lesson, TimetableSlot
from portal.learners.corrections.queries import OwnAnswer, list_recent_answers
from portal.learners.enrolments.models import Enrolment
from portal.learners.waiting_list.queries import WaitingLine, list_waiting_of
from portal.progress.appointments.models import Appointment
from portal.progress.appointments.queries import find_next_appointment
from portal.progress.evaluations.models import JointEvaluation
from portal.progress.evaluations.queries import list_unagreed

_NEXT = timedelta(days=28)
_ANSWERED = timedelta(days=14)
_MOST = 5


@dataclass(frozen=True)
class ChangedLesson:
    """A lesson that is cancelled, or isn't when the timetable says (`was_on`, `was_at`)."""

    lesson: LessonView
    was_on: date
    was_at: time


@dataclass(frozen=True)
class OwnTasks:
    """What she has to do or know now. `lesson` is the one she has now or next, with who gives it.

    `notices` are, by lesson, those of which she said that she can't come; until `reports_until` she can say so.
    """

    lesson: LessonView | None
    teachers: Sequence[str]
    changed: Sequence[ChangedLesson]
    answers: Sequence[OwnAnswer]
    evaluations: Sequence[JointEvaluation]
    appointment: Appointment | None
    waiting: Sequence[WaitingLine]
    notices: Mapping[UUID, AbsenceNotice]
    reports_until: date | None

    @property
    def is_today(self) -> bool:
        """Say whether that lesson is today's."""
        return self.lesson is not None and self.lesson.held_on == today()

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to do now: no lesson today, no appointment, nothing changed or to read."""
        return not (self.is_today or self.changed or self.answers or self.evaluations or self.appointment)


def get_own_tasks(scope: Scope) -> OwnTasks:
    """Return what the learner of this scope has to do or know now, as far as it shows that; eight statements."""
    learner_id, sees_lessons = scope.get_own_learner_id(), "attendance" in scope.sees
    rows = _lessons_about_now(scope) if sees_lessons else []
    lesson = next((each for each in map(lesson_view, rows) if not each.is_cancelled and each.ends > now()), None)
    return OwnTasks(
        lesson=lesson,
        teachers=_teachers_of(lesson, scope) if lesson is not None else (),
        changed=[found for row in rows if (found := _change_in(row)) is not None][:_MOST],
        answers=list_recent_answers(scope, since=now() - _ANSWERED)[:_MOST],
        evaluations=list_unagreed(scope)[:_MOST],
        appointment=find_next_appointment(scope, within=_NEXT),
        waiting=list_waiting_of(learner_id, scope),
        notices=list_notices(learner_id, scope, first=today()) if sees_lessons else {},
        reports_until=today() + AHEAD if sees_lessons and are_kept() else None,
    )


def _lessons_about_now(scope: Scope) -> Sequence[Row[tuple[object, ...]]]:
    """Return the lessons of the four weeks to come, or that were to be in them, in the order in which they are held."""
    enrolled = exists().where(
        Enrolment.school_id == Lesson.school_id,
        Enrolment.group_id == Lesson.group_id,
        Enrolment.learner_id == scope.get_own_learner_id(),
        Enrolment.holds_on(Lesson.held_on),
    )
    slot = and_(TimetableSlot.school_id == Lesson.school_id, TimetableSlot.id == Lesson.slot_id)
    planned = func.coalesce(Lesson.slot_on, Lesson.held_on)
    statement = (
        with_group(select(*lesson_columns(), Lesson.slot_on, TimetableSlot.starts_at.label("slot_at")))
        .outerjoin(TimetableSlot, slot)
        .where(
            Lesson.school_id == current_school_id(),
            func.greatest(planned, Lesson.held_on) >= today(),
            func.least(planned, Lesson.held_on) <= today() + _NEXT,
            enrolled,
        )
        .order_by(Lesson.held_on, Lesson.starts_at, Lesson.id)
    )
    return read(statement).all()


def _change_in(row: Row[tuple[object, ...]]) -> ChangedLesson | None:
    """Return how a lesson of the two weeks to come differs from the timetable; None where it doesn't, or is over.

    Of a lesson that no timetable made it isn't stored when it was before.
    """
    lesson = lesson_view(row)
    was_on, was_at = row.slot_on or lesson.held_on, row.slot_at or lesson.starts_at
    is_moved = (was_on, was_at) != (lesson.held_on, lesson.starts_at)
    soon = min(was_on, lesson.held_on) <= today() + AHEAD
    if not soon or not (lesson.is_cancelled or is_moved) or (lesson.is_cancelled and lesson.ends <= now()):
        return None
    return ChangedLesson(lesson, was_on, was_at)


def _teachers_of(lesson: LessonView, scope: Scope) -> Sequence[str]:
    """Return who gives a lesson of hers: who takes it over, else who teaches the group that day, by name."""
    if lesson.substitute_name is not None:
        return [lesson.substitute_name]
    hers = exists().where(
        Enrolment.school_id == GroupTeacher.school_id,
        Enrolment.group_id == GroupTeacher.group_id,
        Enrolment.learner_id == scope.get_own_learner_id(),
    )
    statement = (
        select(Account.name)
        .distinct()
        .join(GroupTeacher, and_(GroupTeacher.school_id == Account.school_id, GroupTeacher.account_id == Account.id))
        .where(
            GroupTeacher.school_id == current_school_id(),
            GroupTeacher.group_id == lesson.group_id,
            GroupTeacher.holds_on(lesson.held_on),
            hers,
        )
        .order_by(Account.name)
    )
    return session.scalars(statement).all()
