"""Who holds a session, with roles and the records within reach, in one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from portal.accounts.models import Account, AccountSession, Membership
from portal.core.access import Actor
from portal.core.clock import now, today
from portal.core.database import session
from portal.learners.models import Learner, Representative
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
    represented: tuple[UUID, ...]
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


def find_signed_in(token: str, token_digest: bytes) -> SignedIn | None:
    """Return who holds the session with this digest in this school, or None when it ended or never was."""
    day = today()
    current = (Membership.starts_on <= day) & ((Membership.ends_on.is_(None)) | (Membership.ends_on >= day))
    roles = (
        select(func.array_agg(Membership.role))
        .where(Membership.school_id == Account.school_id, Membership.account_id == Account.id, current)
        .scalar_subquery()
    )
    own = (
        select(Learner.id)
        .where(Learner.school_id == Account.school_id, Learner.account_id == Account.id)
        .scalar_subquery()
    )
    represented = (
        select(func.array_agg(Representative.learner_id))
        .where(
            Representative.school_id == Account.school_id,
            Representative.account_id == Account.id,
            Representative.starts_on <= day,
            Representative.ends_on >= day,
            Representative.ended_at.is_(None),
        )
        .scalar_subquery()
    )
    row = session.execute(
        select(
            AccountSession.id,
            AccountSession.authenticated_at,
            AccountSession.has_second_factor,
            AccountSession.learner_id.label("chosen"),
            Account.id.label("account_id"),
            Account.name,
            Account.language,
            Account.totp_since,
            roles.label("roles"),
            own.label("own"),
            represented.label("represented"),
        )
        .join(Account, (Account.school_id == AccountSession.school_id) & (Account.id == AccountSession.account_id))
        .where(
            AccountSession.token_digest == token_digest,
            AccountSession.ended_at.is_(None),
            AccountSession.expires_at > now(),
            Account.ended_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    return _signed_in(token, row)


def _signed_in(token: str, row: Row[Any]) -> SignedIn | None:
    facts = row._mapping
    represented = tuple(facts["represented"] or ())
    roles = {Role(role) for role in facts["roles"] or ()}
    if facts["own"] is None:
        roles.discard(Role.LEARNER)
    if not represented:
        roles.discard(Role.REPRESENTATIVE)
    if not roles:
        return None
    chosen = facts["chosen"]
    learner_id, represents = facts["own"], False
    if represented and (learner_id is None or chosen in represented):
        learner_id, represents = (chosen if chosen in represented else represented[0]), True
    return SignedIn(
        token=token,
        session_id=facts["id"],
        actor=actor_of(
            facts["account_id"],
            facts["name"],
            frozenset(role.value for role in roles),
            learner_id=learner_id,
            represents=represents,
        ),
        language=facts["language"],
        authenticated_at=facts["authenticated_at"],
        has_second_factor=facts["has_second_factor"],
        has_totp=facts["totp_since"] is not None,
        represented=represented,
    )
