"""From an account with its roles to the actor who asks: what she may do, and within which scope."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.accounts.models import Account, Membership
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import Reach, Scope
from portal.permissions import (
    Role,
    categories_changed,
    categories_seen,
    has_work,
    permissions_of,
    reach_of,
)


def actor_of(
    account_id: UUID,
    name: str,
    roles: frozenset[str],
    *,
    learner_id: UUID | None = None,
    represents: bool = False,
    acts_for: str = "",
    until: date | None = None,
    within: Iterable[str] = (),
    organisation_id: UUID | None = None,
    lessons: Iterable[UUID] = (),
) -> Actor:
    """Make the actor with what these roles may, and the scope in which they do.

    `learner_id` is the record that is her own, or that of whom she represents (by given name: `acts_for`) until a day,
    within some categories (without any: all). `organisation_id` and `lessons` are those of a client's contact and of an
    auditor.
    """
    own = _own_scope(account_id, learner_id, represents=represents, until=until, within=frozenset(within))
    work = Scope(
        reach=reach_of(roles),
        account_id=account_id,
        sees=categories_seen(roles),
        changes=categories_changed(roles),
        organisation_id=organisation_id,
        lessons=frozenset(lessons),
    )
    return Actor(
        account_id=account_id,
        name=name,
        roles=roles,
        permissions=permissions_of(roles),
        scope=work if has_work(roles) else own,
        own=own,
        represents=represents,
        acts_for=acts_for if represents else "",
    )


def holder_of(account: Account) -> Actor:
    """Make the actor who holds an account and has no session yet: a link or a password proved who she is.

    Her roles say who she is where this is written down; they let her do nothing here. Who has none today is told by
    those that she had, or will have.
    """
    held = select(Membership.role, Membership.holds_on(today())).where(
        Membership.school_id == current_school_id(), Membership.account_id == account.id
    )
    rows = session.execute(held).all()
    roles = frozenset(role for role, holds in rows if holds) or frozenset(role for role, _holds in rows)
    return Actor(
        account_id=account.id,
        name=account.name,
        roles=roles,
        scope=Scope(account_id=account.id),
        represents=Role.REPRESENTATIVE in roles and Role.LEARNER not in roles,
    )


def _own_scope(
    account_id: UUID, learner_id: UUID | None, *, represents: bool, until: date | None, within: frozenset[str]
) -> Scope:
    if learner_id is None:
        return Scope(account_id=account_id)
    role = Role.REPRESENTATIVE if represents else Role.LEARNER
    seen = categories_seen(frozenset({role.value}))
    seen = seen & within if within else seen
    return Scope(
        reach=Reach.ONE_LEARNER, account_id=account_id, sees=seen, changes=seen, learner_id=learner_id, until=until
    )
