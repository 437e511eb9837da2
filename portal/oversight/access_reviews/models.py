"""A review of access as it was signed: whose roles, what became of each, and the measures that management attests.

The application may add and erase these rows, and change nothing in them but an erased signature.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import by_account, no_person, not_personal, personal, reaches
from portal.permissions import Role

SIGNED = "select, insert, delete"


class Measure(StrEnum):
    """What the school sees to itself, since no software can (LL-17)."""

    OFFICE = "office"
    CABINET = "cabinet"
    WIFI = "wifi"
    SCREENS = "screens"
    PAPER = "paper"
    UPDATES = "updates"


class AccessReview(SchoolOwned):
    """That somebody of the management went through who can reach what, and signed: how many roles, how many ended."""

    __tablename__ = "access_review"
    __people__ = reaches(learner=None, representative=None, contact_person=None, staff=by_account("signed_by"))
    __table_args__ = (
        Index("ix_access_review_signed_at", "school_id", "signed_at"),
        {"info": {"grants": f"{SIGNED}, update (signed_by, signed_by_name)"}},
    )

    signed_at: Mapped[datetime] = mapped_column(info=not_personal())
    signed_by: Mapped[UUID | None] = mapped_column(info=personal("account", of="signed_by"))
    signed_by_name: Mapped[str] = mapped_column(String(200), info=personal("account", of="signed_by", identifies=True))
    people: Mapped[int] = mapped_column(info=not_personal())
    roles: Mapped[int] = mapped_column(info=not_personal())
    ended: Mapped[int] = mapped_column(info=not_personal())


class ReviewedRole(SchoolOwned):
    """A role as somebody had it when a review was signed: what it opened, and whether it stayed or has a last day."""

    __tablename__ = "access_review_role"
    __people__ = reaches(learner=None, representative=None, contact_person=None, staff="account_id")
    __table_args__ = (
        UniqueConstraint("school_id", "review_id", "account_id", "role", name="uq_access_review_role"),
        CheckConstraint("is_kept or ends_on is not null", name="ended_on_a_day"),
        {"info": {"grants": SIGNED}},
    )

    review_id: Mapped[UUID] = reference("access_review")
    account_id: Mapped[UUID] = reference("account", info=personal("account"))
    name: Mapped[str] = mapped_column(String(200), info=personal("account", identifies=True))
    role: Mapped[Role] = one_of(Role, info=personal("account"))
    starts_on: Mapped[date] = mapped_column(info=personal("account"))
    is_kept: Mapped[bool] = mapped_column(info=personal("account"))
    ends_on: Mapped[date | None] = mapped_column(info=personal("account"))
    categories: Mapped[list[str]] = mapped_column(ARRAY(String(40)), info=not_personal())
    groups: Mapped[list[str]] = mapped_column(ARRAY(String(200)), info=personal("work"))
    coached: Mapped[int] = mapped_column(info=personal("work"))


class AttestedMeasure(SchoolOwned):
    """That a measure is in place, or isn't and what is done about it, as management attested it."""

    __tablename__ = "access_review_measure"
    __people__ = no_person("what the office is like; who attests it stands in the review")
    __table_args__ = (
        UniqueConstraint("school_id", "review_id", "measure", name="uq_access_review_measure"),
        CheckConstraint("is_in_place or note is not null", name="lacking_with_a_note"),
        {"info": {"grants": SIGNED}},
    )

    review_id: Mapped[UUID] = reference("access_review")
    measure: Mapped[Measure] = one_of(Measure, info=not_personal())
    is_in_place: Mapped[bool] = mapped_column(info=not_personal())
    note: Mapped[str | None] = mapped_column(String(500), info=not_personal())
