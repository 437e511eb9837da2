"""What a restored database must not bring back: ended accounts, roles, second steps, passkeys, addresses, sessions.

Sessions and links have no line in the ledger, so all of them are void: everybody signs in anew.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from portal.accounts.calendar_feeds.models import CalendarFeed
from portal.accounts.invitations.services import end_memberships
from portal.accounts.lost_addresses.queries import count_lost
from portal.accounts.models import NO_NUMBER, Account, AccountSession, Membership, RecoveryCode, SignInLink
from portal.accounts.passkeys.models import Passkey
from portal.core.clock import now, today
from portal.core.crypto.ledger import Ending, EndingsSince, last_day_of
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.restores.ports import AppliedAgain, Voided
from portal.core.restores.tries import Tried, tried_rows

_AT_ONCE = 5_000
_DAYS_AHEAD = 20 * 366


def _ended(
    ended: EndingsSince, kind: Ending, ids: InstrumentedAttribute[UUID], *conditions: Any
) -> Iterator[Sequence[UUID]]:
    """Yield the rows, of those that still hold, of which the ledger says that they ended; some thousands at once."""
    held = session.scalars(select(ids).where(ids.class_.school_id == current_school_id(), *conditions)).all()
    found = ended.among(kind, held)
    for start in range(0, len(found), _AT_ONCE):
        yield found[start : start + _AT_ONCE]


def end_accounts_again(ended: EndingsSince) -> int:
    """End accounts again, and return how many."""
    count = 0
    for ids in _ended(ended, Ending.ACCOUNT, Account.id, Account.is_in_force):
        count += _change(update(Account).where(Account.id.in_(ids)).values(ended_at=now()), Account)
    return count


def end_roles_again(ended: EndingsSince) -> int:
    """Take roles away again, and return how many: as from today, as `keep_role_until` does."""
    count = 0
    for ids in _ended(ended, Ending.ROLE, Membership.id, Membership.lasts_until(today())):
        rows = session.scalars(select(Membership).where(Membership.id.in_(ids), _here(Membership))).all()
        end_memberships(rows)
        count += len(rows)
    return count


def find_outlasting_roles(ended: EndingsSince) -> list[UUID]:
    """Return the roles that outlast the last day that they got since."""
    return [row.id for row, last in _with_last_days(ended) if row.lasts_until(last + timedelta(days=1))]


def _with_last_days(ended: EndingsSince) -> Iterator[tuple[Membership, date]]:
    """Yield the roles that go on and of which the ledger has a last day, each with that day."""
    for ids in _ended(ended, Ending.ROLE_LAST_DAY, Membership.id, Membership.lasts_until(today())):
        for row in session.scalars(select(Membership).where(Membership.id.in_(ids), _here(Membership))):
            yield row, max(_find_last_day(ended, row.id), row.starts_on)


def set_last_days_again(ended: EndingsSince) -> int:
    """Let roles end on the last day that they got since, and return how many; at once where that day isn't found."""
    count = 0
    for row, last in list(_with_last_days(ended)):
        if row.lasts_until(last + timedelta(days=1)):
            row.ends_on = last
            count += 1
    session.flush()
    return count


def _find_last_day(ended: EndingsSince, membership_id: UUID) -> date:
    """Return the last day that a role got last; it lies after the backup and within a generation."""
    first = ended.since.date()
    days = {last_day_of(membership_id, first + timedelta(days=ahead)): ahead for ahead in range(_DAYS_AHEAD)}
    found = ended.last_among(Ending.ROLE_LAST_DAY, days)
    return first + timedelta(days=days[found]) if found is not None else today() - timedelta(days=1)


def void_recovery_codes(ended: EndingsSince) -> int:
    """Let recovery codes that were used or replaced since open nothing, and return how many."""
    count = 0
    for ids in _ended(ended, Ending.RECOVERY_CODE, RecoveryCode.id, RecoveryCode.used_at.is_(None)):
        count += _change(update(RecoveryCode).where(RecoveryCode.id.in_(ids)).values(used_at=now()), RecoveryCode)
    return count


def forget_replaced_addresses(ended: EndingsSince) -> int:
    """Take away e-mail addresses that were replaced since, and return how many: no link and no mail goes there.

    The new one isn't known. Who has no number to sign in by gets one that says nothing, until the school invites her
    (`lost_addresses`).
    """
    count, number = 0, func.concat(NO_NUMBER, func.right(cast(Account.id, String), 12))
    for ids in _ended(ended, Ending.EMAIL, Account.id, Account.email.is_not(None)):
        kept = func.coalesce(Account.sign_in_number, number)
        changed = {"email": None, "sign_in_number": kept, "address_lost_at": now()}
        count += _change(update(Account).where(Account.id.in_(ids)).values(changed), Account)
    return count


def take_second_factors_away_again(ended: EndingsSince) -> int:
    """Take second steps away again, with their recovery codes, and return how many: a lost phone opens nothing."""
    count = 0
    for ids in _ended(ended, Ending.SECOND_FACTOR, Account.id, Account.totp_secret.is_not(None)):
        none = {"totp_secret": None, "totp_since": None, "totp_last_step": None}
        count += _change(update(Account).where(Account.id.in_(ids)).values(none), Account)
        _change(delete(RecoveryCode).where(RecoveryCode.account_id.in_(ids)), RecoveryCode)
    return count


def remove_passkeys_again(ended: EndingsSince) -> int:
    """Remove passkeys again that were removed or stopped, and return how many."""
    count = 0
    for ids in _ended(ended, Ending.PASSKEY, Passkey.id):
        count += _change(delete(Passkey).where(Passkey.id.in_(ids)), Passkey)
    return count


def void_passwords(ended: EndingsSince) -> int:
    """Let passwords that were replaced since open nothing, and return how many: their holders ask for a link."""
    count = 0
    for ids in _ended(ended, Ending.PASSWORD, Account.id, Account.password_hash.is_not(None)):
        count += _change(update(Account).where(Account.id.in_(ids)).values(password_hash=None), Account)
    return count


def end_feeds_again(ended: EndingsSince) -> int:
    """Let addresses for calendars that were ended or replaced answer no more, and return how many."""
    count = 0
    for ids in _ended(ended, Ending.CALENDAR_FEED, CalendarFeed.account_id):
        count += _change(delete(CalendarFeed).where(CalendarFeed.account_id.in_(ids)), CalendarFeed)
    return count


def void_sessions() -> int:
    """End every session of the school in scope, and return how many."""
    return _change(update(AccountSession).where(AccountSession.is_in_force).values(ended_at=now()), AccountSession)


def void_links() -> int:
    """Make every open link and printed code of the school in scope worthless, and return how many."""
    return _change(update(SignInLink).where(SignInLink.used_at.is_(None)).values(used_at=now()), SignInLink)


def _here(table: Any) -> Any:
    return table.school_id == current_school_id()


def _change(statement: Any, table: Any) -> int:
    held = statement.where(_here(table)).returning(table.id)
    return len(session.execute(held.execution_options(synchronize_session=False)).all())


AGAIN = (
    AppliedAgain(Ending.ROLE, end_roles_again),
    AppliedAgain(Ending.ROLE_LAST_DAY, set_last_days_again),
    AppliedAgain(Ending.ACCOUNT, end_accounts_again),
    AppliedAgain(Ending.SECOND_FACTOR, take_second_factors_away_again),
    AppliedAgain(Ending.RECOVERY_CODE, void_recovery_codes),
    AppliedAgain(Ending.PASSKEY, remove_passkeys_again),
    AppliedAgain(Ending.PASSWORD, void_passwords),
    AppliedAgain(
        Ending.EMAIL,
        forget_replaced_addresses,
        count_left=count_lost,
        left_to_do="people have no e-mail address now: they changed it since; management enters it at /zonder-adres",
    ),
    AppliedAgain(Ending.CALENDAR_FEED, end_feeds_again),
)
TRIED = (
    tried_rows(Ending.ROLE, "ended roles open something", Membership.id, lambda: [Membership.lasts_until(today())]),
    Tried(Ending.ROLE_LAST_DAY, "roles outlast their last day", find_outlasting_roles),
    tried_rows(Ending.ACCOUNT, "ended accounts are open", Account.id, lambda: [Account.is_in_force]),
    tried_rows(
        Ending.SECOND_FACTOR, "second steps that were taken away open something", Account.id,
        lambda: [Account.totp_secret.is_not(None)],
    ),
    tried_rows(
        Ending.RECOVERY_CODE, "recovery codes that were used or replaced open something", RecoveryCode.id,
        lambda: [RecoveryCode.used_at.is_(None)],
    ),
    tried_rows(Ending.PASSKEY, "removed passkeys open something", Passkey.id, lambda: [Passkey.stopped_at.is_(None)]),
    tried_rows(
        Ending.PASSWORD, "replaced passwords open something", Account.id, lambda: [Account.password_hash.is_not(None)]
    ),
    tried_rows(Ending.EMAIL, "replaced addresses are in use", Account.id, lambda: [Account.email.is_not(None)]),
    tried_rows(Ending.CALENDAR_FEED, "ended addresses of calendars answer", CalendarFeed.account_id),
)  # fmt: skip
VOID = (Voided("sessions", void_sessions), Voided("open links and codes", void_links))
