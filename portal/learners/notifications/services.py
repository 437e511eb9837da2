"""Telling learners what happened: by their own accounts, and those of who may act for them in its category."""

from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy import not_, select

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.core.ports import Port
from portal.learners.record.models import Learner
from portal.notifications.models import NotificationKind
from portal.notifications.services import Told, notify

ACTING_ACCOUNTS: Port[Callable[[Collection[UUID], str, Scope], Iterable[tuple[UUID, UUID]]]] = Port(
    "learners.acting_accounts"
)
"""Called with learners, a category and a scope: returns who may act for them in it today, by learner and account."""


def notify_learners(
    kind: NotificationKind,
    targets: Mapping[UUID, UUID],
    *,
    category: str,
    mailed: Collection[UUID] = (),
    by: Actor,
) -> None:
    """Tell learners, and who may act for them in a category, what happened: the target of the kind by learner.

    A child has no account of her own that counts (LB-11). `mailed` are those whom a mail of its own tells too.
    """
    if not targets:
        return
    own = session.execute(
        select(Learner.id, Learner.account_id).where(
            Learner.school_id == current_school_id(),
            Learner.id.in_(list(targets)),
            Learner.account_id.is_not(None),
            Learner.is_in_use,
            not_(Learner.is_child_on(today())),
        )
    ).all()
    told = [Told(row.account_id, targets[row.id], learner_id=row.id, has_own_mail=row.id in mailed) for row in own]
    for learner_id, account_id in ACTING_ACCOUNTS.only(list(targets), category, by.scope):
        told.append(Told(account_id, targets[learner_id], learner_id=learner_id))
    notify(kind, told, by=by)
