"""Reminding teachers of registers that are open, where the works council's consent to that is recorded."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from portal.accounts.council.queries import may_monitor_staff
from portal.accounts.invitations.links import address_of
from portal.accounts.models import Account
from portal.attendance.open_registers.queries import (
    MOST_OPEN,
    OPEN_FOR,
    OpenByTeacher,
    count_by_teacher,
    list_open_registers,
)
from portal.core import audit, mail
from portal.core.clock import start_of, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor
from portal.notifications.models import Notification, NotificationKind
from portal.notifications.services import Told, notify
from portal.permissions import Permission
from portal.schools.queries import current_school


def remind_teachers(account_ids: Collection[UUID], *, by: Actor) -> tuple[int, int]:
    """Remind teachers of their open registers, in the portal and by mail; return how many, and how many had it today.

    Nobody is reminded twice on a day. Raises Conflict("monitoring_off") where the works council's consent isn't
    recorded (WOR art. 27(1)(k) and (l)), Invalid where nobody was ticked, NotFound for who has none open.
    """
    by.must(Permission.REGISTER_REMIND)
    if not may_monitor_staff():
        raise Conflict("monitoring_off")
    if not account_ids:
        raise Invalid("docent", "nobody")
    states = list_open_registers(by, since=today() - OPEN_FOR, limit=MOST_OPEN)
    found = {each.account_id: each for each in count_by_teacher(states)}
    if not set(account_ids) <= found.keys():
        raise NotFound("account")
    had = _reminded_today(account_ids)
    accounts = _accounts(set(account_ids) - had)
    told = [Told(each.id, each.id, has_own_mail=each.email is not None) for each in accounts]
    notify(NotificationKind.REGISTERS_OPEN, told, by=by)
    for account in accounts:
        _mail(account, found[account.id])
        facts = {"lessons": found[account.id].number}
        audit.record("attendance.teacher_reminded", subject=("account", account.id), facts=facts, by=by)
    return len(accounts), len(had)


def _mail(account: Account, open_by_her: OpenByTeacher) -> None:
    """Mail how many lessons are open, without a name of anybody or of a group."""
    if account.email is not None:
        mail.send(
            account.email,
            "attendance/registers_open",
            language=account.language,
            account_id=account.id,
            number=open_by_her.number,
            school=current_school().name,
            link=address_of("/presentie"),
        )


def _reminded_today(account_ids: Collection[UUID]) -> set[UUID]:
    wanted = select(Notification.account_id).where(
        Notification.school_id == current_school_id(),
        Notification.account_id.in_(account_ids),
        Notification.kind == NotificationKind.REGISTERS_OPEN,
        Notification.happened_at >= start_of(today()),
    )
    return set(session.scalars(wanted))


def _accounts(account_ids: Collection[UUID]) -> list[Account]:
    wanted = select(Account).where(
        Account.school_id == current_school_id(), Account.id.in_(account_ids), Account.is_in_force
    )
    return list(session.scalars(wanted.order_by(Account.id)))
