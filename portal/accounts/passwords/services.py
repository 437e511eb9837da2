"""Passwords: hashing with argon2id, checking in the same time whoever is named, and the rules for a new one.

A new password has 8 characters or more (staff 12), is on no list of leaked passwords and isn't easily guessed.
There are no rules of composition, it never has to be changed, and nothing about it leaves the hosting (MN-11, LL-17).
"""

import re
import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.accounts.models import Account
from portal.config import settings
from portal.core import audit
from portal.core.clock import now
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.schools.queries import current_school

LEAST = 8
LEAST_STAFF = 12
MOST = 128
_LEAST_SCORE = 2
_LEAST_OF_ITS_OWN = 6
_MOST_MEASURED = 40
_STAND_INS = frozenset("@({[<!|$+%")
_MOST_STAND_INS = 3
_NEUTRAL = "~^_=;?:,."
_OF_THIS_PLACE = (
    "inzage",
    "welkom",
    "wachtwoord",
    "geheim",
    "inburgering",
    "inburgeren",
    "nederlands",
    "cursus",
    "docent",
)


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    given = settings()
    return PasswordHasher(time_cost=given.argon2_time, memory_cost=given.argon2_memory_kib, parallelism=1)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password."""
    return _hasher().hash(password)


def is_right(account: Account | None, password: str) -> bool:
    """Say whether this is the account's password. It takes one hash whatever the answer, also with no account."""
    kept = account.password_hash if account is not None else None
    usable = kept is not None and len(password) <= MOST
    try:
        _hasher().verify(kept if usable and kept else _nobodys_hash(), password[:MOST])
    except (VerificationError, InvalidHashError):
        return False
    return usable


def renew_hash(account: Account, password: str) -> None:
    """Hash the password that was just found right anew, where the settings ask more than its hash was made with."""
    if account.password_hash is not None and _hasher().check_needs_rehash(account.password_hash):
        account.password_hash = hash_password(password)
        session.flush()


def check_new(password: str, *, is_staff: bool, own_words: tuple[str, ...] = ()) -> None:
    """Raise Invalid("password", …) for one that is too short or long, leaked, or easily guessed (ASVS 6.2)."""
    least = LEAST_STAFF if is_staff else LEAST
    if len(password) < least:
        raise Invalid("password", "too_short", least=least)
    if len(password) > MOST:
        raise Invalid("password", "too_long", most=MOST)
    from zxcvbn import zxcvbn
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    if password.lower() in FREQUENCY_LISTS["passwords"]:
        raise Invalid("password", "leaked")
    near = _long_tokens(*own_words, current_school().name, *_OF_THIS_PLACE)
    if _is_mostly(password, near) or zxcvbn(measured(password), near)["score"] < _LEAST_SCORE:
        raise Invalid("password", "easily_guessed")


def measured(password: str) -> str:
    """Return what of a password is measured: its begin, with at most three of the signs that stand in for letters.

    The meter tries every way of reading such signs (`(`, `{`, `[` and `<` as a c), which takes seconds where a password
    holds all of them; the others are replaced by signs that stand for nothing.
    """
    begin = password[:_MOST_MEASURED]
    kinds = [sign for sign in dict.fromkeys(begin) if sign in _STAND_INS]
    for sign, neutral in zip(kinds[_MOST_STAND_INS:], _NEUTRAL, strict=False):
        begin = begin.replace(sign, neutral)
    return begin


def _long_tokens(*texts: str) -> list[str]:
    return sorted({word for text in texts for word in re.findall(r"\w{3,}", text.lower())}, key=len, reverse=True)


def _is_mostly(password: str, near: list[str]) -> bool:
    """Say whether little is left of a password without words that lie near: own name, school, what one does there."""
    rest = "".join(re.findall(r"\w", password.lower()))
    whole = len(rest)
    for word in near:
        rest = rest.replace(word, "")
    return len(rest) < min(whole, _LEAST_OF_ITS_OWN)


def set_password(account: Account, password: str, *, is_staff: bool, by: Actor | None = None) -> None:
    """Give an account a new password; raises Invalid as `check_new` does. Ending sessions is up to the caller."""
    own = (account.name, account.email or "", account.sign_in_number or "")
    check_new(password, is_staff=is_staff, own_words=own)
    if account.password_hash is not None:
        record_ending(Ending.PASSWORD, account.id)
    account.password_hash = hash_password(password)
    account.password_changed_at = now()
    session.flush()
    audit.record("accounts.password_set", subject=("account", account.id), by=by)


def change_password(account: Account, old: str, new: str, *, is_staff: bool) -> None:
    """Change the own password; raises Invalid("old_password", "wrong") where the present one isn't right."""
    if not is_right(account, old):
        raise Invalid("old_password", "wrong")
    set_password(account, new, is_staff=is_staff)
