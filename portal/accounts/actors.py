"""From an account with its roles to the actor who asks: what she may do, see and change."""

from uuid import UUID

from portal.core.http.access import Actor
from portal.permissions import categories_changed, categories_seen, permissions_of


def actor_of(
    account_id: UUID, name: str, roles: frozenset[str], *, learner_id: UUID | None = None, represents: bool = False
) -> Actor:
    """Make the actor with what these roles may, see and change."""
    return Actor(
        account_id=account_id,
        name=name,
        roles=roles,
        permissions=permissions_of(roles),
        learner_id=learner_id,
        represents=represents,
        sees=categories_seen(roles),
        changes=categories_changed(roles),
    )
