"""Envelope encryption: the master key opens a school's key, that one the key of a person for a category.

A value is sealed for a person and a field; the field's declaration says under which category's key. A destroyed key
can't be had back: what it sealed is gone, in the database, in the audit and in every backup. The wrapped keys live in
a store of their own (PORTAL_KEYS_URL), so a dump of the main database opens nothing.
"""

import hmac
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from math import inf
from typing import NamedTuple
from uuid import UUID

from portal.core.crypto.ciphers import CannotOpen, KeyDestroyed, KeyMissing, KeysError, decrypt, derive, encrypt
from portal.core.crypto.key_store import EVERYTHING, Pair, PersonKey, bound_to, store
from portal.core.crypto.mirror import all_rows
from portal.core.crypto.outbox import add_destruction, destructions_waiting
from portal.core.crypto.store_tables import SEAL_HEAD
from portal.core.db.base import Base
from portal.core.db.scope import began_at, current_school_id
from portal.core.personal_data import find_field

__all__ = [
    "CannotOpen", "KeyDestroyed", "KeyMissing", "KeysError", "add_school", "category_of", "destroy_categories",
    "destroy_people", "digest", "fetch_keys", "file_key", "file_key_of", "replace_seal_head", "school_key", "seal",
    "seal_for_school", "seal_head", "seal_in_category", "seal_values", "set_seal_head", "unseal", "unseal_for_school",
    "unseal_in_category", "unseal_values",
]  # fmt: skip

_NOBODY = UUID(int=0)
_GENERATION_BYTES = 2


class _Place(NamedTuple):
    """Whose text it is, under which category's key, and what it is for."""

    person_id: UUID
    category: str
    purpose: str

    @property
    def pair(self) -> Pair:
        return self.person_id, self.category

    def bound(self, school_id: UUID, generation: int) -> bytes:
        return bound_to(school_id, self.person_id, self.purpose, generation=generation)


def add_school(school_id: UUID) -> None:
    """Make a school's key, before anything of it is sealed. Safe to repeat."""
    store().add_school(school_id)


@lru_cache(maxsize=2000)
def category_of(field: str) -> str:
    """Return the category under whose key values of a field (`learner.bsn`) are sealed, as its column declares.

    Raises LookupError where no column declares it as holding something of a person.
    """
    found = find_field(Base.metadata, field)
    if found is None:
        raise LookupError(f"{field} isn't declared personal")
    return found.category


def fetch_keys(wanted: Iterable[tuple[UUID, str]], *, make: bool = False) -> None:
    """Fetch the keys of these people for these fields, for what is then sealed and opened one by one.

    Few statements; with `make` missing keys are made. They stay at hand for half a minute, for sealing until the
    transaction ends.
    """
    pairs = [(person_id, category_of(field)) for person_id, field in wanted]
    _keys_of(pairs, make=make)


def destroy_people(*person_ids: UUID) -> None:
    """Destroy every key of these people, made or not, with the commit of the transaction in hand.

    It doesn't use them any more from now on; another process may hold one for 30 seconds after the commit.
    """
    add_destruction({(each, EVERYTHING): 1 for each in person_ids})


def destroy_categories(person_ids: Iterable[UUID], categories: Iterable[str]) -> None:
    """Destroy the keys of these people for these categories, with the commit, as `destroy_people` does.

    What is sealed in a later transaction has a new key; in this one sealing raises KeyDestroyed.
    """
    wanted = list(categories)
    pairs = [(person_id, category) for person_id in person_ids for category in wanted]
    found = store().keys_of(current_school_id(), pairs, make=False, since=inf, doomed=destructions_waiting)
    add_destruction({pair: key.generation for pair, key in found.items() if key is not None})


def _keys_of(pairs: Iterable[Pair], *, make: bool) -> dict[Pair, PersonKey | None]:
    """Return keys as the store has them, but for those that a copy may have though they are to be destroyed.

    What is sealed gets a key that was fetched for sealing in the transaction in hand: one from before it may have been
    destroyed elsewhere since.
    """
    since = began_at() if make else 0.0
    return store().keys_of(current_school_id(), pairs, make=make, since=since, doomed=destructions_waiting)


def seal(person_id: UUID, field: str, value: str) -> bytes:
    """Seal the value of a person's field (`learner.bsn`); raises KeyDestroyed where the person was erased."""
    return seal_values([(person_id, field, value)])[0]


def seal_values(items: Iterable[tuple[UUID, str, str]]) -> list[bytes]:
    """Seal values of people's fields, in their order; one statement when all have their keys. Raises KeyDestroyed."""
    wanted = [(_Place(person_id, category_of(field), field), value) for person_id, field, value in items]
    blobs = []
    for (place, _), blob in zip(wanted, _seal(wanted), strict=True):
        if blob is None:
            raise KeyDestroyed(place.person_id, place.category)
        blobs.append(blob)
    return blobs


def seal_in_category(items: Iterable[tuple[UUID, str, str]], purpose: str) -> list[bytes | None]:
    """Seal texts by person and category, for one purpose; None for a person who was erased."""
    return _seal([(_Place(person_id, category, purpose), value) for person_id, category, value in items])


def _seal(items: list[tuple[_Place, str]]) -> list[bytes | None]:
    school_id = current_school_id()
    keys = _keys_of((place.pair for place, _ in items), make=True)
    blobs: list[bytes | None] = []
    for place, value in items:
        key = keys[place.pair]
        if key is None:
            blobs.append(None)
        else:
            blob = encrypt(key.key, value.encode(), place.bound(school_id, key.generation))
            blobs.append(key.generation.to_bytes(_GENERATION_BYTES) + blob)
    return blobs


def unseal(person_id: UUID, field: str, blob: bytes) -> str:
    """Open what `seal` made; raises KeyDestroyed, KeyMissing, CannotOpen."""
    value = unseal_values([(person_id, field, blob)])[0]
    if value is None:
        raise KeyDestroyed(person_id, category_of(field))
    return value


def unseal_values(items: Iterable[tuple[UUID, str, bytes | None]]) -> list[str | None]:
    """Open values of people's fields in one statement, in their order; None where there is none, or no key any more."""
    return _unseal([(_Place(person_id, category_of(field), field), blob) for person_id, field, blob in items])


def unseal_in_category(items: Iterable[tuple[UUID, str, bytes | None]], purpose: str) -> list[str | None]:
    """Open what `seal_in_category` made, as `unseal_values` does."""
    return _unseal([(_Place(person_id, category, purpose), blob) for person_id, category, blob in items])


def _unseal(items: list[tuple[_Place, bytes | None]]) -> list[str | None]:
    school_id = current_school_id()
    keys = _keys_of((place.pair for place, blob in items if blob is not None), make=False)
    opened: list[str | None] = []
    for place, blob in items:
        generation = 0 if blob is None else int.from_bytes(blob[:_GENERATION_BYTES])
        key = None if blob is None else _of_generation(keys, place.pair, generation)
        if blob is None or key is None:
            opened.append(None)
        else:
            opened.append(decrypt(key, bytes(blob[_GENERATION_BYTES:]), place.bound(school_id, generation)).decode())
    return opened


def _of_generation(keys: dict[Pair, PersonKey | None], pair: Pair, generation: int) -> bytes | None:
    """Return the key of this generation, None where it was destroyed; raises KeyMissing where it was never made."""
    key = keys.get(pair, PersonKey(0, b""))
    if key is None or key.generation > generation:
        return None
    if key.generation < generation:
        raise KeyMissing(f"person {pair[0]} has no such key for {pair[1]} in PORTAL_KEYS_URL")
    return key.key


def seal_for_school(value: str, purpose: str) -> bytes:
    """Seal a text that is about no person in particular, under the school's key."""
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


def file_key(person_id: UUID, category: str) -> tuple[int, bytes]:
    """Return the key under which a person's files of a category are encrypted now, with its generation.

    Raises KeyDestroyed where the person was erased.
    """
    key = _keys_of([(person_id, category)], make=True)[person_id, category]
    if key is None:
        raise KeyDestroyed(person_id, category)
    return key.generation, derive(key.key, "files")


def file_key_of(person_id: UUID, category: str, generation: int) -> bytes:
    """Return the key under which a person's file was encrypted; raises KeyDestroyed, KeyMissing."""
    keys = _keys_of([(person_id, category)], make=False)
    key = _of_generation(keys, (person_id, category), generation)
    if key is None:
        raise KeyDestroyed(person_id, category)
    return derive(key, "files")


def seal_head(chain: str) -> tuple[int, bytes] | None:
    """Return number and code of the newest seal of a chain that this store knows of, so that a cut-off chain shows."""
    school_id = current_school_id()
    found = store().mirror.find(SEAL_HEAD, school_id, [(chain,)], all_rows(SEAL_HEAD, school_id)).get((chain,))
    return (found[1], found[2]) if found is not None else None


def set_seal_head(chain: str, number: int, mac: bytes) -> None:
    """Remember the newest seal of a chain of the audit; an older number changes nothing."""
    mirror, school_id = store().mirror, current_school_id()
    mirror.put(SEAL_HEAD, school_id, [mirror.sign(SEAL_HEAD, school_id, chain, number, mac)])


def replace_seal_head(chain: str, number: int, mac: bytes) -> None:
    """Remember an older seal as the newest, in both copies: a restored database ends there. Raises Unreachable."""
    mirror, school_id = store().mirror, current_school_id()
    for copy in mirror.copies:
        copy.put(SEAL_HEAD, school_id, [mirror.sign(SEAL_HEAD, school_id, chain, number, mac)], whatever=True)
