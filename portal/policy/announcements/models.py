"""A new version that people hear of, and that somebody has read what it changes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ColumnElement, String, Text, UniqueConstraint, Uuid, and_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import by_account, not_personal, personal, reaches, reaches_account


class PolicyAnnouncement(SchoolOwned):
    """A version with what it changes, announced for a day, or put in force at once and told of after that.

    It keeps the file until that is a version. `mail_ids` are the mails that its notice asked for; `told_at` is when
    none of them waited any more and most had left: `mails` of them, and it stands on the pages of `readers` accounts.
    At most one waits for its day: who announces has the school's row.
    """

    __tablename__ = "policy_announcement"
    __people__ = reaches(
        learner=None,
        representative=None,
        contact_person=None,
        staff=(by_account("announced_by"), by_account("cancelled_by")),
    )
    __table_args__ = (
        CheckConstraint("in_force_at is null or cancelled_at is null", name="in_force_or_cancelled"),
        CheckConstraint("(in_force_at is null) = (version_id is null)", name="in_force_is_a_version"),
    )

    version: Mapped[str] = mapped_column(String(40), info=not_personal())
    source: Mapped[str] = mapped_column(Text, info=not_personal())
    parsed: Mapped[dict[str, Any]] = mapped_column(JSONB, info=not_personal())
    follows_id: Mapped[UUID] = reference("policy_version", ondelete=None)
    version_id: Mapped[UUID | None] = reference("policy_version", nullable=True, ondelete=None)
    in_force_on: Mapped[date] = mapped_column(info=not_personal())
    is_important: Mapped[bool] = mapped_column(info=not_personal())
    summary: Mapped[str | None] = mapped_column(String(1000), info=not_personal())
    asked_anew: Mapped[list[str]] = mapped_column(
        ARRAY(String(60)), server_default="{}", default=list, info=not_personal()
    )
    announced_at: Mapped[datetime] = mapped_column(info=not_personal())
    announced_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="announced_by"))
    announced_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("activity", of="announced_by", identifies=True)
    )
    mail_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid()), info=not_personal())
    told_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    mails: Mapped[int | None] = mapped_column(info=not_personal())
    readers: Mapped[int | None] = mapped_column(info=not_personal())
    in_force_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    cancelled_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    cancelled_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="cancelled_by"))
    cancelled_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="cancelled_by", identifies=True)
    )

    @property
    def not_delivered(self) -> int:
        """How many mails of its notice couldn't leave."""
        return len(self.mail_ids or ()) - (self.mails or 0) if self.mail_ids is not None else 0

    @hybrid_property
    def is_waiting(self) -> bool:
        """Whether it waits for its day."""
        return self.in_force_at is None and self.cancelled_at is None

    @is_waiting.inplace.expression
    @classmethod
    def _is_waiting(cls) -> ColumnElement[bool]:
        return and_(cls.in_force_at.is_(None), cls.cancelled_at.is_(None))

    @hybrid_property
    def is_being_told(self) -> bool:
        """Whether mails of its notice were asked for, and some wait to leave."""
        return self.mail_ids is not None and self.told_at is None and self.cancelled_at is None

    @is_being_told.inplace.expression
    @classmethod
    def _is_being_told(cls) -> ColumnElement[bool]:
        return and_(cls.mail_ids.is_not(None), cls.told_at.is_(None), cls.cancelled_at.is_(None))

    @hybrid_property
    def is_told(self) -> bool:
        """Whether its notice went out and still says what is so."""
        return self.told_at is not None and self.cancelled_at is None

    @is_told.inplace.expression
    @classmethod
    def _is_told(cls) -> ColumnElement[bool]:
        return and_(cls.told_at.is_not(None), cls.cancelled_at.is_(None))


class PolicyNoticeSeen(SchoolOwned):
    """That the holder of an account said that she read what a new version changes. It is no agreement (LB-05)."""

    __tablename__ = "policy_notice_seen"
    __people__ = reaches_account("account_id")
    __table_args__ = (UniqueConstraint("school_id", "announcement_id", "account_id", name="uq_policy_notice_seen"),)

    announcement_id: Mapped[UUID] = reference("policy_announcement")
    account_id: Mapped[UUID] = reference("account", info=personal("dealings"))
    seen_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
