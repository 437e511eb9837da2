"""The versions of a school's policy, kept as they were published."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned
from portal.core.personal_data import by_account, not_personal, personal, reaches


class PolicyVersion(SchoolOwned):
    """A published policy: the file as it was, and the whole that it meant. Never changed: a consent can cite it."""

    __tablename__ = "policy_version"
    __people__ = reaches(
        learner=None,
        representative=None,
        contact_person=None,
        staff=by_account("published_by"),
        kept_because="a consent cites the version as it was published",
    )
    __table_args__ = (
        UniqueConstraint("school_id", "version", name="uq_policy_version_version"),
        {"info": {"grants": "select, insert"}},
    )

    version: Mapped[str] = mapped_column(String(40), info=not_personal())
    in_force_on: Mapped[date] = mapped_column(info=not_personal())
    source: Mapped[str] = mapped_column(Text, info=not_personal())
    parsed: Mapped[dict[str, Any]] = mapped_column(JSONB, info=not_personal())
    is_important: Mapped[bool] = mapped_column(default=False, info=not_personal())
    summary: Mapped[str | None] = mapped_column(String(1000), info=not_personal())
    published_at: Mapped[datetime] = mapped_column(info=not_personal())
    published_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="published_by"))
    published_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("activity", of="published_by", identifies=True)
    )
