"""Who may act for a learner: a parent of one under 16, or somebody she authorised, until a day (LB-11, LL-04)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ColumnElement, String, and_
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference, related
from portal.core.db.periods import HasEnding
from portal.core.personal_data import by_account, personal, reaches
from portal.learners.record.models import Learner


class RepresentativeKind(StrEnum):
    """Why somebody may act for a learner."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    AUTHORISED = "authorised"


def _is_valid_on(row: Any, day: Any) -> bool:
    return bool(row.is_in_force and row.starts_on <= day <= row.ends_on)


def _is_valid_on_in_sql(table: Any, day: Any) -> ColumnElement[bool]:
    return and_(table.is_in_force, table.starts_on <= day, table.ends_on >= day)


class Representative(HasEnding, SchoolOwned):
    """A recorded, ending authorisation to act for one learner."""

    __tablename__ = "representative"
    __people__ = reaches(
        learner="learner_id", representative="id", contact_person=None, staff=by_account("recorded_by")
    )
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)

    learner_id: Mapped[UUID] = reference("learner", info=personal("dealings"))
    account_id: Mapped[UUID | None] = reference(
        "account", info=personal("account", of="id"), nullable=True, ondelete="SET NULL (account_id)"
    )
    kind: Mapped[RepresentativeKind] = one_of(RepresentativeKind, info=personal("dealings"))
    name: Mapped[str] = mapped_column(String(200), info=personal("dealings", identifies=True))
    email: Mapped[str | None] = mapped_column(String(254), info=personal("dealings", identifies=True))
    proof: Mapped[str] = mapped_column(String(300), info=personal("dealings"))
    categories: Mapped[list[str]] = mapped_column(
        ARRAY(String(40)), server_default="{}", default=list, info=personal("dealings")
    )
    """Within what she may act: the categories that she sees and corrects; none here means all of them."""
    starts_on: Mapped[date] = mapped_column(info=personal("dealings"))
    ends_on: Mapped[date] = mapped_column(info=personal("dealings"))
    recorded_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="recorded_by"))
    recorded_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    ended_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))

    learner: Mapped[Learner] = related("Representative", "Learner", "learner_id")

    is_valid_on = hybrid_method(_is_valid_on, _is_valid_on_in_sql)
    """Whether she may act on a day: within the period, and nobody ended it."""
