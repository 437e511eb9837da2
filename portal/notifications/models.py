"""That something happened for somebody. It holds a kind and ids, no names: those are read when it is shown."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Index
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import not_personal, personal, reaches


class NotificationKind(StrEnum):
    """What happened, each with what its target is."""

    LESSON_CHANGED = "lesson_changed"
    """A lesson that she comes to was moved, cancelled or put back: the lesson."""
    LESSON_TAKEN_OVER = "lesson_taken_over"
    """She is to give a lesson for another: the lesson."""
    GROUP_TAUGHT = "group_taught"
    """She is to teach a group: the group."""
    ABSENCE_REPORTED = "absence_reported"
    """A learner said beforehand that she can't come: the absence notice."""
    ABSENCE_ANSWERED = "absence_answered"
    """The school said of an absence that she reported whether it was permitted: the absence notice."""
    EVALUATION_WAITS = "evaluation_waits"
    """An evaluation waits for her to fill in or agree to: the evaluation."""
    SIGNAL_RAISED = "signal_raised"
    """Something asks attention of a learner whom she coaches: the signal."""
    LEARNERS_GIVEN = "learners_given"
    """Learners were given to her to coach: the entry of the audit in which they were given at once."""
    COACH_STOOD_IN = "coach_stood_in"
    """She stands in for another coach: the substitution."""
    REGISTERS_OPEN = "registers_open"
    """The office reminds her of registers that are open: her account."""
    APPOINTMENT_NEAR = "appointment_near"
    """An appointment is tomorrow: the appointment."""
    APPOINTMENT_CHANGED = "appointment_changed"
    """An appointment was made, or is at another time or place: the appointment."""
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    """An appointment is cancelled: the appointment that was."""
    CORRECTION_ANSWERED = "correction_answered"
    """The school answered what she proposed or contested: the correction."""
    NAME_GIVEN = "name_given"
    """A learner reads her name now, who asked which member of staff looked: the request."""
    PARENTS_DISAGREE = "parents_disagree"
    """Two parents chose otherwise for their child, or that was settled: the dispute."""
    QUESTION_ASKED = "question_asked"
    """Somebody asked the school something on its public page: the message."""
    RECORD_CHANGED = "record_changed"
    """Who acts for a learner changed or proposed something for her: the learner."""
    ERASURE_ANNOUNCED = "erasure_announced"
    """Old data goes from a day on, and the school can look whose it is: the run."""


class Notification(SchoolOwned):
    """What happened for the holder of an account; `learner_id` is whom it is about, where it is about one learner.

    `has_own_mail` says that a mail of its own told her, so that the daily one needn't. What happens again before she
    saw it is one notification, of the last time.
    """

    __tablename__ = "notification"
    __people__ = reaches(
        learner=("account_id", "learner_id"),
        representative="account_id",
        contact_person="account_id",
        staff="account_id",
    )
    __table_args__ = (
        Index("ix_notification_account_id", "school_id", "account_id", "happened_at"),
        Index("ix_notification_target_id", "school_id", "target_id"),
        Index(
            "uq_notification_unseen",
            "school_id",
            "account_id",
            "kind",
            "target_id",
            unique=True,
            postgresql_where="seen_at is null",
        ),
    )

    account_id: Mapped[UUID] = reference("account", info=personal("dealings"))
    kind: Mapped[NotificationKind] = one_of(NotificationKind, info=personal("dealings"))
    target_id: Mapped[UUID] = mapped_column(info=not_personal())
    learner_id: Mapped[UUID | None] = reference("learner", info=personal("dealings"), nullable=True)
    happened_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    seen_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    has_own_mail: Mapped[bool] = mapped_column(default=False, info=not_personal())

    @hybrid_property
    def is_new(self) -> bool:
        """Say whether its holder hasn't seen it yet."""
        return self.seen_at is None

    @is_new.inplace.expression
    @classmethod
    def _is_new(cls) -> ColumnElement[bool]:
        return cls.seen_at.is_(None)
