"""What happened for somebody, in the school in scope."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core.clock import now
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.notifications.models import Notification, NotificationKind


def make_notification(
    account_id: Any, kind: NotificationKind = NotificationKind.LEARNERS_GIVEN, target_id: Any = None, **values: Any
) -> Notification:
    """Make a notification that its holder hasn't seen yet."""
    row = Notification(
        account_id=account_id, kind=kind, target_id=target_id or new_id(), **{"happened_at": now(), **values}
    )
    session.add(row)
    session.flush()
    return row


def told_of(account_id: Any) -> list[tuple[NotificationKind, UUID, UUID | None]]:
    """Return what the holder of an account was told: kind, target and whom it is about, the earliest first."""
    session.flush()
    session.expire_all()
    rows = session.scalars(
        select(Notification)
        .where(Notification.account_id == account_id)
        .order_by(Notification.happened_at, Notification.id)
    )
    return [(row.kind, row.target_id, row.learner_id) for row in rows]
