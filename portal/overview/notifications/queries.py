"""What notifications are about, as far as whoever asks may see it today: names, lessons, groups."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select

from portal.attendance.notices.models import AbsenceNotice
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.courses.lessons.queries import LessonView, lesson_columns, lesson_view, with_group
from portal.courses.models import LearnerGroup, Lesson
from portal.courses.scope import reaches_group, reaches_lesson
from portal.learners.enrolments.models import Enrolment
from portal.learners.scope.queries import names_of_learners
from portal.notifications.models import Notification, NotificationKind
from portal.permissions import Permission
from portal.progress.appointments.models import Appointment
from portal.progress.appointments.queries import list_notified_appointments
from portal.signals.models import SignalKind
from portal.signals.queries import list_kinds

_OF_LESSONS = frozenset({NotificationKind.LESSON_CHANGED, NotificationKind.LESSON_TAKEN_OVER})
_OF_SIGNALS = frozenset({NotificationKind.SIGNAL_RAISED})
_OF_ABSENCES = frozenset({NotificationKind.ABSENCE_REPORTED, NotificationKind.ABSENCE_ANSWERED})


@dataclass(frozen=True)
class Subjects:
    """What notifications are about, by the id of the learner or the target; what is out of reach isn't there."""

    names: Mapping[UUID, str]
    lessons: Mapping[UUID, LessonView]
    groups: Mapping[UUID, str]
    appointments: Mapping[UUID, Appointment]
    signals: Mapping[UUID, SignalKind]


def list_subjects(notifications: Sequence[Notification], by: Actor) -> Subjects:
    """Return what these are about; six statements at most, however many there are."""

    def targets(kinds: Collection[NotificationKind]) -> list[UUID]:
        return [each.target_id for each in notifications if each.kind in kinds]

    learners = {each.learner_id for each in notifications if each.learner_id is not None} - {by.learner_id}
    return Subjects(
        names=names_of_learners(learners, by.scope) if by.is_staff else {},
        lessons=_lessons(targets(_OF_LESSONS), by) | _lessons_of_absences(targets(_OF_ABSENCES), by),
        groups=_group_names(targets({NotificationKind.GROUP_TAUGHT}), by),
        appointments=list_notified_appointments(notifications, by),
        signals=list_kinds(targets(_OF_SIGNALS), by.scope) if by.may(Permission.SIGNAL_VIEW) else {},
    )


def _in_reach(by: Actor) -> ColumnElement[bool]:
    """Say of `lesson` whether whoever asks reaches it, or comes to it herself, or who she acts for."""
    comes = exists().where(
        Enrolment.school_id == Lesson.school_id,
        Enrolment.group_id == Lesson.group_id,
        Enrolment.learner_id == by.learner_id,
        Enrolment.holds_on(Lesson.held_on),
    )
    return or_(reaches_lesson(by.scope), comes) if by.learner_id is not None else reaches_lesson(by.scope)


def _lessons(lesson_ids: Sequence[UUID], by: Actor) -> dict[UUID, LessonView]:
    if not lesson_ids:
        return {}
    statement = with_group(select(*lesson_columns()).select_from(Lesson)).where(
        Lesson.school_id == current_school_id(), Lesson.id.in_(lesson_ids), _in_reach(by)
    )
    found = [lesson_view(row) for row in session.execute(statement)]
    return {lesson.id: lesson for lesson in found}


def _lessons_of_absences(notice_ids: Sequence[UUID], by: Actor) -> dict[UUID, LessonView]:
    if not notice_ids:
        return {}
    of_lesson = and_(AbsenceNotice.school_id == Lesson.school_id, AbsenceNotice.lesson_id == Lesson.id)
    statement = (
        with_group(select(*lesson_columns(), AbsenceNotice.id.label("notice_id")).select_from(Lesson))
        .join(AbsenceNotice, of_lesson)
        .where(Lesson.school_id == current_school_id(), AbsenceNotice.id.in_(notice_ids), _in_reach(by))
    )
    return {row.notice_id: lesson_view(row) for row in session.execute(statement)}


def _group_names(group_ids: Sequence[UUID], by: Actor) -> dict[UUID, str]:
    if not group_ids:
        return {}
    statement = select(LearnerGroup.id, LearnerGroup.name).where(
        LearnerGroup.school_id == current_school_id(), LearnerGroup.id.in_(group_ids), reaches_group(by.scope)
    )
    return {row.id: row.name for row in session.execute(statement)}
