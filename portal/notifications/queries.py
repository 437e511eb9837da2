"""Reads of what happened for somebody."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select, tuple_

from portal.accounts.models import Account
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.notifications.models import Notification

MOST = 50
"""How many stand on a page."""


def count_new() -> ScalarSelect[int]:
    """Count what is new for `account`: a part of a statement on accounts, which the index of what is new answers."""
    return (
        select(func.count())
        .select_from(Notification)
        .where(Notification.school_id == Account.school_id, Notification.account_id == Account.id, Notification.is_new)
        .correlate(Account)
        .scalar_subquery()
    )


def list_notifications(by: Actor, *, before: tuple[datetime, UUID] | None = None) -> Sequence[Notification]:
    """Return what happened for somebody, the newest first, as many as stand on a page; after this one, if given."""
    statement = _own(by).order_by(Notification.happened_at.desc(), Notification.id.desc()).limit(MOST)
    if before is not None:
        statement = statement.where(tuple_(Notification.happened_at, Notification.id) < before)
    return session.scalars(statement).all()


def get_notification(notification_id: UUID, by: Actor) -> Notification:
    """Return what happened for somebody by its id; raises NotFound where it isn't hers."""
    found: Notification | None = session.scalar(_own(by).where(Notification.id == notification_id))
    if found is None:
        raise NotFound("notification")
    return found


def _own(by: Actor) -> Any:
    return select(Notification).where(
        Notification.school_id == current_school_id(), Notification.account_id == by.account_id
    )
