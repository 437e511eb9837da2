"""A consent, given or refused, with what was shown for it, and a withdrawal with its steps."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference, related
from portal.core.db.periods import HasEnding
from portal.core.personal_data import by_account, not_personal, personal, reaches


class Consent(HasEnding, SchoolOwned):
    """That a learner said yes or no to one purpose: text, version and language shown, by whom.

    At most one yes is in force. A no is over in the moment in which it was said.
    """

    __tablename__ = "consent"
    __people__ = reaches(
        learner="learner_id", representative=by_account("given_by"), contact_person=None, staff=by_account("given_by")
    )
    __table_args__ = (
        Index(
            "uq_consent_in_force",
            "school_id",
            "learner_id",
            "purpose",
            unique=True,
            postgresql_where="ended_at is null",
        ),
        CheckConstraint("is_yes or ended_at is not null", name="no_is_never_in_force"),
        Index("ix_consent_purpose", "school_id", "purpose", "learner_id", postgresql_where="ended_at is null"),
    )

    learner_id: Mapped[UUID] = reference("learner", info=personal("consent"))
    purpose: Mapped[str] = mapped_column(String(60), info=personal("consent"))
    is_yes: Mapped[bool] = mapped_column(default=True, server_default=true(), info=personal("consent"))
    given_at: Mapped[datetime] = mapped_column(info=personal("consent"))
    given_by: Mapped[UUID | None] = mapped_column(info=personal("consent", of="given_by"))
    given_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("consent", of=("learner_id", "given_by"), identifies=True)
    )
    is_by_representative: Mapped[bool] = mapped_column(default=False, info=personal("consent"))
    statement_version_id: Mapped[UUID] = mapped_column(info=not_personal())
    language: Mapped[str] = mapped_column(String(5), info=personal("consent"))
    text_shown: Mapped[str] = mapped_column(Text, info=personal("consent"))
    ended_at: Mapped[datetime | None] = mapped_column(info=personal("consent"))
    ended_by_version_id: Mapped[UUID | None] = mapped_column(info=not_personal())
    """The version of the policy that changed what it was a yes to, and so ended it; none where somebody did."""

    is_ended_at_sixteen: Mapped[bool] = mapped_column(default=False, server_default=false(), info=personal("consent"))
    """Whether a parent gave it and the learner turned 16 since, so that it is hers to give."""

    @property
    def has_lapsed(self) -> bool:
        """Say whether a new version of the policy or her sixteenth birthday ended it, so that it is asked anew."""
        return self.ended_by_version_id is not None or self.is_ended_at_sixteen


class StepState(StrEnum):
    """How far a step of a withdrawal is."""

    WAITING = "waiting"
    DONE = "done"
    KEPT = "kept"


class Withdrawal(SchoolOwned):
    """A withdrawn consent being carried out by the worker (LB-09, LL-05)."""

    __tablename__ = "withdrawal"
    __people__ = reaches(
        learner="learner_id", representative=by_account("asked_by"), contact_person=None, staff=by_account("asked_by")
    )
    __table_args__ = (UniqueConstraint("school_id", "consent_id", name="uq_withdrawal_consent"),)

    learner_id: Mapped[UUID] = reference("learner", info=personal("consent"))
    consent_id: Mapped[UUID] = reference("consent", info=personal("consent"))
    purpose: Mapped[str] = mapped_column(String(60), info=personal("consent"))
    asked_at: Mapped[datetime] = mapped_column(info=personal("consent"))
    asked_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="asked_by"))
    done_at: Mapped[datetime | None] = mapped_column(info=personal("consent"))
    job_id: Mapped[UUID | None] = mapped_column(info=not_personal())

    consent: Mapped[Consent] = related("Withdrawal", "Consent", "consent_id")


class WithdrawalStep(SchoolOwned):
    """One thing that a withdrawal brings about, and when it was done."""

    __tablename__ = "withdrawal_step"
    __people__ = reaches(learner="withdrawal_id", representative=None, contact_person=None, staff=None)
    __table_args__ = (UniqueConstraint("school_id", "withdrawal_id", "kind", "subject", name="uq_withdrawal_step"),)

    withdrawal_id: Mapped[UUID] = reference("withdrawal", info=personal("consent"))
    position: Mapped[int] = mapped_column(info=not_personal())
    kind: Mapped[str] = mapped_column(String(40), info=personal("consent"))
    subject: Mapped[str] = mapped_column(String(80), default="", info=personal("consent"))
    state: Mapped[StepState] = one_of(StepState, info=personal("consent"))
    facts: Mapped[dict[str, object]] = mapped_column(JSONB, default=dict, info=not_personal())
    done_at: Mapped[datetime | None] = mapped_column(info=personal("consent"))
