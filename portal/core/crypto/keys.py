"""Envelope encryption: the master key opens a school's key, that one a learner's; a destroyed key can't be had back.

The wrapped keys live in a store of their own (PORTAL_KEYS_URL), so a dump of the main database opens nothing.
What is sealed, and under which purpose, is up to the caller.
"""

import hmac
from collections.abc import Iterable, Sequence
from hashlib import sha256
from uuid import UUID

from portal.core.crypto.key_store import (
    HEAD,
    SET_HEAD,
    CannotOpen,
    KeyDestroyed,
    KeyMissing,
    KeysError,
    bound_to,
    decrypt,
    derive,
    encrypt,
    store,
)
from portal.core.db.scope import current_school_id

__all__ = [
    "CannotOpen", "KeyDestroyed", "KeyMissing", "KeysError", "add_school", "destroy", "digest", "learner_key", "living",
    "make_keys", "school_key", "seal", "seal_for_school", "seal_head", "seal_many", "set_seal_head", "unseal",
    "unseal_for_school", "unseal_many",
]  # fmt: skip

_NOBODY = UUID(int=0)


def add_school(school_id: UUID) -> None:
    """Make a school's key, before anything of it is sealed. Safe to repeat."""
    store().add_school(school_id)


def make_keys(learner_ids: Sequence[UUID]) -> None:
    """Make the keys of many learners in one statement, ahead of sealing; sealing makes a missing one by itself."""
    store().make(current_school_id(), learner_ids)


def destroy(*learner_ids: UUID) -> None:
    """Destroy the keys of these learners. It takes effect at once, whatever becomes of the transaction in hand.

    So call it last in a job that is repeated until done. Another process may hold a key for 30 seconds more.
    """
    store().destroy(current_school_id(), learner_ids)


def living(learner_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these learners whose key was not destroyed; a key that was never made counts as living."""
    ids = list(learner_ids)
    found = store().learner_keys(current_school_id(), ids, make=False)
    return {each for each in ids if found.get(each, b"") is not None}


def seal(learner_id: UUID, value: str, purpose: str = "text") -> bytes:
    """Seal a text under the learner's key, for one purpose (`learner.bsn`); raises KeyDestroyed."""
    return seal_many([(learner_id, value)], purpose)[0]


def seal_many(items: Iterable[tuple[UUID, str]], purpose: str = "text") -> list[bytes]:
    """Seal many texts, each under its learner's key, in their order; one statement when all have a key."""
    pairs = list(items)
    school_id = current_school_id()
    keys = store().learner_keys(school_id, (learner_id for learner_id, _ in pairs), make=True)
    sealed = []
    for learner_id, value in pairs:
        key = keys[learner_id]
        if key is None:
            raise KeyDestroyed(learner_id)
        sealed.append(encrypt(key, value.encode(), bound_to(school_id, learner_id, purpose)))
    return sealed


def unseal(learner_id: UUID, blob: bytes, purpose: str = "text") -> str:
    """Open what `seal` made; raises KeyDestroyed, KeyMissing, CannotOpen."""
    value = unseal_many([(learner_id, blob)], purpose)[0]
    if value is None:
        raise KeyDestroyed(learner_id)
    return value


def unseal_many(items: Iterable[tuple[UUID, bytes | None]], purpose: str = "text") -> list[str | None]:
    """Open many in one statement, in their order; None where there is no blob or the key was destroyed."""
    pairs = list(items)
    school_id = current_school_id()
    keys = store().learner_keys(school_id, (each for each, blob in pairs if blob is not None), make=False)
    opened: list[str | None] = []
    for learner_id, blob in pairs:
        if blob is None:
            opened.append(None)
            continue
        if learner_id not in keys:
            raise KeyMissing(f"learner {learner_id} has no key in PORTAL_KEYS_URL")
        key = keys[learner_id]
        plain = None if key is None else decrypt(key, bytes(blob), bound_to(school_id, learner_id, purpose))
        opened.append(None if plain is None else plain.decode())
    return opened


def seal_for_school(value: str, purpose: str) -> bytes:
    """Seal a text that is about no learner in particular, under the school's key."""
    school_id = current_school_id()
    key = store().derived(school_id, "school texts")
    return encrypt(key, value.encode(), bound_to(school_id, _NOBODY, purpose))


def unseal_for_school(blob: bytes, purpose: str) -> str:
    """Open what `seal_for_school` made; raises CannotOpen."""
    school_id = current_school_id()
    key = store().derived(school_id, "school texts")
    return decrypt(key, bytes(blob), bound_to(school_id, _NOBODY, purpose)).decode()


def digest(value: str, purpose: str = "digest") -> bytes:
    """Return a keyed digest (32 bytes) by which equal texts are found in this school and purpose, only there."""
    return hmac.digest(school_key(f"digest {purpose}"), value.encode(), sha256)


def school_key(purpose: str) -> bytes:
    """Return the school's key for one purpose of the core itself (files, seals), 32 bytes."""
    return store().derived(current_school_id(), purpose)


def learner_key(learner_id: UUID, purpose: str) -> bytes:
    """Return a learner's key for one purpose of the core itself (files), 32 bytes; raises KeyDestroyed."""
    key = store().learner_keys(current_school_id(), [learner_id], make=True)[learner_id]
    if key is None:
        raise KeyDestroyed(learner_id)
    return derive(key, purpose)


def seal_head() -> tuple[int, bytes] | None:
    """Return number and code of the newest audit seal that this store knows of, so that a cut-off chain shows."""
    found = store().rows(HEAD, school=current_school_id())
    return (found[0].number, bytes(found[0].mac)) if found else None


def set_seal_head(number: int, mac: bytes) -> None:
    """Remember the newest audit seal; an older number changes nothing."""
    store().rows(SET_HEAD, school=current_school_id(), number=number, mac=mac)
