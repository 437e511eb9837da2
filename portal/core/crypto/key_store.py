"""The store of wrapped keys, apart from the database: the master key opens a school's key, that one a person's.

Other modules use `core.crypto.keys`, which knows the school in scope.
"""

import base64
import binascii
import os
import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from portal.config import Settings, settings
from portal.core.crypto.ciphers import KEY_BYTES, KeyMissing, KeysError, code_of, decrypt, derive, encrypt
from portal.core.crypto.copies import Copy, KeyRow, Pair, SchoolRow, prepare

__all__ = ["EVERYTHING", "PersonKey", "Store", "forget", "master_key", "prepare", "store"]

EVERYTHING = "*"
"""Stands for every category: the key of a person under this name is only ever a destroyed one."""
_KEPT_SECONDS = 30.0
_KEPT_MOST = 20_000


class PersonKey(NamedTuple):
    """The key of a person for a category. Each time it is destroyed and made anew its generation is one more."""

    generation: int
    key: bytes


def bound_to(school_id: UUID, person_id: UUID, *names: str, generation: int = 0) -> bytes:
    """Return what a person's key or text is bound to, so that it opens nowhere else."""
    return school_id.bytes + person_id.bytes + generation.to_bytes(4) + " ".join(names).encode()


class Store:
    """The keys' own database, with the master key that opens it."""

    def __init__(self, url: str, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise KeysError(f"the master key must be {KEY_BYTES} bytes")
        self.copy = Copy(url)
        self._master = master
        self._schools: dict[UUID, bytes] = {}
        self._derived: dict[tuple[UUID, str], bytes] = {}
        self._kept: dict[tuple[UUID, Pair], tuple[float, PersonKey]] = {}

    def add_school(self, school_id: UUID) -> None:
        """Make the key of a school; one that is there stays."""
        wrapped = encrypt(derive(self._master, "school keys"), os.urandom(KEY_BYTES), school_id.bytes)
        self.copy.add_school(school_id, SchoolRow(wrapped, self._code_of_school(school_id, wrapped)))

    def _code_of_school(self, school_id: UUID, wrapped: bytes) -> bytes:
        return code_of(derive(self._master, "school rows"), school_id.bytes, wrapped)

    def school_key(self, school_id: UUID) -> bytes:
        """Return the school's own key; raises KeyMissing."""
        key = self._schools.get(school_id)
        if key is None:
            found = self.copy.find_school(school_id)
            if found is None:
                raise KeyMissing(f"school {school_id} has no key in PORTAL_KEYS_URL")
            key = decrypt(derive(self._master, "school keys"), found.wrapped, school_id.bytes)
            self._schools[school_id] = key
        return key

    def derived(self, school_id: UUID, purpose: str) -> bytes:
        """Return the key of a school for one purpose, 32 bytes."""
        key = self._derived.get((school_id, purpose))
        if key is None:
            key = self._derived[school_id, purpose] = derive(self.school_key(school_id), purpose)
        return key

    def keys_of(self, school_id: UUID, pairs: Iterable[Pair], *, make: bool) -> dict[Pair, PersonKey | None]:
        """Return the keys of these people for these categories, None where destroyed; absent where never made.

        One statement, and few more where some are made. With `make` a category's key that was destroyed is followed
        by one of the next generation; of a person whose every key was destroyed none is made any more.
        """
        keys: dict[Pair, PersonKey | None] = {}
        asked = dict.fromkeys(pairs)
        fresh = time.monotonic() - _KEPT_SECONDS
        for pair in asked:
            kept = self._kept.get((school_id, pair))
            if kept is not None and kept[0] > fresh:
                keys[pair] = kept[1]
        unknown = [pair for pair in asked if pair not in keys]
        if not unknown:
            return keys
        found = self._find(school_id, unknown)
        keys |= self._open(school_id, unknown, found)
        if make:
            gone = {person_id for person_id, category in found if category == EVERYTHING}
            missing = [pair for pair in unknown if keys.get(pair) is None and pair[0] not in gone]
            keys |= self._make(school_id, missing, found)
        return keys

    def _find(self, school_id: UUID, pairs: Sequence[Pair]) -> dict[Pair, KeyRow]:
        persons, categories = zip(*pairs, strict=True)
        rows = self.copy.find_keys(school_id, set(persons), {*categories, EVERYTHING})
        return {row.pair: row for row in rows}

    def _open(self, school_id: UUID, pairs: Iterable[Pair], found: dict[Pair, KeyRow]) -> dict[Pair, PersonKey | None]:
        """Return what stands in these rows, unwrapped, and keep it for the next half minute."""
        wrapping = self.derived(school_id, "person keys")
        if len(self._kept) > _KEPT_MOST:
            self._kept.clear()
        moment = time.monotonic()
        opened: dict[Pair, PersonKey | None] = {}
        for pair in pairs:
            row = found.get(pair)
            if (pair[0], EVERYTHING) in found:
                opened[pair] = None
            elif row is not None:
                opened[pair] = key = self._unwrapped(school_id, row, wrapping)
                if key is not None:
                    self._kept[school_id, pair] = (moment, key)
        return opened

    @staticmethod
    def _unwrapped(school_id: UUID, row: KeyRow, wrapping: bytes) -> PersonKey | None:
        if row.wrapped is None:
            return None
        bound = bound_to(school_id, *row.pair, generation=row.generation)
        return PersonKey(row.generation, decrypt(wrapping, row.wrapped, bound))

    def _make(self, school_id: UUID, pairs: Sequence[Pair], found: dict[Pair, KeyRow]) -> dict[Pair, PersonKey | None]:
        """Make keys for these people and categories; where another process was faster, its key stands."""
        if not pairs:
            return {}
        wrapping = self.derived(school_id, "person keys")
        made = {}
        for pair in pairs:
            generation = found[pair].generation + 1 if pair in found else 1
            wrapped = encrypt(wrapping, os.urandom(KEY_BYTES), bound_to(school_id, *pair, generation=generation))
            made[pair] = self._row(school_id, pair, generation, wrapped)
        stored = self.copy.put_keys(school_id, made.values())
        others = [pair for pair in pairs if pair not in stored]
        if others:
            made |= self._find(school_id, others)
        return self._open(school_id, pairs, made)

    def _row(self, school_id: UUID, pair: Pair, generation: int, wrapped: bytes | None) -> KeyRow:
        key = self.derived(school_id, "key rows")
        number = generation.to_bytes(4)
        code = code_of(key, pair[0].bytes, pair[1].encode(), number, *([] if wrapped is None else [wrapped]))
        return KeyRow(*pair, generation, wrapped, code)

    def destroy(self, school_id: UUID, generations: dict[Pair, int]) -> None:
        """Destroy these keys up to this generation of each, for good, at once; all of a person under EVERYTHING."""
        gone = {person_id for person_id, category in generations if category == EVERYTHING}
        held = self.copy.find_keys(school_id, gone) if gone else []
        wanted = {row.pair: row.generation for row in held} | generations
        if wanted:
            self.copy.put_keys(school_id, [self._row(school_id, *each, None) for each in wanted.items()])
        for kept in [each for each in self._kept if each[0] == school_id and each[1] in wanted]:
            del self._kept[kept]


class _InUse:
    """The store that this process uses."""

    store: Store | None = None


def store() -> Store:
    """Return the store of the settings, opened when first needed; raises KeysError."""
    if _InUse.store is None:
        given = settings()
        _InUse.store = Store(given.keys_url, master_key(given))
    return _InUse.store


def forget(*, in_child: bool = False) -> None:
    """Close the store, so that the next use opens it anew; a forked child leaves its parent's connections alone."""
    if _InUse.store is not None:
        _InUse.store.copy.engine.dispose(close=not in_child)
    _InUse.store = None


def master_key(given: Settings) -> bytes:
    """Return the 32 bytes of the master key from the environment or its file; raises KeysError."""
    if given.master_key is not None:
        encoded = given.master_key.get_secret_value()
    elif given.master_key_file is not None:
        encoded = given.master_key_file.read_text()
    else:
        raise KeysError("PORTAL_MASTER_KEY or PORTAL_MASTER_KEY_FILE is missing: 32 bytes, base64")
    try:
        return base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error:
        raise KeysError("PORTAL_MASTER_KEY is not base64") from None
