"""That a coach has a learner, and that a coach stands in for another: each from a day until perhaps another."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models import Account
from portal.core.db.base import SchoolOwned, reference, related
from portal.core.db.periods import HasPeriod
from portal.core.personal_data import by_account, personal, reaches, reaches_learner


class Coaching(HasPeriod, SchoolOwned):
    """That a learner has a coach from a day, and perhaps until one (the last day counts); at most one on a day."""

    __tablename__ = "coaching"
    __people__ = reaches_learner(staff=("account_id", by_account("given_by")))
    __table_args__ = (
        UniqueConstraint("school_id", "learner_id", "starts_on", name="uq_coaching_starts_on"),
        Index("uq_coaching_current", "school_id", "learner_id", unique=True, postgresql_where="ends_on is null"),
        Index("ix_coaching_coach", "school_id", "account_id", "ends_on"),
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="ends_after_start"),
    )

    learner_id: Mapped[UUID] = reference("learner", info=personal("trajectory"))
    account_id: Mapped[UUID] = reference("account", info=personal("trajectory"))
    starts_on: Mapped[date] = mapped_column(info=personal("trajectory"))
    ends_on: Mapped[date | None] = mapped_column(info=personal("trajectory"))
    given_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="given_by"))
    given_by_name: Mapped[str] = mapped_column(String(200), info=personal("activity", of="given_by", identifies=True))
    given_at: Mapped[datetime] = mapped_column(info=personal("dealings"))

    account: Mapped[Account] = related("Coaching", "Account", "account_id")


class CoachSubstitute(HasPeriod, SchoolOwned):
    """That a coach sees and works on the list of another, from a day until a day: while she is ill or away."""

    __tablename__ = "coach_substitute"
    __people__ = reaches(learner=None, representative=None, contact_person=None, staff=("account_id", "coach_id"))
    __table_args__ = (
        UniqueConstraint("school_id", "account_id", "coach_id", "starts_on", name="uq_coach_substitute_starts_on"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )

    account_id: Mapped[UUID] = reference("account", info=personal("work"))
    coach_id: Mapped[UUID] = reference("account", info=personal("work"))
    starts_on: Mapped[date] = mapped_column(info=personal("work"))
    ends_on: Mapped[date] = mapped_column(info=personal("work"))

    account: Mapped[Account] = related("CoachSubstitute", "Account", "account_id")
    coach: Mapped[Account] = related("CoachSubstitute", "Account", "coach_id")
