"""Telling somebody what happened, seeing it, and forgetting what is no longer so or is past its term."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from portal.accounts.models import Account
from portal.core.clock import now
from portal.core.db.base import SchoolOwned
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.notifications.models import Notification, NotificationKind
from portal.notifications.queries import MOST
from portal.schools.queries import get_school


@dataclass(frozen=True)
class Told:
    """Who is told, of what (the target of the kind), about which learner if about one, and whether a mail tells too."""

    account_id: UUID
    target_id: UUID
    learner_id: UUID | None = None
    has_own_mail: bool = False


def notify(kind: NotificationKind, told: Iterable[Told], *, by: Actor) -> None:
    """Tell these people that something happened: not who did it herself, nor whose account ended. Safe to repeat."""
    wanted = [each for each in told if each.account_id != by.account_id]
    in_force = _in_force({each.account_id for each in wanted})
    moment = now()
    rows = {
        (each.account_id, each.target_id): {
            "account_id": each.account_id,
            "kind": kind,
            "target_id": each.target_id,
            "learner_id": each.learner_id,
            "has_own_mail": each.has_own_mail,
            "happened_at": moment,
        }
        for each in wanted
        if each.account_id in in_force
    }
    if not rows:
        return
    new = insert(Notification).values(sorted(rows.values(), key=lambda row: (row["account_id"], row["target_id"])))
    session.execute(
        new.on_conflict_do_update(
            index_elements=[
                Notification.school_id, Notification.account_id, Notification.kind, Notification.target_id
            ],
            index_where=Notification.seen_at.is_(None),
            set_={"happened_at": new.excluded.happened_at, "has_own_mail": new.excluded.has_own_mail},
        )
    )  # fmt: skip


def _in_force(account_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these accounts that haven't ended."""
    if not account_ids:
        return set()
    wanted = select(Account.id).where(
        Account.school_id == current_school_id(), Account.id.in_(account_ids), Account.is_in_force
    )
    return set(session.scalars(wanted))


def forget(kind: NotificationKind, targets: Iterable[SchoolOwned]) -> None:
    """Let what nobody saw yet of these rows be gone, where it no longer is so."""
    target_ids = [each.id for each in targets]
    if target_ids:
        session.execute(
            delete(Notification).where(
                Notification.school_id == current_school_id(),
                Notification.target_id.in_(target_ids),
                Notification.kind == kind,
                Notification.is_new,
            )
        )


def see_notifications(notification_ids: Collection[UUID], *, by: Actor) -> None:
    """Note that somebody saw these of hers; what is gone since is passed over. Safe to repeat.

    Raises NotFound where none of them is hers.
    """
    hers = (
        Notification.school_id == current_school_id(),
        Notification.account_id == by.account_id,
        Notification.id.in_(list(notification_ids)[:MOST]),
    )
    found = session.scalars(
        update(Notification)
        .where(*hers)
        .values(seen_at=func.coalesce(Notification.seen_at, now()))
        .returning(Notification.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not found:
        raise NotFound("notification")


def clear_old() -> int:
    """Let go what happened longer ago than the school keeps notifications, seen or not; return how many."""
    before = now() - timedelta(days=get_school().notification_days)
    gone = delete(Notification).where(Notification.school_id == current_school_id(), Notification.happened_at < before)
    return len(session.execute(gone.returning(Notification.id)).all())
