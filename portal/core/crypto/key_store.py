"""The store of wrapped keys, apart from the database: the master key opens a school's key, that one a person's.

Other modules use `core.crypto.keys`, which knows the school in scope.
"""

import base64
import binascii
import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Table, Text, Uuid, any_, bindparam

from portal.config import Settings, settings
from portal.core.crypto.ciphers import (
    KEY_BYTES,
    KeyDamaged,
    KeyMissing,
    KeysError,
    SchoolGone,
    WrongMasterKey,
    code_of,
    decrypt,
    derive,
    encrypt,
)
from portal.core.crypto.copies import Copy, Unreachable, prepare_copy
from portal.core.crypto.mirror import Mirror, Select, all_rows
from portal.core.crypto.store_tables import OF_HOSTING, PERSON_KEY, SCHOOL_KEY, Row, rows_of

EVERYTHING = "*"
"""Stands for every category: the key of a person under this name is only ever a destroyed one."""
_KEPT_SECONDS = 30.0
_KEPT_MOST = 20_000
_FIND_PEOPLE = rows_of(PERSON_KEY).where(PERSON_KEY.c.person_id == any_(bindparam("people", type_=ARRAY(Uuid))))
_FIND_KEYS = _FIND_PEOPLE.where(PERSON_KEY.c.category == any_(bindparam("categories", type_=ARRAY(Text))))

Pair = tuple[UUID, str]
"""A person and a category."""


class PersonKey(NamedTuple):
    """The key of a person for a category. Each time it is destroyed and made anew its generation is one more."""

    generation: int
    key: bytes


class _Fetched(NamedTuple):
    """When keys were asked of the store, and whether for sealing."""

    since: float
    seals: bool


class _Kept(NamedTuple):
    """A key at hand: when it was asked of the store, whether for sealing, and the key."""

    since: float
    seals: bool
    key: PersonKey


class _KeyRow(NamedTuple):
    """A row of PERSON_KEY; `wrapped` is None where the key was destroyed."""

    person_id: UUID
    category: str
    generation: int
    wrapped: bytes | None
    code: bytes


def bound_to(school_id: UUID, person_id: UUID, *names: str, generation: int = 0) -> bytes:
    """Return what a person's key or text is bound to, so that it opens nowhere else."""
    return school_id.bytes + person_id.bytes + generation.to_bytes(4) + " ".join(names).encode()


class Store:
    """The keys in both copies, with the master key that opens them."""

    def __init__(self, copies: tuple[Copy, Copy], master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise KeysError(f"PORTAL_MASTER_KEY must be {KEY_BYTES} bytes")
        self.mirror = Mirror(copies, self._code_key)
        self._master = master
        self._fingerprint = code_of(derive(master, "fingerprint"))
        self._schools: dict[UUID, bytes] = {}
        self._derived: dict[tuple[UUID, str], bytes] = {}
        self._kept: dict[tuple[UUID, Pair], _Kept] = {}

    def close(self, *, in_child: bool = False) -> None:
        """Close the connections; a forked child leaves its parent's alone."""
        for copy in self.mirror.copies:
            copy.engine.dispose(close=not in_child)

    def _code_key(self, table: Table, school_id: UUID) -> bytes:
        if table is SCHOOL_KEY:
            return derive(self._master, "school rows")
        return self.hosting_key("rows") if table in OF_HOSTING else self.derived(school_id, "rows")

    def hosting_key(self, purpose: str) -> bytes:
        """Return the key of the whole hosting for one purpose, 32 bytes."""
        return derive(self._master, f"hosting {purpose}")

    def add_school(self, school_id: UUID) -> None:
        """Make the key of a school, unless it has one; raises Unreachable."""
        if self._find_school(school_id) is None:
            wrapped = encrypt(derive(self._master, "school keys"), os.urandom(KEY_BYTES), school_id.bytes)
            row = self.mirror.sign(SCHOOL_KEY, school_id, wrapped, self._fingerprint)
            self.mirror.put_new(SCHOOL_KEY, school_id, [row], all_rows(SCHOOL_KEY, school_id))

    def mark_destroyed(self, school_id: UUID) -> None:
        """Let a row without a key stand for this school in both copies, for good; raises Unreachable.

        It is told by the master key, and so outlives the school: no key of it is made or comes back any more.
        """
        row = self.mirror.sign(SCHOOL_KEY, school_id, b"", self._fingerprint)
        for copy in self.mirror.copies:
            copy.put(SCHOOL_KEY, school_id, [row])
            if self._find_in(copy, school_id) != row:
                raise KeysError(f"the key of school {school_id} is still there in {copy.setting}")
        self._schools.pop(school_id, None)
        for derived_key in [each for each in self._derived if each[0] == school_id]:
            del self._derived[derived_key]
        for kept in [each for each in self._kept if each[0] == school_id]:
            del self._kept[kept]

    @staticmethod
    def _find_in(copy: Copy, school_id: UUID) -> Row | None:
        return next((tuple(row) for row in copy.rows(rows_of(SCHOOL_KEY), school=school_id)), None)

    def _find_school(self, school_id: UUID) -> Row | None:
        try:
            found = self.mirror.find(SCHOOL_KEY, school_id, [()], all_rows(SCHOOL_KEY, school_id))
        except KeyDamaged:
            self.check_master()
            raise
        return found.get(())

    def check_master(self) -> None:
        """Raise WrongMasterKey where the key of no school was wrapped with this master key, and of some with another.

        What can't be reached isn't looked at.
        """
        fingerprints: set[bytes] = set()
        for copy in self.mirror.copies:
            try:
                fingerprints |= {row[1] for row in copy.schools().values()}
            except Unreachable:
                continue
        if fingerprints and self._fingerprint not in fingerprints:
            raise WrongMasterKey("PORTAL_MASTER_KEY is not the one with which the keys of the schools were wrapped")

    def school_key(self, school_id: UUID) -> bytes:
        """Return the school's own key; raises KeyMissing, KeyDamaged, WrongMasterKey, Unreachable."""
        key = self._schools.get(school_id)
        if key is None:
            row = self._find_school(school_id)
            if row is None:
                raise KeyMissing(f"school {school_id} has no key in PORTAL_KEYS_URL")
            if not row[0]:
                raise SchoolGone(f"the key of school {school_id} was destroyed: the school left")
            key = decrypt(derive(self._master, "school keys"), row[0], school_id.bytes)
            self._schools[school_id] = key
        return key

    def derived(self, school_id: UUID, purpose: str) -> bytes:
        """Return the key of a school for one purpose, 32 bytes."""
        key = self._derived.get((school_id, purpose))
        if key is None:
            key = self._derived[school_id, purpose] = derive(self.school_key(school_id), purpose)
        return key

    def keys_of(
        self,
        school_id: UUID,
        pairs: Iterable[Pair],
        *,
        make: bool,
        since: float = 0.0,
        doomed: Callable[[], Mapping[Pair, int]] = dict,
    ) -> dict[Pair, PersonKey | None]:
        """Return the keys of these people for these categories, None where destroyed; absent where never made.

        One statement, and few more where some are made. With `make`, which is for sealing, a category's key that was
        destroyed is followed by one of the next generation; of a person whose every key was destroyed none is made any
        more. A key at hand is used where it was fetched since that moment of the monotonic clock, and where `make`
        wants one, for sealing. `doomed` tells which keys, up to which generation, are to be destroyed and may still
        stand in a copy: those aren't used.
        """
        keys: dict[Pair, PersonKey | None] = {}
        asked = dict.fromkeys(pairs)
        fresh = max(time.monotonic() - _KEPT_SECONDS, since)
        for pair in asked:
            kept = self._kept.get((school_id, pair))
            if kept is not None and kept.since > fresh and (kept.seals or not make):
                keys[pair] = kept.key
        unknown = [pair for pair in asked if pair not in keys]
        if not unknown:
            return keys
        asked_at = time.monotonic()
        found = self.mirror.find(PERSON_KEY, school_id, unknown, _select_of(school_id))
        gone = _gone(unknown, found, doomed())
        keys |= self._open(school_id, [pair for pair in unknown if pair not in gone], found, _Fetched(asked_at, make))
        if make:
            missing = [pair for pair in unknown if keys.get(pair) is None and pair not in gone]
            keys |= self._make(school_id, missing, found)
        return keys | dict.fromkeys(gone)

    def _open(
        self, school_id: UUID, pairs: Iterable[Pair], found: dict[Row, Row], fetched: _Fetched
    ) -> dict[Pair, PersonKey | None]:
        """Return what stands in these rows, unwrapped, and keep it for the next half minute."""
        wrapping = self.derived(school_id, "person keys")
        if len(self._kept) > _KEPT_MOST:
            self._kept.clear()
        opened: dict[Pair, PersonKey | None] = {}
        for pair in pairs:
            if pair in found:
                opened[pair] = key = _unwrapped(wrapping, school_id, _KeyRow(*found[pair]))
                if key is not None:
                    self._kept[school_id, pair] = _Kept(*fetched, key)
        return opened

    def _make(self, school_id: UUID, pairs: Sequence[Pair], found: dict[Row, Row]) -> dict[Pair, PersonKey | None]:
        """Make keys for these people and categories; where another process was faster, its key stands."""
        if not pairs:
            return {}
        wrapping = self.derived(school_id, "person keys")
        rows = []
        for pair in pairs:
            generation = _KeyRow(*found[pair]).generation + 1 if pair in found else 1
            wrapped = encrypt(wrapping, os.urandom(KEY_BYTES), bound_to(school_id, *pair, generation=generation))
            rows.append(self.mirror.sign(PERSON_KEY, school_id, *pair, generation, wrapped))
        asked_at = time.monotonic()
        stored = self.mirror.put_new(PERSON_KEY, school_id, rows, _select_of(school_id))
        return self._open(school_id, pairs, stored, _Fetched(asked_at, True))

    def destroy(self, school_id: UUID, generations: dict[Pair, int]) -> bool:
        """Destroy these keys up to this generation of each, for good, in each copy that can be reached.

        Under EVERYTHING all keys of a person are. Says whether that is so in both copies now.
        """
        wanted, is_complete = dict(generations), True
        gone = list({person_id for person_id, category in generations if category == EVERYTHING})
        for copy in self.mirror.copies if gone else ():
            try:
                held = [_KeyRow(*row) for row in copy.rows(_FIND_PEOPLE, school=school_id, people=gone)]
            except Unreachable:
                is_complete = False
                continue
            for row in held:
                pair = (row.person_id, row.category)
                wanted[pair] = max(row.generation, wanted.get(pair, 0))
        rows = [self.mirror.sign(PERSON_KEY, school_id, *pair, last, None) for pair, last in wanted.items()]
        self.drop(school_id, wanted)
        return (not rows or self.mirror.put(PERSON_KEY, school_id, rows)) and is_complete

    def drop(self, school_id: UUID, pairs: Collection[Pair]) -> None:
        """Keep these keys at hand no longer."""
        for kept in [each for each in self._kept if each[0] == school_id]:
            if kept[1] in pairs or (kept[1][0], EVERYTHING) in pairs:
                del self._kept[kept]


def _gone(pairs: Iterable[Pair], found: dict[Row, Row], doomed: Mapping[Pair, int]) -> set[Pair]:
    """Return of which of these pairs no key may be used or made: of people who were erased, and of doomed keys."""
    gone = set()
    for pair in pairs:
        everything = (pair[0], EVERYTHING)
        row = _KeyRow(*found[pair]) if pair in found else None
        is_doomed = row is not None and row.wrapped is not None and row.generation <= doomed.get(pair, 0)
        if is_doomed or everything in found or everything in doomed:
            gone.add(pair)
    return gone


def _select_of(school_id: UUID) -> Select:
    """Return what reads keys by their pairs from a copy, with the mark of people whose every key was destroyed."""

    def select(copy: Copy, pairs: Sequence[Row]) -> list[Row]:
        people, categories = ({*each} for each in zip(*pairs, strict=True))
        found = copy.rows(_FIND_KEYS, school=school_id, people=[*people], categories=[*(categories | {EVERYTHING})])
        return [tuple(row) for row in found]

    return select


def _unwrapped(wrapping: bytes, school_id: UUID, row: _KeyRow) -> PersonKey | None:
    if row.wrapped is None:
        return None
    bound = bound_to(school_id, row.person_id, row.category, generation=row.generation)
    return PersonKey(row.generation, decrypt(wrapping, row.wrapped, bound))


def prepare(given: Settings) -> None:
    """Make the databases and tables of both copies that aren't there, as their owners; safe to repeat."""
    owners = (given.migrate_keys_url, given.migrate_keys_copy_url or given.migrate_keys_url)
    for owner_url, (_, url) in zip(owners, given.key_stores, strict=True):
        prepare_copy(owner_url or url, url)


class _InUse:
    """The store that this process uses, opened by one thread."""

    store: Store | None = None
    opening = Lock()


def store() -> Store:
    """Return the store of the settings, opened when first needed; raises KeysError."""
    found = _InUse.store
    if found is None:
        with _InUse.opening:
            found = _InUse.store = _InUse.store or _opened(settings())
    return found


def _opened(given: Settings) -> Store:
    first, second = (Copy(*each, prepares=given.prepare_statements) for each in given.key_stores)
    return Store((first, second), master_key(given))


def forget(*, in_child: bool = False) -> None:
    """Close the store, so that the next use opens it anew; a forked child leaves its parent's connections alone."""
    kept, _InUse.store = _InUse.store, None
    if kept is not None:
        kept.close(in_child=in_child)


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
