"""Proving who one is: the password, the way to the second step, and that step."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from portal.accounts.invitations.links import find_link, make_link, use_link
from portal.accounts.models import Account, LinkKind
from portal.accounts.passwords.services import is_right, renew_hash
from portal.accounts.queries import Found, find_by_name, get_found
from portal.accounts.second_factor.services import accept_code
from portal.core.ports import Port

# Called with an account's id; returns why it opens nothing today, as a code, or None.
SIGN_IN_REFUSAL: Port[Callable[[UUID], str | None]] = Port("accounts.sign_in_refusal")


def why_shut_out(account: Account) -> str | None:
    """Return why an account opens nothing today, as a code; None where it opens something."""
    return SIGN_IN_REFUSAL.only(account.id)


def prove_password(name: str, password: str) -> Found | None:
    """Return the account with this name if this is its password; None otherwise, in the same time for every reason.

    Whether it opens anything is another question: `why_shut_out`.
    """
    found = find_by_name(name)
    right = is_right(found.account if found is not None else None, password)
    if found is None or not right:
        return None
    renew_hash(found.account, password)
    return found


@dataclass(frozen=True)
class Ways:
    """By what the holder of an account can prove who she is, beside a password.

    `is_asked`: a password alone doesn't do; a recovery code then stands in for the app and for a passkey.
    """

    has_app: bool
    has_passkey: bool
    is_asked: bool


def ways_of(account: Account) -> Ways:
    """Return by what the holder of an account can prove who she is, beside a password."""
    found = get_found(account)
    return Ways(has_app=account.totp_since is not None, has_passkey=found.has_passkey, is_asked=found.asks_second_step)


def asks_second_step(account: Account) -> bool:
    """Say whether a password alone lets the holder of an account in no further."""
    return get_found(account).asks_second_step


def begin_second_step(account: Account) -> str:
    """Return the token that lets this browser, whose user gave the right password, give the code in ten minutes."""
    return make_link(account, LinkKind.SECOND_STEP)


def find_second_step(token: str) -> Account | None:
    """Return whose second step this token is for; None where it was taken or has expired."""
    link = find_link(token, LinkKind.SECOND_STEP)
    return link.account if link is not None else None


def take_second_step(token: str, code: str) -> Account | None:
    """Return the account where the code is right; the token is used up then. None otherwise."""
    link = find_link(token, LinkKind.SECOND_STEP)
    if link is None or not accept_code(link.account, code) or not use_link(link):
        return None
    return link.account


def use_second_step(token: str) -> bool:
    """Use up the way to the second step, which was taken otherwise than by a code; False where it was used before."""
    link = find_link(token, LinkKind.SECOND_STEP)
    return link is not None and use_link(link)


def prove_anew(account: Account, password: str, code: str | None) -> bool:
    """Say whether she proves anew who she is: with her password, and a code where she has a second step."""
    if not is_right(account, password):
        return False
    return not asks_second_step(account) or accept_code(account, code or "")
