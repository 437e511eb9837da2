"""That a learner waits for a place in a course, and perhaps in one group of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index, String
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference, related
from portal.core.personal_data import by_account, personal, reaches_learner
from portal.courses.models import Course, LearnerGroup
from portal.learners.record.models import Learner

LONGEST_WISH = 200
"""How many characters a wish may have."""


class WaitingEnd(StrEnum):
    """Why somebody waits no more: a choice, so that nobody writes about anybody's health."""

    PLACED = "placed"
    WITHDRAWN = "withdrawn"
    ELSEWHERE = "elsewhere"
    UNREACHED = "unreached"
    MISTAKE = "mistake"
    OTHER = "other"


class WaitingEntry(SchoolOwned):
    """That a learner waits for a course since a day, and until when she did; at most once for a course at a time."""

    __tablename__ = "waiting_entry"
    __people__ = reaches_learner(staff=by_account("added_by"))
    __table_args__ = (
        Index(
            "uq_waiting_entry_current",
            "school_id",
            "learner_id",
            "course_id",
            unique=True,
            postgresql_where="ended_on is null",
        ),
        CheckConstraint("ended_on >= since_on", name="ends_after_start"),
        CheckConstraint("(ended_on is null) = (end_reason is null)", name="end_has_reason"),
    )

    learner_id: Mapped[UUID] = reference("learner", info=personal("trajectory"))
    course_id: Mapped[UUID] = reference("course", info=personal("trajectory"), ondelete=None)
    group_id: Mapped[UUID | None] = reference(
        "learner_group", info=personal("trajectory"), nullable=True, ondelete="SET NULL (group_id)"
    )
    since_on: Mapped[date] = mapped_column(info=personal("trajectory"))
    wish: Mapped[str | None] = mapped_column(String(LONGEST_WISH), info=personal("trajectory"))
    ended_on: Mapped[date | None] = mapped_column(info=personal("trajectory"))
    end_reason: Mapped[WaitingEnd | None] = one_of(WaitingEnd, info=personal("trajectory"), nullable=True)
    added_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="added_by"))
    added_by_name: Mapped[str] = mapped_column(String(200), info=personal("activity", of="added_by", identifies=True))
    added_at: Mapped[datetime] = mapped_column(info=personal("dealings"))

    learner: Mapped[Learner] = related("WaitingEntry", "Learner", "learner_id")
    course: Mapped[Course] = related("WaitingEntry", "Course", "course_id")
    group: Mapped[LearnerGroup | None] = related("WaitingEntry", "LearnerGroup", "group_id")

    @hybrid_property
    def is_waiting(self) -> bool:
        """Say whether she waits still."""
        return self.ended_on is None

    @is_waiting.inplace.expression
    @classmethod
    def _is_waiting(cls) -> ColumnElement[Any]:
        return cls.ended_on.is_(None)
