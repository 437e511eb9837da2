"""Which accounts a scope reaches: those of the school, or only the own one."""

from uuid import UUID

from portal.core.errors import NotFound
from portal.core.http.scope import Reach, Scope


def must_reach_account(account_id: UUID, scope: Scope) -> None:
    """Raise NotFound for another's account, unless this scope reaches the whole school."""
    if scope.reach is not Reach.SCHOOL and account_id != scope.account_id:
        raise NotFound("account")
