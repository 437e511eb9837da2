"""Starting and ending sessions. The cookie holds a random token; the database only its digest."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import update

from portal.accounts.models import Account, AccountSession
from portal.core import audit
from portal.core.clock import now
from portal.core.database import session

STAFF_DAYS = 1
LEARNER_DAYS = 30
_TOKEN_BYTES = 32


def digest_of(token: str) -> bytes:
    """Return the digest by which a token is looked up."""
    return hashlib.sha256(token.encode()).digest()


def start_session(
    account: Account, *, days: int, has_second_factor: bool, ip_address: str | None, browser: str | None
) -> str:
    """Start a session of `days` for an account that proved who it is; return its token, shown nowhere else."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    moment = now()
    row = AccountSession(
        account_id=account.id,
        token_digest=digest_of(token),
        created_at=moment,
        authenticated_at=moment,
        expires_at=moment + timedelta(days=days),
        has_second_factor=has_second_factor,
        ip_address=ip_address,
        browser=(browser or "")[:120] or None,
    )
    session.add(row)
    session.flush()
    audit.record("accounts.signed_in", subject=("account", account.id))
    return token


def end_sessions(account: Account, *, keep: AccountSession | None = None) -> int:
    """End every session of an account, but for `keep`; return how many ended."""
    statement = update(AccountSession).where(AccountSession.account_id == account.id, AccountSession.ended_at.is_(None))
    if keep is not None:
        statement = statement.where(AccountSession.id != keep.id)
    ended = session.execute(statement.values(ended_at=now()).returning(AccountSession.id)).all()
    audit.record("accounts.sessions_ended", subject=("account", account.id), facts={"ended": len(ended)})
    return len(ended)
