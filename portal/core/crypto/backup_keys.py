"""The keys of backups, one each, in both copies of the key store: destroyed at the end of the backup's term, or before.

Beside them stands which backups were finished: a key is made before the first row is read.

From then on no copy of that backup opens, wherever it lies.
"""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from portal.core.clock import now
from portal.core.crypto.ciphers import KEY_BYTES, KeysError, decrypt, encrypt
from portal.core.crypto.copies import Unreachable
from portal.core.crypto.key_store import store
from portal.core.crypto.mirror import all_rows
from portal.core.crypto.store_tables import BACKUP_KEY, FINISHED_BACKUP, HOSTING, Row, rows_of


class BackupKeyGone(KeysError):
    """The key of a backup was destroyed, or this key store never had it."""


class BackupKey(NamedTuple):
    """What the key store knows of a backup: until when it may be kept, and whether its key is there."""

    backup_id: UUID
    until: datetime
    is_there: bool


def make_key(backup_id: UUID, until: datetime) -> bytes:
    """Make the key of a backup in both copies, and return it; raises Unreachable."""
    key = os.urandom(KEY_BYTES)
    wrapped = encrypt(store().hosting_key("backup keys"), key, backup_id.bytes)
    row = store().mirror.sign(BACKUP_KEY, HOSTING, backup_id, until, wrapped)
    store().mirror.put_new(BACKUP_KEY, HOSTING, [row], all_rows(BACKUP_KEY, HOSTING))
    return key


def mark_finished(backup_id: UUID) -> None:
    """Note in both copies that a backup was made whole and read back; a copy that can't be reached is mended later."""
    mirror = store().mirror
    mirror.put(FINISHED_BACKUP, HOSTING, [mirror.sign(FINISHED_BACKUP, HOSTING, backup_id, now())])


def open_key(backup_id: UUID) -> bytes:
    """Return the key of a backup; raises BackupKeyGone, KeyDamaged, Unreachable."""
    found = store().mirror.find(BACKUP_KEY, HOSTING, [(backup_id,)], all_rows(BACKUP_KEY, HOSTING)).get((backup_id,))
    if found is None:
        raise BackupKeyGone(f"the key store has no key of backup {backup_id}")
    if found[2] is None:
        raise BackupKeyGone(f"the key of backup {backup_id} was destroyed, at the end of its term or before")
    return decrypt(store().hosting_key("backup keys"), found[2], backup_id.bytes)


def list_keys() -> list[BackupKey]:
    """Return what is known of every backup, the oldest first; raises Unreachable where a copy is away."""
    newest: dict[UUID, Row] = {}
    for copy in store().mirror.copies:
        for row in all_rows(BACKUP_KEY, HOSTING)(copy, ()):
            if store().mirror.is_whole(BACKUP_KEY, HOSTING, row) and (row[0] not in newest or row[2] is None):
                newest[row[0]] = row
    known = [BackupKey(row[0], row[1], row[2] is not None) for row in newest.values()]
    return sorted(known, key=lambda each: (each.until, each.backup_id))


def newest_made_at() -> datetime | None:
    """Return when the newest backup was begun that was finished and whose key is there, by what either copy knows.

    Raises Unreachable.
    """
    finished = store().mirror.gather(FINISHED_BACKUP, HOSTING, rows_of(FINISHED_BACKUP), {"school": HOSTING})
    newest = max({row[0] for row in _gather_there()} & {row[0] for row in finished}, default=None)
    # the first 48 bits of an id say when it was made
    return datetime.fromtimestamp((newest.int >> 80) / 1000, UTC) if newest is not None else None


def latest_until() -> datetime | None:
    """Return until when the last backup may be kept whose key is there, by what either copy knows; raises Unreachable.

    Its key is there from before it reads the first row.
    """
    return max((row[1] for row in _gather_there()), default=None)


def _gather_there() -> list[Row]:
    """Return the rows of the keys that are there, by what either copy knows, each perhaps twice."""
    found = store().mirror.gather(BACKUP_KEY, HOSTING, rows_of(BACKUP_KEY), {"school": HOSTING})
    gone = {row[0] for row in found if row[2] is None}
    return [row for row in found if row[0] not in gone]


def destroy_keys(keys: Iterable[BackupKey]) -> None:
    """Destroy the keys of these backups for good, in both copies; raises Unreachable where one can't be reached."""
    mirror = store().mirror
    rows = [mirror.sign(BACKUP_KEY, HOSTING, each.backup_id, each.until, None) for each in keys]
    if rows and not mirror.put(BACKUP_KEY, HOSTING, rows):
        raise Unreachable("a copy of the keys can't be reached, and a backup's key must be destroyed in both")
