"""Making the address for a calendar, anew or for the first time, and ending it."""

import secrets

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from portal.accounts.calendar_feeds.models import CalendarFeed
from portal.accounts.sessions.services import digest_of
from portal.core import audit
from portal.core.clock import now
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor


def renew_feed(*, by: Actor) -> str:
    """Give somebody a new address in place of any she had, and return its token: it is stored nowhere."""
    if by.account_id is None:
        raise NotFound("account")
    token = secrets.token_urlsafe(32)
    made = {"token_digest": digest_of(token), "made_at": now()}
    session.execute(
        insert(CalendarFeed)
        .values(account_id=by.account_id, **made)
        .on_conflict_do_update(index_elements=[CalendarFeed.school_id, CalendarFeed.account_id], set_=made)
    )
    record_ending(Ending.CALENDAR_FEED, by.account_id)
    audit.record("accounts.calendar_feed_made", subject=("account", by.account_id), by=by)
    return token


def end_feed(*, by: Actor) -> None:
    """Let an address for a calendar answer no more; where there is none nothing happens."""
    gone = session.execute(
        delete(CalendarFeed)
        .where(CalendarFeed.school_id == current_school_id(), CalendarFeed.account_id == by.account_id)
        .returning(CalendarFeed.id)
    ).all()
    if gone and by.account_id is not None:
        record_ending(Ending.CALENDAR_FEED, by.account_id)
        audit.record("accounts.calendar_feed_ended", subject=("account", by.account_id), by=by)
