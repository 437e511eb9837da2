"""Who is without an e-mail address since a backup was put back, as far as somebody may know them."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select

from portal.accounts.lost_addresses.queries import LostAddress, get_lost, list_lost
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.permissions import Permission, Role


def list_known(actor: Actor) -> tuple[list[LostAddress], list[UUID]]:
    """Return them by name, and whose records those of learners are.

    Who works at the school is there for who keeps the members; a learner for whom she reaches, and isn't hidden from.
    """
    found = list_lost(actor.scope)
    learners = _learners_of([each.account_id for each in found], actor)
    shown = [each for each in found if _knows(each, learners, actor)]
    return shown, [learners[each.account_id] for each in shown if each.account_id in learners]


def get_known(account_id: UUID, actor: Actor) -> tuple[LostAddress, list[UUID]]:
    """Return one of them, and whose record it is where it is a learner's; raises NotFound."""
    found = get_lost(account_id, actor.scope)
    learners = _learners_of([account_id], actor)
    if not _knows(found, learners, actor):
        raise NotFound("account")
    return found, [*learners.values()]


def _knows(found: LostAddress, learners: Mapping[UUID, UUID], actor: Actor) -> bool:
    if found.is_staff:
        return actor.may(Permission.MEMBER_KEEP)
    return Role.LEARNER not in found.roles or found.account_id in learners


def _learners_of(account_ids: Collection[UUID], actor: Actor) -> dict[UUID, UUID]:
    if not account_ids:
        return {}
    wanted = select(Learner.account_id, Learner.id).where(
        Learner.school_id == current_school_id(), Learner.account_id.in_(account_ids), reaches_learner(actor.scope)
    )
    return {row.account_id: row.id for row in session.execute(wanted)}
