"""Who is to get the mail of the day, and who wants it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, exists, func, not_, or_, select

from portal.accounts.models import Account, Membership
from portal.core.clock import start_of, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.notifications.daily_mails.models import DailyMail
from portal.notifications.models import Notification


class Reader(NamedTuple):
    """To whom a mail goes, in which language, and how much is new since the last one."""

    account_id: UUID
    email: str
    language: str | None
    number: int


def is_wanted(by: Actor) -> bool:
    """Say whether somebody gets the mail of the day: unless she switched it off."""
    is_off = session.scalar(
        select(DailyMail.is_off).where(
            DailyMail.school_id == current_school_id(), DailyMail.account_id == by.account_id
        )
    )
    return not is_off


def list_readers() -> list[Reader]:
    """Return who got no mail today, wants it, can be reached, and has something new since the last one.

    What a mail of its own told of doesn't count.
    """
    has_role = exists().where(
        Membership.school_id == Account.school_id, Membership.account_id == Account.id, Membership.holds_on(today())
    )
    since = and_(Notification.school_id == Account.school_id, Notification.account_id == Account.id)
    mail = and_(DailyMail.school_id == Account.school_id, DailyMail.account_id == Account.id)
    statement = (
        select(Account.id, Account.email, Account.language, func.count())
        .join(Notification, since)
        .outerjoin(DailyMail, mail)
        .where(
            Account.school_id == current_school_id(),
            Account.is_in_force,
            Account.email.is_not(None),
            has_role,
            Notification.is_new,
            not_(Notification.has_own_mail),
            not_(func.coalesce(DailyMail.is_off, False)),
            or_(
                DailyMail.last_sent_at.is_(None),
                and_(DailyMail.last_sent_at < _today_began(), Notification.happened_at > DailyMail.last_sent_at),
            ),
        )
        .group_by(Account.school_id, Account.id)
        .order_by(Account.id)
    )
    rows = session.execute(statement)
    return [Reader(account_id, email, language, number) for account_id, email, language, number in rows if email]


def _today_began() -> datetime:
    return start_of(today())
