"""Who holds a session, with roles and the records within reach, in one statement."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    DateTime,
    LargeBinary,
    Row,
    ScalarSelect,
    Select,
    bindparam,
    func,
    not_,
    or_,
    select,
)

from portal.accounts.models import Account, AccountSession, ConfidentialityAcceptance, Membership
from portal.accounts.queries import current_membership
from portal.accounts.services.sessions import SHORT
from portal.core.access import Actor
from portal.core.clock import now, today
from portal.core.database import session
from portal.learners.ages import youngest_birth_date
from portal.learners.models import Learner, Representative, RepresentativeKind
from portal.permissions import Role, categories_changed, categories_seen, permissions_of


@dataclass(frozen=True)
class SignedIn:
    """A session in force: its token as Flask-Login keeps it, and who holds it."""

    token: str
    session_id: UUID
    actor: Actor
    language: str | None
    authenticated_at: datetime
    has_second_factor: bool
    has_totp: bool
    is_own_device: bool
    accepted: frozenset[str] = frozenset()
    own_learner_id: UUID | None = None
    represented: dict[UUID, str] = field(default_factory=dict)
    must_choose: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what Flask-Login puts in the cookie: the session's token."""
        return self.token


def actor_of(
    account_id: UUID, name: str, roles: frozenset[str], *, learner_id: UUID | None = None, represents: bool = False
) -> Actor:
    """Make the actor with what these roles may, see and change."""
    return Actor(
        account_id=account_id,
        name=name,
        roles=roles,
        permissions=permissions_of(roles),
        learner_id=learner_id,
        represents=represents,
        sees=categories_seen(roles),
        changes=categories_changed(roles),
    )


def _of_account(column: Any, *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(column).where(*conditions).scalar_subquery()


@lru_cache(maxsize=1)
def _statement() -> Select[*tuple[Any, ...]]:
    """Build the statement once: every page runs it, and building it takes longer than its answer."""
    day: BindParameter[date] = bindparam("day", type_=Date())
    youngest: BindParameter[date] = bindparam("youngest", type_=Date())
    roles = _of_account(
        func.array_agg(Membership.role),
        Membership.school_id == Account.school_id,
        Membership.account_id == Account.id,
        current_membership(day),
    )
    own = _of_account(
        Learner.id,
        Learner.school_id == Account.school_id,
        Learner.account_id == Account.id,
        or_(Learner.birth_date.is_(None), Learner.birth_date <= youngest),
    )
    name = func.concat_ws(" ", Learner.given_name, Learner.name_prefix, Learner.family_name)
    is_child = Learner.birth_date > youngest
    kinds_for_adults = (RepresentativeKind.AUTHORISED, RepresentativeKind.GUARDIAN)
    kinds_for_children = (RepresentativeKind.PARENT, RepresentativeKind.GUARDIAN)
    represented = (
        select(func.json_object_agg(Representative.learner_id, name))
        .join(Learner, (Learner.school_id == Representative.school_id) & (Learner.id == Representative.learner_id))
        .where(
            Representative.school_id == Account.school_id,
            Representative.account_id == Account.id,
            Representative.starts_on <= day,
            Representative.ends_on >= day,
            Representative.ended_at.is_(None),
            or_(Learner.birth_date.is_(None), Representative.kind.in_(kinds_for_adults), is_child),
            or_(Learner.birth_date.is_(None), Representative.kind.in_(kinds_for_children), not_(is_child)),
        )
        .scalar_subquery()
    )
    accepted = _of_account(
        func.array_agg(ConfidentialityAcceptance.text_version),
        ConfidentialityAcceptance.school_id == Account.school_id,
        ConfidentialityAcceptance.account_id == Account.id,
    )
    return (
        select(
            AccountSession.id,
            AccountSession.created_at,
            AccountSession.authenticated_at,
            AccountSession.has_second_factor,
            AccountSession.is_own_device,
            AccountSession.learner_id.label("chosen"),
            Account.id.label("account_id"),
            Account.name,
            Account.language,
            Account.totp_since,
            roles.label("roles"),
            own.label("own"),
            represented.label("represented"),
            accepted.label("accepted"),
        )
        .join(Account, (Account.school_id == AccountSession.school_id) & (Account.id == AccountSession.account_id))
        .where(
            AccountSession.token_digest == bindparam("digest", type_=LargeBinary()),
            AccountSession.ended_at.is_(None),
            AccountSession.expires_at > bindparam("moment", type_=DateTime(timezone=True)),
            Account.ended_at.is_(None),
        )
    )


def find_signed_in(token: str, token_digest: bytes) -> SignedIn | None:
    """Return who holds the session with this digest in this school, or None when it ended or never was.

    A learner under 16 has no account of her own, and an authorisation that has ended opens nothing (LB-11, LL-04).
    """
    given = {"digest": token_digest, "day": today(), "youngest": youngest_birth_date(), "moment": now()}
    row = session.execute(_statement(), given).one_or_none()
    return _signed_in(token, row) if row is not None else None


def _roles_in_force(row: Row[Any], represented: dict[UUID, str]) -> set[Role]:
    roles = {Role(role) for role in row.roles or ()}
    if row.own is None:
        roles.discard(Role.LEARNER)
    if not represented:
        roles.discard(Role.REPRESENTATIVE)
    return roles


def _signed_in(token: str, row: Row[Any]) -> SignedIn | None:
    represented = {UUID(key): name for key, name in sorted((row.represented or {}).items())}
    roles = _roles_in_force(row, represented)
    if Role.REPRESENTATIVE not in roles:
        represented = {}
    own: UUID | None = row.own if Role.LEARNER in roles else None
    whom, represents, must_choose = _whom(row.chosen, own, represented)
    actor = actor_of(
        row.account_id,
        row.name,
        frozenset(role.value for role in roles),
        learner_id=whom,
        represents=represents,
    )
    if not roles or (actor.is_staff and now() - row.created_at > SHORT):
        return None
    return SignedIn(
        token=token,
        session_id=row.id,
        actor=actor,
        language=row.language,
        authenticated_at=row.authenticated_at,
        has_second_factor=row.has_second_factor,
        has_totp=row.totp_since is not None,
        is_own_device=row.is_own_device and not actor.is_staff,
        accepted=frozenset(row.accepted or ()),
        own_learner_id=own,
        represented=represented,
        must_choose=must_choose,
    )


def _whom(chosen: UUID | None, own: UUID | None, represented: dict[UUID, str]) -> tuple[UUID | None, bool, bool]:
    """Return whose record is open, whether on her behalf, and whether the choice has still to be made."""
    if chosen in represented:
        return chosen, True, False
    if own is not None:
        return own, False, False
    if len(represented) == 1:
        return next(iter(represented)), True, False
    return None, bool(represented), bool(represented)
