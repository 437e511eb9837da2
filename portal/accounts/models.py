"""Accounts, their roles, sessions and secrets. An account belongs to one school."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index, LargeBinary, String, UniqueConstraint, and_, func, not_
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference, related
from portal.core.db.periods import HasEnding, HasExpiry, HasPeriod
from portal.core.personal_data import held_in, not_personal, personal, reaches, reaches_account
from portal.permissions import Role

_ACCOUNT = reaches_account("account_id")
NO_NUMBER = "_"
"""With this begins what stands for a number where an account has lost its address and nobody signs in by it."""


class Account(HasEnding, SchoolOwned):
    """Somebody who can sign in at one school: by e-mail, or by a learner's number where she has none.

    An account that has ended keeps its address and number; another one may have them from then on.

    `address_lost_at`: when a restored backup brought back an address that she had replaced since, which was taken away.

    `helps_with`: what a member of staff can be asked about, on the page *Hulp*, by `help_phone` where there is one.
    """

    __tablename__ = "account"
    __people__ = reaches(
        learner=held_in("learner.account_id"),
        representative=held_in("representative.account_id"),
        contact_person=held_in("contact_person.account_id"),
        staff="id",
    )
    __table_args__ = (
        Index("uq_account_email", "school_id", "email", unique=True, postgresql_where="ended_at is null"),
        Index(
            "uq_account_sign_in_number", "school_id", "sign_in_number", unique=True, postgresql_where="ended_at is null"
        ),
        CheckConstraint("email is not null or sign_in_number is not null", name="can_be_named"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    name: Mapped[str] = mapped_column(String(200), info=personal("account", identifies=True))
    email: Mapped[str | None] = mapped_column(String(254), info=personal("account", identifies=True))
    sign_in_number: Mapped[str | None] = mapped_column(String(20), info=personal("account", identifies=True))
    address_lost_at: Mapped[datetime | None] = mapped_column(info=personal("account"))
    password_hash: Mapped[str | None] = mapped_column(String(200), info=personal("account"))
    password_changed_at: Mapped[datetime | None] = mapped_column(info=personal("account"))
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary, info=personal("account"))
    totp_since: Mapped[datetime | None] = mapped_column(info=personal("account"))
    totp_last_step: Mapped[int | None] = mapped_column(info=personal("account"))
    language: Mapped[str | None] = mapped_column(String(5), info=personal("account"))
    helps_with: Mapped[str | None] = mapped_column(String(120), info=personal("work", of="id"))
    help_phone: Mapped[str | None] = mapped_column(String(20), info=personal("work", of="id", identifies=True))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), info=personal("account"))
    ended_at: Mapped[datetime | None] = mapped_column(info=personal("account"))

    @property
    def number_she_knows(self) -> str | None:
        """The number by which she signs in; None where she has none but what stands there for want of an address."""
        number = self.sign_in_number
        return None if number is None or number.startswith(NO_NUMBER) else number


class Membership(HasPeriod, SchoolOwned):
    """A role that an account has at its school, from a day and perhaps until one."""

    __tablename__ = "membership"
    __people__ = _ACCOUNT
    __table_args__ = (
        Index(
            "uq_membership_current", "school_id", "account_id", "role", unique=True, postgresql_where="ends_on is null"
        ),
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="ends_after_start"),
    )

    account_id: Mapped[UUID] = reference("account", info=personal("account"))
    role: Mapped[Role] = one_of(Role, info=personal("account"))
    starts_on: Mapped[date] = mapped_column(info=personal("account"))
    ends_on: Mapped[date | None] = mapped_column(info=personal("account"))

    account: Mapped[Account] = related("Membership", "Account", "account_id")


def _is_live(row: Any, moment: Any) -> bool:
    return bool(row.is_in_force and not row.has_expired(moment))


def _is_live_in_sql(table: Any, moment: Any) -> ColumnElement[bool]:
    return and_(table.is_in_force, not_(table.has_expired(moment)))


class AccountSession(HasExpiry, HasEnding, SchoolOwned):
    """A signed-in browser. The cookie holds a random token, this row its digest."""

    __tablename__ = "account_session"
    __people__ = reaches(
        learner=("account_id", "learner_id"),
        representative="account_id",
        contact_person="account_id",
        staff="account_id",
    )
    __seen_when_restricted__ = "its holder signs in all the same; the id says no more than whose record she chose"
    __table_args__ = (UniqueConstraint("school_id", "token_digest", name="uq_account_session_token_digest"),)

    account_id: Mapped[UUID] = reference("account", info=personal("account"))
    token_digest: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), info=personal("activity"))
    authenticated_at: Mapped[datetime] = mapped_column(info=personal("activity"))
    expires_at: Mapped[datetime] = mapped_column(info=not_personal())
    has_second_factor: Mapped[bool] = mapped_column(default=False, info=not_personal())
    is_own_device: Mapped[bool] = mapped_column(default=False, info=not_personal())
    learner_id: Mapped[UUID | None] = mapped_column(info=personal("activity", of="learner_id"))
    ip_address: Mapped[str | None] = mapped_column(String(45), info=personal("activity"))
    browser: Mapped[str | None] = mapped_column(String(120), info=personal("activity"))
    ended_at: Mapped[datetime | None] = mapped_column(info=personal("activity"))

    account: Mapped[Account] = related("AccountSession", "Account", "account_id")

    is_live = hybrid_method(_is_live, _is_live_in_sql)
    """Whether somebody is signed in by it at this moment: nobody ended it, and it hasn't expired."""


class RecoveryCode(SchoolOwned):
    """A code that stands in once for the second factor; only its digest is kept."""

    __tablename__ = "recovery_code"
    __people__ = _ACCOUNT

    account_id: Mapped[UUID] = reference("account", info=personal("account"))
    code_digest: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal())
    used_at: Mapped[datetime | None] = mapped_column(info=personal("account"))


class LinkKind(StrEnum):
    """What a link or printed code that was handed out does."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105
    NEW_EMAIL = "new_email"
    FIRST_CODE = "first_code"
    SECOND_STEP = "second_step"


def _is_usable(row: Any, moment: Any) -> bool:
    return bool(row.used_at is None and not row.has_expired(moment))


def _is_usable_in_sql(table: Any, moment: Any) -> ColumnElement[bool]:
    return and_(table.used_at.is_(None), not_(table.has_expired(moment)))


class SignInLink(HasExpiry, SchoolOwned):
    """A link by e-mail, a printed code, or the way to the second step: works once, until its hour; kept as a digest."""

    __tablename__ = "sign_in_link"
    __people__ = _ACCOUNT
    __table_args__ = (UniqueConstraint("school_id", "token_digest", name="uq_sign_in_link_token_digest"),)

    account_id: Mapped[UUID] = reference("account", info=personal("account"))
    kind: Mapped[LinkKind] = one_of(LinkKind, info=not_personal())
    token_digest: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal())
    new_email: Mapped[str | None] = mapped_column(String(254), info=personal("account", identifies=True))
    expires_at: Mapped[datetime] = mapped_column(info=not_personal())
    used_at: Mapped[datetime | None] = mapped_column(info=personal("account"))
    made_at: Mapped[datetime] = mapped_column(server_default=func.now(), info=not_personal())

    account: Mapped[Account] = related("SignInLink", "Account", "account_id")

    is_usable = hybrid_method(_is_usable, _is_usable_in_sql)
    """Whether it works at this moment: nobody used it, and it hasn't expired."""


class SavedView(SchoolOwned):
    """How somebody wants to find a list when she opens it: its filter and order, as the address has them."""

    __tablename__ = "saved_view"
    __people__ = _ACCOUNT
    __table_args__ = (UniqueConstraint("school_id", "account_id", "page", name="uq_saved_view_page"),)

    account_id: Mapped[UUID] = reference("account", info=personal("account"))
    page: Mapped[str] = mapped_column(String(60), info=not_personal())
    kept: Mapped[str] = mapped_column(String(500), info=personal("account"))
    saved_at: Mapped[datetime] = mapped_column(info=personal("account"))


class ConfidentialityAcceptance(SchoolOwned):
    """That a member of staff accepted the confidentiality duty: which text, when (LB-07)."""

    __tablename__ = "confidentiality_acceptance"
    __people__ = _ACCOUNT
    __table_args__ = (UniqueConstraint("school_id", "account_id", "text_version"),)

    account_id: Mapped[UUID] = reference("account", info=personal("account"))
    text_version: Mapped[str] = mapped_column(String(20), info=not_personal())
    language: Mapped[str] = mapped_column(String(5), info=not_personal())
    accepted_at: Mapped[datetime] = mapped_column(info=personal("account"))
