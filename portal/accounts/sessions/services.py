"""Starting, renewing and ending sessions. The cookie holds a random token; the database only its digest.

Who works at the school is signed out after 12 hours at most, and after the school's idle time; so is anybody on a
shared machine. On her own phone a learner stays signed in for 30 days. There may be any number of sessions at once;
each is listed on the own page and can be ended there.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import insert, update

from portal.accounts.actors import holder_of
from portal.accounts.models import Account, AccountSession
from portal.core import audit
from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor

SHORT = timedelta(hours=12)
LONG = timedelta(days=30)
FRESH_MINUTES = 5
_TOKEN_BYTES = 32
_ADD = insert(AccountSession.__table__)  # type: ignore[arg-type]


class HasProved(Protocol):
    """Somebody signed in, who last proved who she is at a moment."""

    @property
    def authenticated_at(self) -> datetime:
        """When she last gave her password."""


def digest_of(token: str) -> bytes:
    """Return the digest by which a token is looked up."""
    return hashlib.sha256(token.encode()).digest()


def new_token() -> str:
    """Return a new random token of 256 bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def is_fresh(signed_in: HasProved, minutes: int = FRESH_MINUTES) -> bool:
    """Say whether she gave her password at most so many minutes ago."""
    return now() - signed_in.authenticated_at <= timedelta(minutes=minutes)


def start_session(
    account: Account,
    *,
    is_own_device: bool = False,
    has_second_factor: bool,
    ip_address: str | None,
    browser: str | None,
) -> str:
    """Start a session for an account that proved who it is; return its token, shown nowhere else.

    `is_own_device` makes it last 30 days; leave it out for staff.
    """
    token = new_token()
    moment = now()
    row = {
        "account_id": account.id,
        "token_digest": digest_of(token),
        "created_at": moment,
        "authenticated_at": moment,
        "expires_at": moment + (LONG if is_own_device else SHORT),
        "has_second_factor": has_second_factor,
        "is_own_device": is_own_device,
        "ip_address": ip_address,
        "browser": (browser or "")[:120] or None,
    }
    session.execute(_ADD, row)
    audit.record(
        "accounts.signed_in",
        subject=("account", account.id),
        facts={"second_factor": has_second_factor},
        by=holder_of(account),
    )
    return token


def renew_token(session_id: UUID, *, by: Actor, has_second_factor: bool = False) -> str:
    """Give a session a new token; the one before is worth nothing from now on.

    `has_second_factor` says that it was set up in it. When its holder last proved who she is stays as it was. Raises
    NotFound where the session has ended meanwhile.
    """
    token = new_token()
    row = _own_session(session_id, by)
    row.token_digest = digest_of(token)
    row.has_second_factor = row.has_second_factor or has_second_factor
    session.flush()
    return token


def renew_session(session_id: UUID, *, by: Actor, has_second_factor: bool) -> str:
    """Give a session a new token whose holder signed in anew in full: password, and code where she has a second step.

    It doesn't last longer for it. Nothing else lets a session count as signed in anew. Raises as `renew_token` does.
    """
    token = renew_token(session_id, by=by, has_second_factor=has_second_factor)
    row = _own_session(session_id, by)
    row.authenticated_at = now()
    session.flush()
    audit.record("accounts.signed_in_anew", subject=("account", row.account_id))
    return token


def _own_session(session_id: UUID, by: Actor) -> AccountSession:
    row = session.get(AccountSession, (current_school_id(), session_id))
    if row is None or not row.is_in_force or row.account_id != by.account_id:
        raise NotFound("session")
    return row


def end_session(session_id: UUID, *, by: Actor) -> None:
    """End one session of the own account; raises NotFound for another's. One that ended before stays as it is."""
    row = session.get(AccountSession, (current_school_id(), session_id))
    if row is None or row.account_id != by.account_id:
        raise NotFound("session")
    if row.is_in_force:
        row.ended_at = now()
        session.flush()
        audit.record("accounts.signed_out", subject=("account", row.account_id))


def end_sessions(account: Account, *, keep: UUID | None = None) -> int:
    """End every session of an account, but for `keep`; return how many ended."""
    statement = update(AccountSession).where(
        AccountSession.school_id == current_school_id(),
        AccountSession.account_id == account.id,
        AccountSession.is_in_force,
    )
    if keep is not None:
        statement = statement.where(AccountSession.id != keep)
    ended = session.execute(statement.values(ended_at=now()).returning(AccountSession.id)).all()
    if ended:
        audit.record("accounts.sessions_ended", subject=("account", account.id), facts={"ended": len(ended)})
    return len(ended)


def act_for(session_id: UUID, learner_id: UUID | None, *, by: Actor) -> None:
    """Let one's own session act for this learner from now on; None for the own record. Who may is up to the caller."""
    row = session.get(AccountSession, (current_school_id(), session_id))
    if row is None or row.account_id != by.account_id:
        raise NotFound("session")
    row.learner_id = learner_id
    session.flush()
