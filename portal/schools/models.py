"""A school and the hosts it answers to. Not here: what it promises, which is its policy."""

from datetime import date, datetime
from enum import StrEnum
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, String, UniqueConstraint, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import Base, SchoolOwned, new_id, one_of
from portal.core.personal_data import no_person, not_personal


class HolidayRegion(StrEnum):
    """The part of the country whose school holidays a school keeps, where it said so."""

    NORTH = "north"
    MIDDLE = "middle"
    SOUTH = "south"


class School(Base):
    """A language school. Its own row is the only one it sees.

    Its sign-in rules may be stricter than its policy promises, never weaker: `idle_minutes_most` and
    `second_factor_least` are the policy's, put here when it is published: the database holds the rest to them.
    """

    __tablename__ = "school"
    __people__ = no_person("the school itself")
    __table_args__ = (
        CheckConstraint("hue between 0 and 360", name="hue"),
        CheckConstraint("chroma between 0 and 0.2", name="chroma"),
        CheckConstraint("idle_minutes between 5 and idle_minutes_most", name="idle_minutes"),
        CheckConstraint("daily_mail_hour between 0 and 21", name="daily_mail_hour"),
        CheckConstraint("notification_days between 7 and 365", name="notification_days"),
        CheckConstraint("retention_preview_days between 1 and 90", name="retention_preview_days"),
        CheckConstraint("retention_cap_people between 1 and 10000", name="retention_cap_people"),
        CheckConstraint("retention_cap_percent between 0 and 25", name="retention_cap_percent"),
        CheckConstraint("second_factor_least <@ second_factor_roles", name="second_factor_least"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id, info=not_personal())
    slug: Mapped[str] = mapped_column(String(60), unique=True, info=not_personal())
    name: Mapped[str] = mapped_column(String(120), info=not_personal())
    hue: Mapped[int] = mapped_column(default=155, info=not_personal())
    chroma: Mapped[float] = mapped_column(default=0.09, info=not_personal())
    logo: Mapped[bytes | None] = mapped_column(info=not_personal())
    logo_type: Mapped[str | None] = mapped_column(String(40), info=not_personal())
    look_version: Mapped[int] = mapped_column(default=1, info=not_personal())
    idle_minutes: Mapped[int] = mapped_column(default=60, info=not_personal())
    idle_minutes_most: Mapped[int] = mapped_column(default=720, server_default="720", info=not_personal())
    second_factor_roles: Mapped[list[str]] = mapped_column(
        ARRAY(String(40)), default=list, server_default=text("'{}'"), info=not_personal()
    )
    second_factor_least: Mapped[list[str]] = mapped_column(
        ARRAY(String(40)), default=list, server_default=text("'{}'"), info=not_personal()
    )
    uses_sublevels: Mapped[bool] = mapped_column(default=False, server_default=text("false"), info=not_personal())
    daily_mail_hour: Mapped[int] = mapped_column(default=7, server_default="7", info=not_personal())
    notification_days: Mapped[int] = mapped_column(default=90, server_default="90", info=not_personal())
    retention_preview_days: Mapped[int] = mapped_column(default=14, server_default="14", info=not_personal())
    retention_cap_people: Mapped[int] = mapped_column(default=50, server_default="50", info=not_personal())
    retention_cap_percent: Mapped[int] = mapped_column(default=5, server_default="5", info=not_personal())
    invoices_handed_until: Mapped[date | None] = mapped_column(info=not_personal())
    """Up to which day somebody said that the bookkeeping has the invoices, with the names."""
    shows_group_range: Mapped[bool] = mapped_column(default=False, server_default=text("false"), info=not_personal())
    takes_questions: Mapped[bool] = mapped_column(default=False, server_default=text("false"), info=not_personal())
    takes_enquiries: Mapped[bool] = mapped_column(default=False, server_default=text("false"), info=not_personal())
    takes_subscribers: Mapped[bool] = mapped_column(default=False, server_default=text("false"), info=not_personal())
    opening_hours: Mapped[str | None] = mapped_column(String(400), info=not_personal())
    holiday_region: Mapped[HolidayRegion | None] = one_of(HolidayRegion, nullable=True, info=not_personal())
    policy_version_id: Mapped[UUID | None] = mapped_column(Uuid, info=not_personal())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), info=not_personal())
    closed_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    """Since when nobody is served here any more: the school leaves, or left."""

    def retention_cap(self, people: int) -> int:
        """Return how many may go at the end of a term at once without somebody's word, where there are so many."""
        return max(self.retention_cap_people, ceil(people * self.retention_cap_percent / 100))

    leaving: Mapped[dict[str, Any] | None] = mapped_column(JSONB, info=not_personal())
    """How far it is with leaving, and in the end its certificate; it names nobody."""


class SchoolHost(SchoolOwned):
    """A host name at which a school answers; unique over the hosting, as host names are."""

    __tablename__ = "school_host"
    __people__ = no_person("the school's own address")
    __table_args__ = (UniqueConstraint("host", name="uq_school_host_host"),)

    host: Mapped[str] = mapped_column(String(253), info=not_personal())
    is_primary: Mapped[bool] = mapped_column(default=False, info=not_personal())
