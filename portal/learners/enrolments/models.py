"""An enrolment: a learner in a group, from when until when."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, validates

from portal.core.db.base import SchoolOwned, one_of, reference, related
from portal.core.db.periods import HasPeriod
from portal.core.personal_data import not_personal, personal, reaches_learner
from portal.courses.models import LearnerGroup
from portal.learners.record.models import Learner, Originated


class EndReason(StrEnum):
    """Why somebody left a group: a choice, so that nobody writes about anybody's health."""

    FINISHED = "finished"
    STOPPED = "stopped"
    ELSEWHERE = "elsewhere"
    MISTAKE = "mistake"
    OTHER = "other"


class Enrolment(HasPeriod, Originated, SchoolOwned):
    """That a learner is in a group from a day, and perhaps until one (the last day counts)."""

    __tablename__ = "enrolment"
    __people__ = reaches_learner()
    __table_args__ = (
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("end_reason is null or ends_on is not null", name="reason_of_an_end"),
        Index("ix_enrolment_group_days", "school_id", "group_id", "starts_on", "ends_on"),
    )

    learner_id: Mapped[UUID] = reference("learner", info=personal("trajectory"))
    group_id: Mapped[UUID] = reference("learner_group", info=personal("trajectory"), ondelete=None)
    trajectory_id: Mapped[UUID | None] = reference(
        "trajectory", info=personal("trajectory"), nullable=True, ondelete="SET NULL (trajectory_id)"
    )
    starts_on: Mapped[date] = mapped_column(info=personal("trajectory"))
    ends_on: Mapped[date | None] = mapped_column(info=personal("trajectory"))
    end_reason: Mapped[EndReason | None] = one_of(EndReason, info=personal("trajectory"), nullable=True)
    statement_version_id: Mapped[UUID | None] = mapped_column(info=not_personal())
    statement_shown_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))

    learner: Mapped[Learner] = related("Enrolment", "Learner", "learner_id")
    group: Mapped[LearnerGroup] = related("Enrolment", "LearnerGroup", "group_id")

    @validates("ends_on")
    def _forget_reason(self, _name: str, ends_on: date | None) -> date | None:
        """Forget why she left where she doesn't leave."""
        if ends_on is None:
            self.end_reason = None
        return ends_on
