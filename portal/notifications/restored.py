"""What a restored database must not bring back of notifications: mails of the day to who wants none."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.accounts.models import Account
from portal.core.crypto.ledger import Ending, EndingsSince
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.restores.ports import AppliedAgain
from portal.core.restores.tries import Tried
from portal.notifications.daily_mails.models import DailyMail


def unsubscribe_again(ended: EndingsSince) -> int:
    """Switch the mail of the day off again, and return for how many."""
    ids = find_mailed(ended)
    for account_id in ids:
        kept = insert(DailyMail).values(account_id=account_id, is_off=True)
        key = [DailyMail.school_id, DailyMail.account_id]
        session.execute(kept.on_conflict_do_update(index_elements=key, set_={"is_off": True}))
    return len(ids)


def find_mailed(ended: EndingsSince) -> list[UUID]:
    """Return who gets the mail of the day though she switched it off since."""
    off = select(DailyMail.account_id).where(DailyMail.school_id == current_school_id(), DailyMail.is_off)
    wanted = select(Account.id).where(Account.school_id == current_school_id(), Account.id.not_in(off))
    return ended.among(Ending.UNSUBSCRIPTION, session.scalars(wanted).all())


AGAIN = (AppliedAgain(Ending.UNSUBSCRIPTION, unsubscribe_again),)
TRIED = (Tried(Ending.UNSUBSCRIPTION, "people who want no mail of the day get it", find_mailed),)
