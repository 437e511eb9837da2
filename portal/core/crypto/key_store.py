"""The store of wrapped keys, a database of its own: the master key opens a school's key, that one a learner's.

Other modules use `core.keys`, which knows the school in scope.
"""

import base64
import binascii
import os
import time
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import CursorResult, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from portal.config import Settings, settings
from portal.core.db import row_security

_VERSION = b"\x01"
_NONCE_BYTES = 12
_KEY_BYTES = 32
_KEPT_SECONDS = 30.0
_KEPT_MOST = 20_000

TABLES = (
    """create table if not exists school_key (
        school_id uuid primary key,
        wrapped bytea not null,
        made_at timestamptz not null default now())""",
    """create table if not exists learner_key (
        school_id uuid not null,
        learner_id uuid not null,
        wrapped bytea,
        made_at timestamptz not null default now(),
        destroyed_at timestamptz,
        primary key (school_id, learner_id),
        constraint ck_learner_key_destroyed check ((wrapped is null) = (destroyed_at is not null)))""",
    """create table if not exists seal_head (
        school_id uuid primary key,
        number bigint not null,
        mac bytea not null)""",
)
GRANTS = "grant select, insert, update on school_key, learner_key, seal_head to"

_INSERT_SCHOOL = text("insert into school_key (school_id, wrapped) values (:school, :wrapped) on conflict do nothing")
_SELECT_SCHOOL = text("select wrapped from school_key where school_id = :school")
_SELECT_LEARNERS = text(
    "select learner_id, wrapped from learner_key where school_id = :school and learner_id = any(:ids)"
)
_INSERT_LEARNERS = text(
    "insert into learner_key (school_id, learner_id, wrapped)"
    " select :school, id, wrapped from unnest(cast(:ids as uuid[]), cast(:wrapped as bytea[])) as made (id, wrapped)"
    " on conflict do nothing"
)
_DESTROY = text(
    "insert into learner_key (school_id, learner_id, wrapped, destroyed_at)"
    " select :school, id, null, now() from unnest(cast(:ids as uuid[])) as gone (id)"
    " on conflict (school_id, learner_id) do update set wrapped = null, destroyed_at = excluded.destroyed_at"
    " where learner_key.wrapped is not null"
)
HEAD = text("select number, mac from seal_head where school_id = :school")
SET_HEAD = text(
    "insert into seal_head (school_id, number, mac) values (:school, :number, :mac)"
    " on conflict (school_id) do update set number = excluded.number, mac = excluded.mac"
    " where seal_head.number < excluded.number"
)


class KeysError(Exception):
    """Something can't be sealed or opened; the text names no person and no value."""


class KeyMissing(KeysError):
    """The store has no such key: the school was never added to it, or the wrong store is in use."""


class KeyDestroyed(KeysError):
    """The learner's key was destroyed: what it sealed is gone for good. Show "verwijderd"."""

    def __init__(self, learner_id: UUID) -> None:
        super().__init__(f"the key of learner {learner_id} was destroyed")
        self.learner_id = learner_id


class CannotOpen(KeysError):
    """The blob was altered, or sealed under another key, for another learner or for another purpose."""


def encrypt(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Encrypt under a key of 32 bytes, bound to what it belongs to: version, nonce, text and tag."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, _VERSION + bound_to)


def decrypt(key: bytes, blob: bytes, bound_to: bytes) -> bytes:
    """Open what `encrypt` made; raises CannotOpen."""
    version, nonce, sealed = (
        blob[:1],
        blob[1 : 1 + _NONCE_BYTES],
        blob[1 + _NONCE_BYTES :],
    )
    if version != _VERSION:
        raise CannotOpen("sealed in a way that this version doesn't know")
    try:
        return AESGCM(key).decrypt(nonce, sealed, version + bound_to)
    except InvalidTag:
        raise CannotOpen("altered, or sealed for something else") from None


def derive(key: bytes, purpose: str) -> bytes:
    """Return the key of 32 bytes that stands for one purpose of this key."""
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"inzage " + purpose.encode()).derive(key)


def bound_to(school_id: UUID, learner_id: UUID, purpose: str) -> bytes:
    """Return what a learner's text is bound to, so that it opens nowhere else."""
    return school_id.bytes + learner_id.bytes + purpose.encode()


class Store:
    """The keys' own database, with the master key that opens it."""

    def __init__(self, url: str, master: bytes) -> None:
        if len(master) != _KEY_BYTES:
            raise KeysError(f"the master key must be {_KEY_BYTES} bytes")
        self.engine: Engine = create_engine(
            url,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            pool_size=2,
            max_overflow=8,
        )
        self._master = master
        self._schools: dict[UUID, bytes] = {}
        self._derived: dict[tuple[UUID, str], bytes] = {}
        self._learners: dict[tuple[UUID, UUID], tuple[float, bytes]] = {}

    def rows(self, statement: Any, **values: Any) -> Sequence[Any]:
        """Run one statement, which may be run twice, and return its rows; a lost connection is made anew once."""
        try:
            return self._run(statement, values)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return self._run(statement, values)

    def _run(self, statement: Any, values: dict[str, Any]) -> Sequence[Any]:
        with self.engine.connect() as connection:
            result: CursorResult[Any] = connection.execute(statement, values)
            return result.all() if result.returns_rows else []

    def add_school(self, school_id: UUID) -> None:
        """Make the key of a school; one that is there stays."""
        wrapped = encrypt(
            derive(self._master, "school keys"),
            os.urandom(_KEY_BYTES),
            school_id.bytes,
        )
        self.rows(_INSERT_SCHOOL, school=school_id, wrapped=wrapped)

    def school_key(self, school_id: UUID) -> bytes:
        """Return the school's own key; raises KeyMissing."""
        key = self._schools.get(school_id)
        if key is None:
            found = self.rows(_SELECT_SCHOOL, school=school_id)
            if not found:
                raise KeyMissing(f"school {school_id} has no key in PORTAL_KEYS_URL")
            key = decrypt(derive(self._master, "school keys"), found[0].wrapped, school_id.bytes)
            self._schools[school_id] = key
        return key

    def derived(self, school_id: UUID, purpose: str) -> bytes:
        """Return the key of a school for one purpose, 32 bytes."""
        key = self._derived.get((school_id, purpose))
        if key is None:
            key = self._derived[school_id, purpose] = derive(self.school_key(school_id), purpose)
        return key

    def make(self, school_id: UUID, learner_ids: Sequence[UUID]) -> None:
        """Make keys for these learners in one statement; those that have one, or had one, keep what they have."""
        wrapping = self.derived(school_id, "learner keys")
        wrapped = [encrypt(wrapping, os.urandom(_KEY_BYTES), school_id.bytes + each.bytes) for each in learner_ids]
        self.rows(_INSERT_LEARNERS, school=school_id, ids=list(learner_ids), wrapped=wrapped)

    def learner_keys(self, school_id: UUID, learner_ids: Iterable[UUID], *, make: bool) -> dict[UUID, bytes | None]:
        """Return the keys of these learners, None where destroyed; at most one statement, three where some are made."""
        keys: dict[UUID, bytes | None] = {}
        asked = dict.fromkeys(learner_ids)
        fresh = time.monotonic() - _KEPT_SECONDS
        for learner_id in asked:
            kept = self._learners.get((school_id, learner_id))
            if kept is not None and kept[0] > fresh:
                keys[learner_id] = kept[1]
        self._fetch(school_id, [each for each in asked if each not in keys], keys)
        missing = [each for each in asked if each not in keys]
        if missing and make:
            self.make(school_id, missing)
            self._fetch(school_id, missing, keys)
        return keys

    def _fetch(self, school_id: UUID, ids: list[UUID], into: dict[UUID, bytes | None]) -> None:
        if not ids:
            return
        wrapping = self.derived(school_id, "learner keys")
        if len(self._learners) > _KEPT_MOST:
            self._learners.clear()
        moment = time.monotonic()
        for row in self.rows(_SELECT_LEARNERS, school=school_id, ids=ids):
            into[row.learner_id] = None
            if row.wrapped is not None:
                key = decrypt(wrapping, row.wrapped, school_id.bytes + row.learner_id.bytes)
                into[row.learner_id] = key
                self._learners[school_id, row.learner_id] = (moment, key)

    def destroy(self, school_id: UUID, learner_ids: Sequence[UUID]) -> None:
        """Destroy the keys of these learners, for good, at once."""
        self.rows(_DESTROY, school=school_id, ids=list(learner_ids))
        for learner_id in learner_ids:
            self._learners.pop((school_id, learner_id), None)


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
        _InUse.store.engine.dispose(close=not in_child)
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


def prepare(owner_url: str, application_url: str) -> None:
    """Make the tables in the store that `application_url` names, as the owner, and let that role use them.

    Safe to repeat. `owner_url` says who the owner is and how she signs in; where, the other one says.
    """
    application = make_url(application_url)
    owner = make_url(owner_url).set(
        host=application.host, port=application.port, database=application.database, query=application.query
    )
    engine = create_engine(owner, hide_parameters=True)
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(20261122)"))
        for statement in TABLES:
            connection.execute(text(statement))
        if application.username and application.username != connection.scalar(text("select current_user")):
            row_security.make_role(connection, row_security.APPLICATION)
            row_security.make_application_login(connection, application.username, application.password)
            connection.execute(text(f'{GRANTS} "{application.username}"'))
    engine.dispose()
