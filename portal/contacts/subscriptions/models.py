"""A yes to the newsletter, that a no to news of services was offered, and what keeps a no when nothing else is left."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Index, LargeBinary, String, UniqueConstraint, and_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import no_person, not_personal, personal, reaches

NEWSLETTER = "newsletter"
SERVICE_NEWS = "service_news"
"""The purposes of a policy for which mail goes to many at once."""


class Subscription(SchoolOwned):
    """That a contact asked for the newsletter, or was offered a no to news of services when she bought one herself.

    It counts from `confirmed_at`: when she opened the link in her mailbox, or when the office wrote down that she
    bought something and didn't say no. `text_shown` is the question, as it stood there in `language`: of news of
    services only where she said yes herself, to take back an earlier no.
    """

    __tablename__ = "subscription"
    __people__ = reaches(learner=None, representative=None, contact_person="contact_person_id", staff=None)
    __table_args__ = (
        Index(
            "uq_subscription_open",
            "school_id",
            "contact_person_id",
            "purpose",
            unique=True,
            postgresql_where="ended_at is null",
        ),
        Index("ix_subscription_purpose", "school_id", "purpose", postgresql_where="ended_at is null"),
    )

    contact_person_id: Mapped[UUID] = reference("contact_person", info=personal("newsletter"))
    purpose: Mapped[str] = mapped_column(String(60), info=personal("newsletter"))
    asked_at: Mapped[datetime] = mapped_column(info=personal("newsletter"))
    confirmed_at: Mapped[datetime | None] = mapped_column(info=personal("newsletter"))
    ended_at: Mapped[datetime | None] = mapped_column(info=personal("newsletter"))
    bought_on: Mapped[date | None] = mapped_column(info=personal("newsletter"))
    statement_version_id: Mapped[UUID | None] = mapped_column(info=not_personal())
    language: Mapped[str | None] = mapped_column(String(8), info=personal("newsletter"))
    text_shown: Mapped[str | None] = mapped_column(info=personal("newsletter"))

    @property
    def is_her_yes(self) -> bool:
        """Say whether she said yes herself; that a no was offered and not said is nobody's yes."""
        return self.purpose != SERVICE_NEWS or self.text_shown is not None

    @hybrid_property
    def is_open(self) -> bool:
        """Say whether nobody ended it, be it confirmed or not."""
        return self.ended_at is None

    @is_open.inplace.expression
    @classmethod
    def _is_open(cls) -> ColumnElement[bool]:
        return cls.ended_at.is_(None)

    @hybrid_property
    def is_in_force(self) -> bool:
        """Say whether she wants it now."""
        return self.confirmed_at is not None and self.ended_at is None

    @is_in_force.inplace.expression
    @classmethod
    def _is_in_force(cls) -> ColumnElement[bool]:
        return and_(cls.confirmed_at.is_not(None), cls.ended_at.is_(None))


class NewsRefusal(SchoolOwned):
    """That whoever has an address wants no mail for a purpose: a keyed digest of both, which outlasts her erasure.

    It tells nothing to whoever hasn't the address already, and the school's key.
    """

    __tablename__ = "news_refusal"
    __people__ = no_person("a keyed digest of an address: it keeps a no, and says not whose")
    __table_args__ = (UniqueConstraint("school_id", "digest", name="uq_news_refusal_digest"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal())
    refused_at: Mapped[datetime] = mapped_column(info=not_personal())
