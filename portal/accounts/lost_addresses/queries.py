"""Reads of who lost her e-mail address when a backup was put back."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from portal.accounts.models import Account
from portal.accounts.queries import STAFF_ROLES, roles_on
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.permissions import Role


@dataclass(frozen=True)
class LostAddress:
    """Whose address has to be entered anew; `number` is by what she signs in meanwhile, where she can."""

    account_id: UUID
    name: str
    number: str | None
    roles: tuple[Role, ...]

    @property
    def is_staff(self) -> bool:
        """Say whether she works at the school."""
        return not set(self.roles).isdisjoint(STAFF_ROLES)


def _is_lost() -> ColumnElement[bool]:
    here = Account.school_id == current_school_id()
    return and_(here, Account.address_lost_at.is_not(None), Account.email.is_(None), Account.is_in_force)


def _statement() -> Select[Account, list[str] | None]:
    return select(Account, roles_on(today())).where(_is_lost())


def _lost(account: Account, roles: list[str] | None) -> LostAddress:
    held = {Role(role) for role in roles or ()}
    return LostAddress(account.id, account.name, account.number_she_knows, tuple(role for role in Role if role in held))


def list_lost(scope: Scope) -> list[LostAddress]:
    """Return who has no address since a backup was put back, by name."""
    scope.must_reach_school("account")
    rows = session.execute(_statement().order_by(func.lower(Account.name), Account.id))
    return [_lost(account, roles) for account, roles in rows]


def get_lost(account_id: UUID, scope: Scope) -> LostAddress:
    """Return one of them; raises NotFound."""
    scope.must_reach_school("account")
    row = session.execute(_statement().where(Account.id == account_id)).one_or_none()
    if row is None:
        raise NotFound("account")
    return _lost(*row)


def count_lost() -> int:
    """Return how many of the school in scope have no address since a backup was put back."""
    return session.scalar(select(func.count()).select_from(Account).where(_is_lost())) or 0
