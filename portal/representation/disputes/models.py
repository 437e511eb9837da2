"""That two parents disagree about one thing for their child, and what was decided."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.db.periods import HasEnding
from portal.core.personal_data import by_account, personal, reaches


class DisputeSubject(StrEnum):
    """What sort of thing it is about."""

    CONSENT = "consent"
    CORRECTION = "correction"
    REQUEST = "request"


class Settlement(StrEnum):
    """How a dispute came to an end: both parents say the same, or a court decided."""

    AGREED = "agreed"
    COURT = "court"


class ParentalDispute(HasEnding, SchoolOwned):
    """What one parent wanted against what the other chose: a purpose, a field or a request (`topic`).

    What she wanted isn't stored. `is_allowed` says, once it ended, whether that may be chosen after all.
    """

    __tablename__ = "parental_dispute"
    __people__ = reaches(
        learner="learner_id",
        representative=(by_account("raised_by"), by_account("against")),
        contact_person=None,
        staff=by_account("settled_by"),
    )
    __table_args__ = (
        Index(
            "uq_parental_dispute_open",
            "school_id",
            "learner_id",
            "subject",
            "topic",
            unique=True,
            postgresql_where="ended_at is null",
        ),
        CheckConstraint("(ended_at is null) = (settlement is null)", name="ends_with_a_settlement"),
    )

    learner_id: Mapped[UUID] = reference("learner", info=personal("dealings"))
    subject: Mapped[DisputeSubject] = one_of(DisputeSubject, info=personal("dealings"))
    topic: Mapped[str] = mapped_column(String(80), info=personal("dealings"))
    raised_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    raised_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="raised_by"))
    against: Mapped[UUID | None] = mapped_column(info=personal("activity", of="against"))
    ended_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    settlement: Mapped[Settlement | None] = one_of(Settlement, info=personal("dealings"), nullable=True)
    is_allowed: Mapped[bool | None] = mapped_column(info=personal("dealings"))
    settled_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="settled_by"))
    settled_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="settled_by", identifies=True)
    )
