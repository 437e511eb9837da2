"""Clearing away what no longer serves: sessions, with their internet addresses, and links, a while after their end."""

from datetime import timedelta

from sqlalchemy import delete

from portal.accounts.models import AccountSession, SignInLink
from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session

KEPT = timedelta(days=30)


def clear_old() -> int:
    """Delete sessions and links that ended or ran out more than 30 days ago; return how many."""
    before = now() - KEPT
    school_id = current_school_id()
    sessions = delete(AccountSession).where(
        AccountSession.school_id == school_id,
        (AccountSession.ended_at < before) | (AccountSession.expires_at < before),
    )
    links = delete(SignInLink).where(SignInLink.school_id == school_id, SignInLink.expires_at < before)
    gone = [session.execute(each.returning(each.table.c.id)).all() for each in (sessions, links)]
    return sum(len(rows) for rows in gone)
