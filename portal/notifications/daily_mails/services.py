"""Sending the mail of the day, once to each, and switching it off and on."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.accounts.actors import holder_of
from portal.accounts.invitations.links import address_of
from portal.accounts.models import Account
from portal.core import audit, mail
from portal.core.clock import local, now
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.notifications.daily_mails.links import make_token, read_token
from portal.notifications.daily_mails.models import DailyMail
from portal.notifications.daily_mails.queries import is_wanted, list_readers
from portal.policy.queries import current_policy
from portal.schools.queries import current_school, get_school

_HOURS = 3
"""For so long from the school's hour on the mails go out: later is no morning any more, and the next day brings one."""


def send_daily() -> int:
    """Mail whoever has something new that there is, in the hours that the school chose; return to how many.

    Nobody gets two on one day. The mail says how much there is, never what.
    """
    hour = get_school().daily_mail_hour
    if not hour <= local(now()).hour < hour + _HOURS:
        return 0
    readers, purpose = list_readers(), current_policy().purpose_of_messages()
    for reader in readers:
        off = address_of(f"/meldingen/mail-uit/{make_token(reader.account_id)}")
        mail.send(
            reader.email,
            "notifications/daily",
            language=reader.language,
            account_id=reader.account_id,
            purpose=purpose,
            unsubscribe=off,
            number=reader.number,
            school=current_school().name,
            link=address_of("/meldingen"),
            off=off,
        )
        _keep(reader.account_id, last_sent_at=now())
    return len(readers)


def switch_mail(*, is_on: bool, by: Actor) -> None:
    """Let somebody have the mail of the day, or not; nothing happens where that is so already."""
    if by.account_id is None:
        raise NotFound("account")
    if is_wanted(by) is is_on:
        return
    _keep(by.account_id, is_off=not is_on)
    if not is_on:
        record_ending(Ending.UNSUBSCRIPTION, by.account_id)
    event = "notifications.mail_resumed" if is_on else "notifications.mail_ended"
    audit.record(event, subject=("account", by.account_id), by=by)


def find_unsubscriber(token: str) -> Account | None:
    """Return whose mail a link in one switches off; None for a link that this school didn't send, or no longer hers."""
    account_id = read_token(token)
    if account_id is None:
        return None
    return session.scalar(
        select(Account).where(Account.school_id == current_school_id(), Account.id == account_id, Account.is_in_force)
    )


def unsubscribe(token: str) -> None:
    """Switch off the mail of the day by the link that stands in it. Raises NotFound; safe to repeat."""
    account = find_unsubscriber(token)
    if account is None:
        raise NotFound("daily_mail")
    switch_mail(is_on=False, by=holder_of(account))


def _keep(account_id: UUID, **values: object) -> None:
    new = insert(DailyMail).values(account_id=account_id, **values)
    session.execute(new.on_conflict_do_update(index_elements=[DailyMail.school_id, DailyMail.account_id], set_=values))
