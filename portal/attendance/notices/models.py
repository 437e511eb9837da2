"""That a learner said beforehand that she can't come to a lesson."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, UniqueConstraint, and_
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import personal, reaches_learner

LONGEST_NOTE = 200
"""How many characters a note may have."""


class AbsenceReason(StrEnum):
    """Why she can't come, as far as a school may ask: nothing of anybody's health (GDPR art. 9)."""

    WORK = "work"
    CARE = "care"
    APPOINTMENT = "appointment"
    OTHER = "other"


def _is_about(notice: Any, lesson: Any) -> bool:
    return bool(notice.held_on == lesson.held_on and notice.starts_at == lesson.starts_at)


def _is_about_in_sql(table: Any, lesson: Any) -> ColumnElement[bool]:
    return and_(table.held_on == lesson.held_on, table.starts_at == lesson.starts_at)


class AbsenceNotice(SchoolOwned):
    """A lesson that a learner can't come to, as she or who represents her said before it began.

    `held_on` and `starts_at` are when the lesson was then: once it is moved, it says nothing of the lesson any more.
    One that is taken back is gone.
    """

    __tablename__ = "absence_notice"
    __people__ = reaches_learner()
    __table_args__ = (
        UniqueConstraint("school_id", "lesson_id", "learner_id", name="uq_absence_notice_lesson_learner"),
    )

    lesson_id: Mapped[UUID] = reference("lesson", info=personal("attendance"))
    learner_id: Mapped[UUID] = reference("learner", info=personal("attendance"))
    held_on: Mapped[date] = mapped_column(info=personal("attendance"))
    starts_at: Mapped[time] = mapped_column(info=personal("attendance"))
    reason: Mapped[AbsenceReason | None] = one_of(AbsenceReason, info=personal("attendance"), nullable=True)
    note: Mapped[str | None] = mapped_column(String(LONGEST_NOTE), info=personal("attendance"))
    reported_at: Mapped[datetime] = mapped_column(info=personal("attendance"))

    is_about = hybrid_method(_is_about, _is_about_in_sql)
    """Whether the lesson is still when it was as she said so."""
