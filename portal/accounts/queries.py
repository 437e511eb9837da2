"""Reads of accounts: by name, with roles, sessions, and the list of members."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Date,
    Row,
    ScalarSelect,
    Select,
    String,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
)

from portal.accounts.models import Account, AccountSession, LinkKind, Membership, SignInLink
from portal.accounts.passkeys.queries import has_passkeys
from portal.accounts.scope import must_reach_account
from portal.core.clock import now, today
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.digits import latin_digits
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.permissions import OUTSIDE, RESERVED, Role

STAFF_ROLES = tuple(role for role in Role if role not in OUTSIDE | RESERVED)


@dataclass(frozen=True)
class Found:
    """An account with the roles that it has today."""

    account: Account
    roles: frozenset[Role]
    has_passkey: bool

    @property
    def is_staff(self) -> bool:
        """Say whether she works at the school."""
        return not self.roles.isdisjoint(STAFF_ROLES)

    @property
    def asks_second_step(self) -> bool:
        """Say whether a password alone lets her in no further.

        So it is with codes of an app, and for who works at the school with a passkey. A learner's passkey takes the
        place of her password where she has it at hand; where she hasn't, she has the password.
        """
        return self.account.totp_since is not None or (self.has_passkey and self.is_staff)


@dataclass(frozen=True)
class Member:
    """A line of the list of members: how far she is with signing in, and her roles today or from a day to come."""

    id: UUID
    name: str
    email: str | None
    roles: tuple[Role, ...]
    has_password: bool
    has_second_factor: bool
    invited_until: datetime | None
    ended_at: datetime | None
    last_signed_in_at: datetime | None


MEMBER_ORDERS: Mapping[str, Callable[[Member], Any]] = {
    "name": lambda member: member.name.casefold(),
    "email": lambda member: (member.email or "").casefold(),
    "role": lambda member: [list(Role).index(role) for role in member.roles],
    "second-factor": lambda member: member.has_second_factor,
}
"""By what the list of members is sorted."""


def roles_on(day: date | BindParameter[date]) -> ScalarSelect[list[str] | None]:
    """Collect, within a statement on accounts, the roles that each has on a day."""
    hers = and_(Membership.school_id == Account.school_id, Membership.account_id == Account.id)
    roles = select(func.array_agg(Membership.role)).where(hers, Membership.holds_on(day))
    return roles.correlate(Account).scalar_subquery()


@lru_cache(maxsize=1)
def _with_roles() -> Select[Account, list[str] | None, bool]:
    """Build once what signing in runs each time; `day` is given when it runs."""
    day: BindParameter[date] = bindparam("day", type_=Date())
    return select(Account, roles_on(day), has_passkeys())


@lru_cache(maxsize=1)
def _by_name() -> Select[Account, list[str] | None, bool]:
    name: BindParameter[str] = bindparam("name", type_=String())
    named = or_(Account.email == name, func.lower(Account.sign_in_number) == name)
    return _with_roles().where(named, Account.is_in_force).limit(2)


def find_by_name(name: str) -> Found | None:
    """Return the account that signs in under this e-mail address or number, unless it has ended."""
    typed = latin_digits(name).strip()
    rows = session.execute(_by_name(), {"name": typed.lower(), "day": today()}).all()
    if len(rows) > 1:  # numbers that differ in capitals alone
        rows = [row for row in rows if row[0].sign_in_number == typed]
    if len(rows) != 1:
        return None
    return _found(rows[0])


def _found(row: Row[Account, list[str] | None, bool]) -> Found:
    account, roles, has_passkey = row
    return Found(account, frozenset(Role(role) for role in roles or ()), has_passkey)


def get_account(account_id: UUID, scope: Scope) -> Account:
    """Return an account of this school, within reach; raises NotFound."""
    must_reach_account(account_id, scope)
    account = session.get(Account, (current_school_id(), account_id))
    if account is None:
        raise NotFound("account")
    return account


def get_found(account: Account) -> Found:
    """Return an account with its roles, also one that has ended; raises NotFound."""
    row = session.execute(_with_roles().where(Account.id == account.id), {"day": today()}).one_or_none()
    if row is None:
        raise NotFound("account")
    return _found(row)


def find_by_email(email: str) -> Account | None:
    """Return the account in force with this e-mail address; None where there is none."""
    return session.scalar(select(Account).where(Account.email == email.strip().lower(), Account.is_in_force))


def is_name_taken(name: str, *, besides: Account) -> bool:
    """Say whether another account in force is signed in to by this e-mail address or number."""
    named = or_(Account.email == name.lower(), Account.sign_in_number == name)
    taken = select(Account.id).where(named, Account.is_in_force, Account.id != besides.id).limit(1)
    return session.scalar(taken) is not None


def find_by_emails(emails: Iterable[str]) -> dict[str, Account]:
    """Return the accounts in force with these e-mail addresses, by address."""
    wanted = [email.strip().lower() for email in emails]
    rows = session.scalars(select(Account).where(Account.email.in_(wanted), Account.is_in_force))
    return {row.email: row for row in rows if row.email}


def list_sessions(account_id: UUID, scope: Scope) -> list[AccountSession]:
    """Return the sessions of an account within reach that are in force, the newest first."""
    must_reach_account(account_id, scope)
    wanted = (
        select(AccountSession)
        .where(
            AccountSession.account_id == account_id,
            AccountSession.is_live(now()),
        )
        .order_by(AccountSession.authenticated_at.desc(), AccountSession.id)
    )
    return list(session.scalars(wanted))


def list_ended_sessions(account_id: UUID, scope: Scope) -> list[AccountSession]:
    """Return the sessions of an account within reach that are over, the newest first: as long as they are kept."""
    must_reach_account(account_id, scope)
    wanted = (
        select(AccountSession)
        .where(
            AccountSession.account_id == account_id,
            not_(AccountSession.is_live(now())),
        )
        .order_by(AccountSession.authenticated_at.desc(), AccountSession.id)
    )
    return list(session.scalars(wanted))


def _members() -> Select[Account, list[str] | None, datetime | None, datetime | None, bool]:
    roles = (
        select(func.array_agg(Membership.role))
        .where(
            Membership.school_id == Account.school_id,
            Membership.account_id == Account.id,
            Membership.role.in_(STAFF_ROLES),
            Membership.lasts_until(today()),
        )
        .scalar_subquery()
    )
    invited = (
        select(func.max(SignInLink.expires_at))
        .where(
            SignInLink.school_id == Account.school_id,
            SignInLink.account_id == Account.id,
            SignInLink.kind == LinkKind.INVITATION,
            SignInLink.used_at.is_(None),
        )
        .scalar_subquery()
    )
    seen = (
        select(func.max(AccountSession.authenticated_at))
        .where(AccountSession.school_id == Account.school_id, AccountSession.account_id == Account.id)
        .scalar_subquery()
    )
    ever = (
        select(Membership.id)
        .where(
            Membership.school_id == Account.school_id,
            Membership.account_id == Account.id,
            Membership.role.in_(STAFF_ROLES),
        )
        .exists()
    )
    second_factor = or_(Account.totp_since.is_not(None), has_passkeys())
    return select(Account, roles, invited, seen, second_factor).where(ever)


def _member(row: Row[Account, list[str] | None, datetime | None, datetime | None, bool]) -> Member:
    account, roles, invited, seen, has_second_factor = row
    held = {Role(role) for role in roles or ()}
    return Member(
        id=account.id,
        name=account.name,
        email=account.email,
        roles=tuple(role for role in STAFF_ROLES if role in held),
        has_password=account.password_hash is not None,
        has_second_factor=has_second_factor,
        invited_until=invited,
        ended_at=account.ended_at,
        last_signed_in_at=seen,
    )


def list_members(*, ended: bool = False) -> list[Member]:
    """Return who works at the school by name, in one statement; with `ended`, who did."""
    is_ended = not_(Account.is_in_force) if ended else Account.is_in_force
    rows = session.execute(_members().where(is_ended).order_by(func.lower(Account.name), Account.id))
    return [_member(row) for row in rows]


def get_member(account_id: UUID, scope: Scope) -> Member:
    """Return one member of staff, also one that has ended; raises NotFound, also for a learner's account."""
    must_reach_account(account_id, scope)
    row = session.execute(_members().where(Account.id == account_id)).one_or_none()
    if row is None:
        raise NotFound("account")
    return _member(row)


def list_staff_ids(account_ids: Collection[UUID], scope: Scope) -> Sequence[UUID]:
    """Return which of these accounts are of who works or worked at the school, by the roles that they have or had."""
    scope.must_reach_school("account")
    of_staff = select(Membership.account_id).where(
        among_ids(Membership.account_id, account_ids), Membership.role.not_in(OUTSIDE)
    )
    return session.scalars(of_staff.distinct()).all()


def count_managers(*, but: Member | None = None) -> int:
    """Return how many accounts can keep the members from today on, without an end in sight; leaving one out."""
    wanted = (
        select(func.count(func.distinct(Membership.account_id)))
        .join(Membership.account)
        .where(
            Membership.role == Role.MANAGEMENT,
            Membership.starts_on <= today(),
            Membership.is_open_ended,
            Account.is_in_force,
        )
    )
    if but is not None:
        wanted = wanted.where(Membership.account_id != but.id)
    return session.scalar(wanted) or 0


def has_role(account_id: UUID, role: Role, scope: Scope) -> bool:
    """Say whether an account has a role, today or from a day to come; raises NotFound where the scope isn't all."""
    scope.must_reach_school("account")
    held = select(Membership.id).where(
        Membership.account_id == account_id, Membership.role == role, Membership.lasts_until(today())
    )
    return session.scalar(held.limit(1)) is not None


def list_helpers() -> Sequence[Account]:
    """Return who works at the school and said what she can be asked about, by name."""
    helps = select_holders(STAFF_ROLES).where(Account.helps_with.is_not(None))
    return session.scalars(helps.order_by(func.lower(Account.name), Account.id)).all()


def select_holders(roles: Iterable[Role]) -> Select[Account]:
    """Build a select of the accounts in force that have one of these roles today."""
    holds = exists().where(
        Membership.school_id == Account.school_id,
        Membership.account_id == Account.id,
        Membership.role.in_(list(roles)),
        Membership.holds_on(today()),
    )
    return select(Account).where(Account.school_id == current_school_id(), Account.is_in_force, holds)
