"""Reads of passkeys: the own ones, and whose passkey it is that signs in."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Account
from portal.accounts.passkeys.models import Passkey
from portal.accounts.scope import must_reach_account
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope


def has_passkeys() -> ColumnElement[bool]:
    """Say, within a statement on accounts, whether an account has a passkey."""
    return exists().where(Passkey.school_id == Account.school_id, Passkey.account_id == Account.id)


def count_passkeys(account: Account) -> int:
    """Return how many passkeys an account has."""
    held = select(func.count()).where(Passkey.school_id == account.school_id, Passkey.account_id == account.id)
    return session.scalar(held) or 0


def list_passkeys(account_id: UUID, scope: Scope) -> Sequence[Passkey]:
    """Return the passkeys of an account within reach, the newest first."""
    must_reach_account(account_id, scope)
    held = select(Passkey).where(Passkey.school_id == current_school_id(), Passkey.account_id == account_id)
    return session.scalars(held.order_by(Passkey.made_at.desc(), Passkey.id)).all()


def get_own_passkey(passkey_id: UUID, scope: Scope) -> Passkey:
    """Return one of the own passkeys; raises NotFound, also for one of somebody else, whoever asks."""
    row = session.get(Passkey, (current_school_id(), passkey_id))
    if row is None or row.account_id != scope.account_id:
        raise NotFound("passkey")
    return row


def find_by_credential(credential_id: bytes) -> Passkey | None:
    """Return the passkey with this id, as the device knows it, with its account; None where this school has none."""
    wanted = (
        select(Passkey)
        .options(joinedload(Passkey.account))
        .where(Passkey.school_id == current_school_id(), Passkey.credential_id == credential_id)
    )
    return session.scalars(wanted).one_or_none()
