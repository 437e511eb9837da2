"""Marks in a register and what stood there before. No mark is *nog niet ingevuld*: there is no row."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    case,
    func,
)
from sqlalchemy.ext.hybrid import hybrid_method, hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference, related
from portal.core.personal_data import by_account, not_personal, personal, reaches_learner
from portal.courses.models import Lesson


class Status(StrEnum):
    """What a mark says; late and left-early minutes stand beside *present*."""

    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"


_ABSENCES = (Status.ABSENT, Status.EXCUSED)


def _contact_minutes(mark: Any, lesson_minutes: int) -> int:
    if mark.status is not Status.PRESENT:
        return 0
    return max(0, lesson_minutes - int(mark.late_minutes or 0) - int(mark.early_minutes))


def _contact_minutes_in_sql(table: Any, lesson_minutes: Any) -> ColumnElement[int]:
    rest = func.greatest(0, lesson_minutes - func.coalesce(table.late_minutes, 0) - table.early_minutes)
    return case((table.status == Status.PRESENT, rest), else_=0)


class HasStatus:
    """What is true of a mark, as stored or as a value: `status`, `late_minutes`, `early_minutes`.

    No `late_minutes` beside *present*: she came late, and nobody said how many; they cost no hours until somebody does.
    In a statement a learner without a mark has no status: an outer join gives her row empty columns.
    """

    contact_minutes = hybrid_method(_contact_minutes, _contact_minutes_in_sql)
    """The minutes that count for hours: the lesson without its break, less late and early; never below 0."""

    @hybrid_property
    def is_open(self: Any) -> bool:
        """Say whether nothing is filled in yet."""
        return self.status is None

    @is_open.inplace.expression
    @classmethod
    def _is_open(cls: Any) -> ColumnElement[bool]:
        expression: ColumnElement[bool] = cls.status.is_(None)
        return expression

    @hybrid_property
    def is_present(self: Any) -> bool:
        """Say whether she was there, on time or not."""
        return bool(self.status == Status.PRESENT)

    @is_present.inplace.expression
    @classmethod
    def _is_present(cls: Any) -> ColumnElement[bool]:
        expression: ColumnElement[bool] = cls.status == Status.PRESENT
        return expression

    @hybrid_property
    def is_late(self: Any) -> bool:
        """Say whether she came late, by a number of minutes or by one that nobody gave yet."""
        return bool(self.is_present and self.late_minutes != 0)

    @is_late.inplace.expression
    @classmethod
    def _is_late(cls: Any) -> ColumnElement[bool]:
        return and_(cls.status == Status.PRESENT, cls.late_minutes.is_distinct_from(0))

    @hybrid_property
    def is_absence(self: Any) -> bool:
        """Say whether she wasn't there, with word beforehand or without."""
        return self.status in _ABSENCES

    @is_absence.inplace.expression
    @classmethod
    def _is_absence(cls: Any) -> ColumnElement[bool]:
        expression: ColumnElement[bool] = cls.status.in_(_ABSENCES)
        return expression


class AttendanceMark(HasStatus, SchoolOwned):
    """What the register says of one learner in one lesson; `minutes` are her contact minutes.

    `is_authorised` says of an absence whether it was *geoorloofd* (Besluit inburgering 2021, 4.4), never why; it is
    empty until somebody says so.
    `version` grows with each change and never comes back, not even when a mark is taken away and made anew: it is
    the moment in milliseconds. `step_id` names the act that stored the mark, so that the act can be taken back.
    """

    __tablename__ = "attendance_mark"
    __people__ = reaches_learner(staff=by_account("marked_by"))
    __table_args__ = (
        UniqueConstraint("school_id", "lesson_id", "learner_id", name="uq_attendance_mark_lesson_learner"),
        Index("ix_attendance_mark_learner_lesson", "school_id", "learner_id", "lesson_id"),
        CheckConstraint("late_minutes >= 0 and early_minutes >= 0 and minutes >= 0", name="minutes_not_negative"),
        CheckConstraint(
            "status = 'present' or (late_minutes is not distinct from 0 and early_minutes = 0 and minutes = 0)",
            name="minutes_when_present",
        ),
        CheckConstraint("is_authorised is null or status <> 'present'", name="authorised_when_absent"),
    )

    lesson_id: Mapped[UUID] = reference("lesson", info=personal("attendance"), ondelete=None)
    learner_id: Mapped[UUID] = reference("learner", info=personal("attendance"))
    status: Mapped[Status] = one_of(Status, info=personal("attendance"))
    late_minutes: Mapped[int | None] = mapped_column(default=0, info=personal("attendance"))
    early_minutes: Mapped[int] = mapped_column(default=0, info=personal("attendance"))
    is_authorised: Mapped[bool | None] = mapped_column(info=personal("attendance"))
    minutes: Mapped[int] = mapped_column(info=personal("attendance"))
    version: Mapped[int] = mapped_column(BigInteger, default=1, info=not_personal())
    step_id: Mapped[UUID | None] = mapped_column(info=not_personal())
    source: Mapped[str] = mapped_column(String(20), default="school", info=personal("attendance"))
    marked_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="marked_by"))
    marked_by_name: Mapped[str] = mapped_column(String(200), info=personal("activity", of="marked_by", identifies=True))
    marked_at: Mapped[datetime] = mapped_column(info=personal("attendance"))

    lesson: Mapped[Lesson] = related("AttendanceMark", "Lesson", "lesson_id", viewonly=True)


class MarkChange(SchoolOwned):
    """What a mark said before it was changed and after, with who and why. An empty status: there was no mark."""

    __tablename__ = "mark_change"
    __people__ = reaches_learner(staff=by_account("changed_by"))
    __table_args__ = (
        Index("ix_mark_change_step_id", "school_id", "step_id"),
        CheckConstraint(
            "old_is_authorised is null or (old_status is not null and old_status <> 'present')",
            name="old_authorised_when_absent",
        ),
        CheckConstraint(
            "new_is_authorised is null or (new_status is not null and new_status <> 'present')",
            name="new_authorised_when_absent",
        ),
    )

    lesson_id: Mapped[UUID] = reference("lesson", info=personal("attendance"), ondelete=None)
    learner_id: Mapped[UUID] = reference("learner", info=personal("attendance"))
    old_status: Mapped[Status | None] = one_of(Status, info=personal("attendance"), nullable=True, check="old_status")
    old_late_minutes: Mapped[int | None] = mapped_column(default=0, info=personal("attendance"))
    old_early_minutes: Mapped[int] = mapped_column(default=0, info=personal("attendance"))
    old_is_authorised: Mapped[bool | None] = mapped_column(info=personal("attendance"))
    new_status: Mapped[Status | None] = one_of(Status, info=personal("attendance"), nullable=True, check="new_status")
    new_late_minutes: Mapped[int | None] = mapped_column(default=0, info=personal("attendance"))
    new_early_minutes: Mapped[int] = mapped_column(default=0, info=personal("attendance"))
    new_is_authorised: Mapped[bool | None] = mapped_column(info=personal("attendance"))
    step_id: Mapped[UUID | None] = mapped_column(info=not_personal())
    reason: Mapped[str | None] = mapped_column(Text, info=personal("attendance"))
    changed_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="changed_by"))
    changed_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("activity", of="changed_by", identifies=True)
    )
    changed_at: Mapped[datetime] = mapped_column(info=personal("attendance"))
