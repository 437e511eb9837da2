"""The school's rules for signals, and the signals that were raised by them with what each rests on."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index, String, UniqueConstraint, and_, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import by_account, no_person, not_personal, personal, reaches_learner


class SignalKind(StrEnum):
    """What a signal asks attention for."""

    LOW_ATTENDANCE = "low_attendance"
    ABSENT_IN_A_ROW = "absent_in_a_row"
    NOT_SEEN = "not_seen"
    NO_CONTACT = "no_contact"
    HOURS_RUNNING_OUT = "hours_running_out"
    LEVEL_MISSING = "level_missing"


class SignalAnswer(StrEnum):
    """What a person did with a signal."""

    CALLED = "called"
    SPOKE = "spoke"
    WAIT = "wait"
    NO_GROUND = "no_ground"


class SignalRule(SchoolOwned):
    """From where on a school wants to hear of something: a percentage, a number of lessons, days or hours, by kind."""

    __tablename__ = "signal_rule"
    __people__ = no_person("what the school wants to be asked about")
    __table_args__ = (
        UniqueConstraint("school_id", "kind", name="uq_signal_rule_kind"),
        CheckConstraint("threshold between 1 and 1000", name="threshold"),
    )

    kind: Mapped[SignalKind] = one_of(SignalKind, info=not_personal())
    threshold: Mapped[int] = mapped_column(info=not_personal())
    is_on: Mapped[bool] = mapped_column(default=True, info=not_personal())


class Signal(SchoolOwned):
    """A question about one learner. It is open until a person answers it, or what it rests on is no longer so.

    `facts` are the numbers and days that it rests on, as last worked out at `seen_at`. After an answer the same
    question isn't asked again until the day after `quiet_until`.
    """

    __tablename__ = "signal"
    __people__ = reaches_learner(staff=by_account("answered_by"))
    __table_args__ = (
        Index(
            "uq_signal_open",
            "school_id",
            "learner_id",
            "kind",
            unique=True,
            postgresql_where=text("answered_at is null and ended_at is null"),
        ),
        Index("ix_signal_raised_at", "school_id", "raised_at"),
        CheckConstraint("(answer is null) = (answered_at is null)", name="answer_has_moment"),
        CheckConstraint("(answer is null) = (quiet_until is null)", name="answer_has_day"),
    )

    learner_id: Mapped[UUID] = reference("learner", info=personal("attendance"))
    kind: Mapped[SignalKind] = one_of(SignalKind, info=personal("attendance"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, info=personal("attendance"))
    raised_at: Mapped[datetime] = mapped_column(info=personal("attendance"))
    seen_at: Mapped[datetime] = mapped_column(info=personal("attendance"))
    ended_at: Mapped[datetime | None] = mapped_column(info=personal("attendance"))
    answer: Mapped[SignalAnswer | None] = one_of(SignalAnswer, info=personal("attendance"), nullable=True)
    quiet_until: Mapped[date | None] = mapped_column(info=personal("attendance"))
    answered_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="answered_by"))
    answered_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="answered_by", identifies=True)
    )
    answered_at: Mapped[datetime | None] = mapped_column(info=personal("attendance"))

    @hybrid_property
    def is_open(self) -> bool:
        """Say whether it waits for an answer."""
        return self.answered_at is None and self.ended_at is None

    @is_open.inplace.expression
    @classmethod
    def _is_open(cls) -> ColumnElement[bool]:
        return and_(cls.answered_at.is_(None), cls.ended_at.is_(None))
