"""A line of what happened: in words, about whom, and where it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for

from portal.core.http.access import Actor
from portal.core.http.languages import comma, written
from portal.notifications.labels import LESSON_CANCELLED, TITLES
from portal.notifications.models import Notification, NotificationKind
from portal.overview.notifications.queries import Subjects
from portal.permissions import Permission
from portal.signals.labels import KINDS

_K = NotificationKind
_OWN_PAGES: Mapping[NotificationKind, tuple[str, str]] = {
    _K.LESSON_CHANGED: ("overview.my_lessons", ""),
    _K.ABSENCE_ANSWERED: ("overview.my_attendance", ""),
    _K.EVALUATION_WAITS: ("progress.own_evaluation", "joint_evaluation_id"),
    _K.CORRECTION_ANSWERED: ("learners.own_corrections", ""),
    _K.RECORD_CHANGED: ("overview.my_data", ""),
    _K.PARENTS_DISAGREE: ("representation.disagreements", ""),
}
_STAFF_PAGES: Mapping[NotificationKind, tuple[str, str, Permission]] = {
    _K.LESSON_TAKEN_OVER: ("overview.my_week", "", Permission.WEEK_OWN),
    _K.GROUP_TAUGHT: ("courses.group", "group_id", Permission.TIMETABLE_VIEW),
    _K.ABSENCE_REPORTED: ("attendance.register", "lesson_id", Permission.REGISTER_KEEP),
    _K.REGISTERS_OPEN: ("attendance.open_registers", "", Permission.REGISTER_KEEP),
    _K.EVALUATION_WAITS: ("progress.joint_evaluation", "joint_evaluation_id", Permission.PROGRESS_VIEW),
    _K.APPOINTMENT_NEAR: ("learners.entries", "learner_id", Permission.LEARNER_VIEW),
    _K.APPOINTMENT_CHANGED: ("learners.entries", "learner_id", Permission.LEARNER_VIEW),
    _K.APPOINTMENT_CANCELLED: ("learners.entries", "learner_id", Permission.LEARNER_VIEW),
    _K.SIGNAL_RAISED: ("signals.signal", "signal_id", Permission.SIGNAL_VIEW),
    _K.PARENTS_DISAGREE: ("representation.dispute", "dispute_id", Permission.REQUEST_ENTER),
    _K.QUESTION_ASKED: ("contacts.questions", "", Permission.CONTACT_VIEW),
    _K.ERASURE_ANNOUNCED: ("retention.forecast", "", Permission.RETENTION_VIEW),
    _K.LEARNERS_GIVEN: ("overview.my_learners", "", Permission.CASELOAD_OWN),
    _K.COACH_STOOD_IN: ("overview.my_learners", "", Permission.CASELOAD_OWN),
}


@dataclass(frozen=True)
class Line:
    """What happened; `name` is whom it is about, where she may be seen and isn't the reader; `url` where it is.

    Without a `url` it is out of reach since, or was taken back.
    """

    id: UUID
    title: str
    name: str | None
    detail: str
    group: str | None
    url: str | None
    happened_at: datetime
    is_new: bool


def lines_of(
    notifications: Sequence[Notification], subjects: Subjects, represented: Mapping[UUID, str], by: Actor
) -> list[Line]:
    """Return what happened as lines, in their order; `represented` are the names of those whom she may act for."""
    return [_line(each, subjects, represented, by) for each in notifications]


def _line(each: Notification, subjects: Subjects, represented: Mapping[UUID, str], by: Actor) -> Line:
    lesson = subjects.lessons.get(each.target_id)
    is_off = lesson is not None and lesson.is_cancelled and each.kind is _K.LESSON_CHANGED
    is_own = each.learner_id is not None and each.learner_id == by.learner_id
    names = {**subjects.names, **represented}
    return Line(
        id=each.id,
        title=str(LESSON_CANCELLED if is_off else TITLES[each.kind]),
        name=None if each.learner_id is None or (is_own and not by.represents) else names.get(each.learner_id),
        detail=_detail(each, subjects),
        group=lesson.group_name if lesson is not None else subjects.groups.get(each.target_id),
        url=_own_url(each) if is_own else _url(each, subjects, represented, by),
        happened_at=each.happened_at,
        is_new=each.is_new,
    )


def _detail(each: Notification, subjects: Subjects) -> str:
    """Return when the lesson or appointment is, or what the signal asks about; nothing where there is none."""
    if each.target_id in subjects.signals:
        return str(KINDS[subjects.signals[each.target_id]])
    lesson, appointment = subjects.lessons.get(each.target_id), subjects.appointments.get(each.target_id)
    if lesson is not None:
        return comma().join([written("weekday", lesson.held_on), written("time", lesson.starts_at)])
    return written("datetime", appointment.starts_at) if appointment is not None else ""


def _own_url(each: Notification) -> str | None:
    """Return the page of the own record that shows it."""
    endpoint, argument = _OWN_PAGES.get(each.kind, ("overview.my_lessons", ""))
    return _address(endpoint, argument, each.target_id)


def _url(each: Notification, subjects: Subjects, represented: Mapping[UUID, str], by: Actor) -> str | None:
    """Return the page at work that shows it; of somebody else whom she acts for, the one where she chooses her."""
    if each.learner_id in represented:
        return url_for("representation.choose_whom")
    endpoint, argument, permission = _STAFF_PAGES.get(each.kind, ("", "", Permission.NOTIFICATION_OWN))
    is_out_of_reach = each.learner_id is not None and each.learner_id not in subjects.names
    if not endpoint or not by.may(permission) or is_out_of_reach:
        return None
    if argument == "lesson_id":
        lesson = subjects.lessons.get(each.target_id)
        return _address(endpoint, argument, lesson.id) if lesson is not None else None
    if argument == "learner_id" and each.learner_id is not None:
        return _address(endpoint, argument, each.learner_id)
    if argument == "group_id" and each.target_id not in subjects.groups:
        return None
    return _address(endpoint, argument, each.target_id)


def _address(endpoint: str, argument: str, target_id: UUID) -> str:
    values: dict[str, Any] = {argument: target_id} if argument else {}
    return url_for(endpoint, **values)
