"""Clearing away what no longer serves: sessions, with their internet addresses, and links, at the end of their term."""

from datetime import datetime

from sqlalchemy import delete, not_, update

from portal.accounts.models import AccountSession, SignInLink
from portal.accounts.passkeys.models import Passkey
from portal.core.clock import now, start_of, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.policy.queries import find_policy


def clear_old() -> int:
    """Delete sessions and links made longer ago than the policy keeps sign-in traces, and return how many (OP-03).

    A session that is still in force stays, without its internet address; a passkey stays, without when it was last
    used. Without a policy nothing goes.
    """
    policy = find_policy()
    if policy is None:
        return 0
    before = start_of(policy.activity_term.kept_since(today()))
    moment, school_id = now(), current_school_id()
    old = (AccountSession.school_id == school_id) & (AccountSession.created_at < before)
    over = not_(AccountSession.is_live(moment))
    gone = session.execute(delete(AccountSession).where(old, over).returning(AccountSession.id)).all()
    session.execute(update(AccountSession).where(old, AccountSession.ip_address.is_not(None)).values(ip_address=None))
    unused = (Passkey.school_id == school_id) & (Passkey.last_used_at < before)
    session.execute(update(Passkey).where(unused).values(last_used_at=None))
    return len(gone) + _clear_links(before, moment)


def _clear_links(before: datetime, moment: datetime) -> int:
    old = delete(SignInLink).where(
        SignInLink.school_id == current_school_id(), SignInLink.made_at < before, SignInLink.has_expired(moment)
    )
    return len(session.execute(old.returning(SignInLink.id)).all())
