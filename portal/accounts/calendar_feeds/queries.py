"""Reads of the addresses for calendars."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, select

from portal.accounts.calendar_feeds.models import CalendarFeed
from portal.accounts.models import Account
from portal.accounts.queries import roles_on
from portal.accounts.sessions.services import digest_of
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import read, session
from portal.core.http.access import Actor


class Holder(NamedTuple):
    """Whose calendar asks: her account and the roles that she has today."""

    account_id: UUID
    name: str
    roles: frozenset[str]


def made_at(by: Actor) -> datetime | None:
    """Return since when somebody has an address for her calendar, or None."""
    return session.scalar(
        select(CalendarFeed.made_at).where(
            CalendarFeed.school_id == current_school_id(), CalendarFeed.account_id == by.account_id
        )
    )


def find_holder(token: str) -> Holder | None:
    """Return whose address holds this token; None for one that was renewed or ended, or whose account is no longer."""
    statement = (
        select(Account.id, Account.name, roles_on(today()).label("roles"))
        .join(CalendarFeed, and_(CalendarFeed.school_id == Account.school_id, CalendarFeed.account_id == Account.id))
        .where(
            CalendarFeed.school_id == current_school_id(),
            CalendarFeed.token_digest == digest_of(token),
            Account.is_in_force,
        )
    )
    row = read(statement).one_or_none()
    if row is None:
        return None
    return Holder(row.id, row.name, frozenset(str(role) for role in row.roles or ()))
