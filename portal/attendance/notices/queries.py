"""Reads of what learners said beforehand: of her own lessons, beside a row of a register, and in her record."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, exists, not_, select

from portal.attendance.models import AttendanceMark
from portal.attendance.notices.models import AbsenceNotice, AbsenceReason
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import read, session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.courses.lessons.queries import LessonView, lesson_columns, lesson_view, with_group
from portal.courses.models import Lesson
from portal.learners.enrolments.models import Enrolment
from portal.learners.scope.queries import reaches_learner
from portal.notifications.models import Notification, NotificationKind
from portal.policy.queries import current_policy

AHEAD = timedelta(days=14)
"""So far ahead a learner can say that she can't come."""


class Notice(NamedTuple):
    """What she said: why, as far as she chose to say so, and her own words."""

    reason: AbsenceReason | None
    note: str | None


def are_kept() -> bool:
    """Say whether this school's policy lets learners report an absence beforehand."""
    return current_policy().allows("absence_notice.reason")


def get_own_lesson(lesson_id: UUID, scope: Scope) -> LessonView:
    """Return a lesson of today or the two weeks to come of the learner of this scope; raises NotFound for any other."""
    enrolled = exists().where(
        Enrolment.school_id == Lesson.school_id,
        Enrolment.group_id == Lesson.group_id,
        Enrolment.learner_id == scope.get_own_learner_id(),
        Enrolment.holds_on(Lesson.held_on),
    )
    row = read(
        with_group(select(*lesson_columns()).select_from(Lesson)).where(
            Lesson.school_id == current_school_id(),
            Lesson.id == lesson_id,
            Lesson.held_on.between(today(), today() + AHEAD),
            enrolled,
        )
    ).one_or_none()
    if row is None:
        raise NotFound("lesson")
    return lesson_view(row)


def list_notices(learner_id: UUID, scope: Scope, *, first: date | None = None) -> Mapping[UUID, AbsenceNotice]:
    """Return by lesson what a learner within reach said of lessons that are still when they were; the earliest first.

    `first` is the day from which they are held.
    """
    statement = (
        select(AbsenceNotice)
        .join(Lesson, and_(Lesson.school_id == AbsenceNotice.school_id, Lesson.id == AbsenceNotice.lesson_id))
        .where(
            AbsenceNotice.school_id == current_school_id(),
            AbsenceNotice.learner_id == learner_id,
            AbsenceNotice.is_about(Lesson),
            reaches_learner(scope, AbsenceNotice.learner_id),
        )
        .order_by(AbsenceNotice.held_on, AbsenceNotice.starts_at, AbsenceNotice.id)
    )
    if first is not None:
        statement = statement.where(AbsenceNotice.held_on >= first)
    return {notice.lesson_id: notice for notice in session.scalars(statement)}


def notice_columns() -> tuple[Any, ...]:
    """Return the columns from which `notice_in` makes what was said, for a statement that joins `about_lesson`."""
    return AbsenceNotice.reported_at, cast(AbsenceNotice.reason, Text), AbsenceNotice.note


def about_lesson(learner_id: Any) -> ColumnElement[bool]:
    """Join what a learner said of `lesson` to her row; `learner_id` is a column."""
    return and_(
        AbsenceNotice.school_id == Lesson.school_id,
        AbsenceNotice.lesson_id == Lesson.id,
        AbsenceNotice.learner_id == learner_id,
        AbsenceNotice.is_about(Lesson),
    )


def notice_in(reported_at: Any, reason: str | None, note: str | None) -> Notice | None:
    """Make what was said of the values of `notice_columns`; None where nothing was."""
    if reported_at is None:
        return None
    return Notice(AbsenceReason(reason) if reason else None, note)


def list_newly_answered(*, since: date) -> dict[UUID, UUID]:
    """Return the notices of lessons since a day of whose absence the school said whether it was permitted.

    Those of which nobody was told: the ids of their learners, by their own.
    """
    mark = and_(
        AttendanceMark.school_id == AbsenceNotice.school_id,
        AttendanceMark.lesson_id == AbsenceNotice.lesson_id,
        AttendanceMark.learner_id == AbsenceNotice.learner_id,
    )
    was_told = exists().where(
        Notification.school_id == AbsenceNotice.school_id,
        Notification.target_id == AbsenceNotice.id,
        Notification.kind == NotificationKind.ABSENCE_ANSWERED,
    )
    statement = (
        select(AbsenceNotice.id, AbsenceNotice.learner_id)
        .join(AttendanceMark, mark)
        .where(
            AbsenceNotice.school_id == current_school_id(),
            AbsenceNotice.held_on >= since,
            AttendanceMark.is_authorised.is_not(None),
            not_(was_told),
        )
        .order_by(AbsenceNotice.id)
    )
    return {row.id: row.learner_id for row in session.execute(statement)}
