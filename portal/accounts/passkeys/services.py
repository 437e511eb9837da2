"""Adding, renaming and removing passkeys, and proving by one who one is.

A challenge works once. A passkey whose count goes back may have been copied: it opens nothing from then on, and its
owner is told.
"""

from base64 import urlsafe_b64encode
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.actors import holder_of
from portal.accounts.models import Account
from portal.accounts.passkeys import ceremonies
from portal.accounts.passkeys.ceremonies import RelyingParty
from portal.accounts.passkeys.models import Passkey
from portal.accounts.passkeys.queries import count_passkeys, find_by_credential, get_own_passkey, list_passkeys
from portal.accounts.queries import get_account, get_found
from portal.accounts.second_factor.services import drop_recovery_codes
from portal.core import audit, mail
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.submissions import claim
from portal.schools.queries import current_school

MOST = 10
_ONCE = "passkey challenge"


class PasskeyStopped(Conflict):
    """A passkey opens nothing any more: what it counted went back, so there may be two of it."""


def handle_of(account: Account) -> bytes:
    """Return by what a device knows an account: a keyed digest, which tells nothing to whoever reads it there."""
    return keys.digest(str(account.id), "passkey handle")


def creation_options(party: RelyingParty, challenge: bytes, *, by: Actor) -> dict[str, Any]:
    """Return what the browser is asked to make a passkey for the own account."""
    account = _own_account(by)
    return ceremonies.creation_options(
        party,
        challenge,
        handle=handle_of(account),
        name=account.email or account.sign_in_number or account.name,
        full_name=account.name,
        known=[each.credential_id for each in list_passkeys(account.id, by.scope) if each.host == party.host],
    )


def add_passkey(name: str, answer: str, party: RelyingParty, challenge: bytes, *, by: Actor) -> Passkey:
    """Keep the passkey that a device made for the own account, and tell its owner by mail.

    Raises Invalid("name", "too_many"), and Invalid("answer", …) for an answer that isn't right, came before, or is of
    a passkey that is known.
    """
    account = _own_account(by)
    _wait_for_turn(account)
    if count_passkeys(account) >= MOST:
        raise Invalid("name", "too_many", most=MOST)
    made = ceremonies.check_creation(answer, party, challenge)
    _use_up(challenge)
    row = Passkey(
        account_id=account.id,
        label=name,
        host=party.host,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        made_at=now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise Invalid("answer", "known") from None
    audit.record("accounts.passkey_added", subject=("account", account.id), by=by)
    _tell(account, "accounts/passkey_added", passkey=name)
    return row


def rename_passkey(passkey_id: UUID, name: str, *, by: Actor) -> None:
    """Give one of the own passkeys another name; raises NotFound for another's."""
    row = get_own_passkey(passkey_id, by.scope)
    if row.label != name:
        row.label = name
        session.flush()
        audit.record("accounts.passkey_renamed", subject=("account", row.account_id), by=by)


def remove_passkey(passkey_id: UUID, *, by: Actor) -> None:
    """Let one of the own passkeys open nothing any more, and tell its owner by mail.

    Raises NotFound for another's, and Invalid("", "last_factor") for the last of who needs a second step.
    """
    row = get_own_passkey(passkey_id, by.scope)
    account = _own_account(by)
    _wait_for_turn(account)
    is_last = count_passkeys(account) == 1
    if is_last and account.totp_since is None and needs_second_step(account):
        raise Invalid("", "last_factor")
    name = row.label
    _delete(account, Passkey.id == row.id)
    if is_last and account.totp_since is None:
        drop_recovery_codes(account)
    audit.record("accounts.passkey_removed", subject=("account", account.id), by=by)
    _tell(account, "accounts/passkey_removed", passkey=name)


def needs_second_step(account: Account) -> bool:
    """Say whether the school asks a second step of one of the roles that an account has today."""
    return not get_found(account).roles.isdisjoint(current_school().second_factor_roles)


def remove_passkeys(account: Account, *, by: Actor) -> int:
    """Let no passkey of an account open anything any more, and return how many there were."""
    gone = _delete(account)
    if gone:
        audit.record("accounts.passkey_removed", subject=("account", account.id), facts={"removed": gone}, by=by)
    return gone


def prove_by_passkey(answer: str, party: RelyingParty, challenge: bytes, *, only: Account | None = None) -> Account:
    """Return whose passkey signed the challenge; with `only` none but hers will do.

    Whether the account opens anything is another question. Raises Invalid("answer", …) for what isn't right: another
    school's passkey, one that was removed, an answer that came before. Raises PasskeyStopped for one that counted back.
    """
    row = find_by_credential(ceremonies.credential_id_of(answer))
    if row is None or row.host != party.host or not row.account.is_in_force:
        raise Invalid("answer", "not_accepted")
    if only is not None and row.account_id != only.id:
        raise Invalid("answer", "not_accepted")
    count = ceremonies.check_request(
        answer,
        party,
        challenge,
        public_key=row.public_key,
        handle=handle_of(row.account),
        wants_handle=only is None,
    )
    _use_up(challenge)
    if row.stopped_at is not None:
        raise PasskeyStopped("passkey_stopped")
    if not _note_use(row, count):
        _stop(row)
        raise PasskeyStopped("passkey_stopped")
    return row.account


def _own_account(by: Actor) -> Account:
    if by.account_id is None:
        raise NotFound("account")
    return get_account(by.account_id, by.scope)


def _wait_for_turn(account: Account) -> None:
    """Let what changes an account's passkeys come one after another, so that none is one too many or too few."""
    session.execute(
        select(Account.id).where(Account.school_id == account.school_id, Account.id == account.id).with_for_update()
    )


def _use_up(challenge: bytes) -> None:
    """Note a challenge as used, so that the same answer sent again is worth nothing."""
    used, _led_to = claim([_ONCE, urlsafe_b64encode(challenge).decode()])
    if used is None:
        raise Invalid("answer", "expired")


def _note_use(row: Passkey, count: int) -> bool:
    """Note what the device counted, in one statement; False where that is no more than before."""
    moved_on = or_(Passkey.sign_count < count, func.greatest(Passkey.sign_count, count) == 0)
    noted = session.execute(
        update(Passkey)
        .where(Passkey.school_id == current_school_id(), Passkey.id == row.id, moved_on)
        .values(sign_count=count, last_used_at=now())
        .returning(Passkey.id)
    )
    return noted.one_or_none() is not None


def _stop(row: Passkey) -> None:
    row.stopped_at = now()
    session.flush()
    record_ending(Ending.PASSKEY, row.id)
    audit.record("accounts.passkey_stopped", subject=("account", row.account_id), by=holder_of(row.account))
    _tell(row.account, "accounts/passkey_stopped", passkey=row.label)


def _delete(account: Account, *conditions: Any) -> int:
    gone = session.scalars(
        delete(Passkey)
        .where(Passkey.school_id == current_school_id(), Passkey.account_id == account.id, *conditions)
        .returning(Passkey.id)
    ).all()
    record_ending(Ending.PASSKEY, *gone)
    return len(gone)


def _tell(account: Account, template: str, *, passkey: str) -> None:
    """Tell the owner what happened to a passkey, so that she notices when it wasn't she."""
    if account.email is not None:
        mail.send(
            account.email,
            template,
            account_id=account.id,
            language=account.language,
            name=account.name,
            school=current_school().name,
            passkey=passkey,
        )
