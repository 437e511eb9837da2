"""Making a backup: one snapshot of the database, the files that it speaks for, and apart from both the keys."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import file_digest
from itertools import permutations
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError

from portal.config import Settings
from portal.core.backups import key_exports, places, programs
from portal.core.backups.archive import Named, Packing
from portal.core.backups.contents import open_backup, read_whole
from portal.core.backups.errors import BackupError, told_in_a_line
from portal.core.backups.manifest import DATABASE, FILES, Manifest, Part, cipher_of, write_manifest
from portal.core.clock import now
from portal.core.crypto import backup_keys
from portal.core.crypto.ciphers import KeysError
from portal.core.crypto.comparison import compare
from portal.core.crypto.key_store import store
from portal.core.crypto.streams import write_sealed
from portal.core.db import restore_state
from portal.core.db.base import new_id

_FILES = text("select school_id, name from stored_file where gone_at is null order by school_id, name")
_STILL_THERE = text(
    "select exists (select from stored_file where school_id = :school and name = :name and gone_at is null)"
)
_ROWS_AT_ONCE = 1_000


@dataclass(frozen=True)
class Made:
    """A backup that was made and read back: where it lies, what it says, what stands apart, what was cleared."""

    folder: Path
    manifest: Manifest
    keys: int
    mended: int
    cleared: int


class _Snapshot(NamedTuple):
    """A moment of the database, held by a transaction: its name for pg_dump, when it was, what is in it."""

    connection: Connection
    url: str
    name: str
    at: datetime
    revision: str
    server: int


class _Places(NamedTuple):
    """Where a backup goes: the folder of backups, and the two folders of keys."""

    backups: Path
    keys: tuple[Path, Path]


def make_backup(
    settings: Settings, to: Path | None = None, *, is_recovered: bool = False, ends_others: bool = False
) -> Made:
    """Clear the backups past their term, make one, and read it back; raises BackupError.

    What is past its term goes though no new one can be made, as on a full disk or during a restore. A key of its own
    opens it, which is destroyed with its term. The keys' store is written apart from it, the newest state alone, in two
    folders. `is_recovered` says that the database is an older one than the files: it may speak for files that were
    removed since. `ends_others` says that no other backup may open any more once this one stands.
    """
    where = _places(settings, to)
    with places.held(where.backups):
        cleared = clear_expired(where.backups)
        mended = _agree()
        with _snapshot(settings) as snapshot:
            manifest, folder = _write(settings, snapshot, where.backups, is_recovered=is_recovered)
        if ends_others:
            cleared += clear_expired(where.backups, other_than=manifest.backup_id)
        keys = key_exports.write_export(store(), where.keys)
        backup_keys.mark_finished(manifest.backup_id)
    return Made(folder, manifest, keys, mended, cleared)


def note_finished(place: Path) -> int:
    """Note as finished what an earlier release made here, where none is noted yet; return how many.

    A backup has its last name once it was read back, and a manifest that its key vouches for. Raises KeysError.
    """
    if backup_keys.newest_made_at() is not None:
        return 0
    count = 0
    for folder, said in places.list_backups(place):
        if folder.name == said.folder:
            try:
                manifest, _ = open_backup(folder)
            except (BackupError, KeysError):
                continue
            backup_keys.mark_finished(manifest.backup_id)
            count += 1
    return count


def clear_expired(place: Path, *, other_than: UUID | None = None) -> int:
    """Destroy the keys of backups that are past their term, and remove those that lie here; return how many.

    With `other_than` those of all other backups as well. Raises BackupError.
    """
    with told_in_a_line("clearing old backups", place):
        there = [each for each in backup_keys.list_keys() if each.is_there and each.backup_id != other_than]
        over = [each for each in there if other_than is not None or each.until <= now()]
        backup_keys.destroy_keys(over)
        gone = {each.backup_id for each in backup_keys.list_keys() if not each.is_there}
        for folder, manifest in places.list_backups(place):
            if manifest.backup_id in gone:
                places.remove(folder)
    return len(over)


def _places(settings: Settings, to: Path | None) -> _Places:
    given = {
        "PORTAL_BACKUP_DIR": to or settings.backup_dir,
        "PORTAL_BACKUP_KEYS_DIR": settings.backup_keys_dir,
        "PORTAL_BACKUP_KEYS_COPY_DIR": settings.backup_keys_copy_dir,
    }
    missing = [name for name, folder in given.items() if folder is None]
    if missing:
        raise BackupError(f"{', '.join(missing)}: a folder is wanted")
    backups, first, second = (folder.resolve() for folder in given.values() if folder is not None)
    for one, other in permutations((backups, first, second), 2):
        if one == other or one in other.parents:
            raise BackupError("backups and both copies of the keys want three folders, none within another")
    return _Places(backups, (first, second))


def _agree() -> int:
    """Let both copies of the keys be alike and whole, and return how many rows that took; raises BackupError."""
    try:
        found = compare(store(), mend=True)
    except KeysError as error:
        raise BackupError(f"keys: {error}") from error
    lost = [each for each in found.differences if each.good is None]
    if lost:
        raise BackupError(f"keys: {lost[0]}; `portal keys verify` lists what differs ({len(lost)})")
    return found.mended


@contextmanager
def _snapshot(settings: Settings) -> Iterator[_Snapshot]:
    """Hold a moment of the database for as long as the block lasts, as the role for backups; raises BackupError."""
    url = settings.backup_database_url
    if url is None:
        raise BackupError("PORTAL_BACKUP_DATABASE_URL: the database as a role with BYPASSRLS is wanted")
    engine = create_engine(url, isolation_level="REPEATABLE READ", hide_parameters=True)
    try:
        try:
            connection = engine.connect()
        except OperationalError:
            raise BackupError("PORTAL_BACKUP_DATABASE_URL can't be reached") from None
        with connection:
            connection.execute(text("set transaction read only"))
            sees = "select rolbypassrls or rolsuper from pg_roles where rolname = current_user"
            if not connection.scalar(text(sees)):
                raise BackupError(
                    "PORTAL_BACKUP_DATABASE_URL: its role lacks BYPASSRLS, and would see no school's rows"
                )
            if restore_state.is_under_way(connection):
                raise BackupError("the database is being restored, and isn't brought up to what ended since")
            name, at, server = connection.execute(
                text("select pg_export_snapshot(), now(), current_setting('server_version_num')::integer")
            ).one()
            revision = connection.scalar(text("select version_num from alembic_version"))
            yield _Snapshot(connection, url, name, at, str(revision), server)
    finally:
        engine.dispose()


def _write(settings: Settings, snapshot: _Snapshot, place: Path, *, is_recovered: bool) -> tuple[Manifest, Path]:
    dump = programs.find_program("pg_dump", settings.pg_programs, snapshot.server)
    restore = programs.find_program("pg_restore", settings.pg_programs, snapshot.server)
    backup_id, until = new_id(), now() + timedelta(days=settings.backup_days)
    with told_in_a_line("keys", place):
        key = backup_keys.make_key(backup_id, until)
    try:
        dumped = programs.output_of(*_dump_command(dump, snapshot))
        packing = Packing(settings.files_dir, _names(snapshot.connection))
        manifest = Manifest(
            backup_id=backup_id, made_at=snapshot.at, until=until, revision=snapshot.revision,
            server=snapshot.server // 10_000, files=0, parts={},
        )  # fmt: skip
        with told_in_a_line("backup", place), places.new_folder(place, manifest.folder) as folder:
            parts = {DATABASE: _write_part(manifest, DATABASE, folder, dumped, key)}
            parts[FILES] = _write_part(manifest, FILES, folder, packing, key)
            if not is_recovered:
                _check_missing(settings, packing.missing)
            manifest = Manifest(**{**vars(manifest), "files": packing.count, "parts": parts})
            write_manifest(manifest, key, folder)
            read_whole(folder, key, restore)
    except BaseException:
        backup_keys.destroy_keys([backup_keys.BackupKey(backup_id, until, is_there=True)])
        raise
    return manifest, place / manifest.folder


def _dump_command(dump: Path, snapshot: _Snapshot) -> tuple[list[str | Path], dict[str, str]]:
    """Return what dumps the snapshot: rows and definitions, no owners and no rights, which a restore gives anew."""
    address, environment = programs.address_of(snapshot.url)
    kept = ["--format=custom", "--compress=1", "--no-owner", "--no-privileges", "--no-sync"]
    return [dump, *kept, f"--snapshot={snapshot.name}", f"--dbname={address}"], environment


def _names(connection: Connection) -> Iterator[Named]:
    """Yield the files that the snapshot speaks for, a thousand rows at a time."""
    rows = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(_FILES)
    yield from ((row.school_id, row.name) for row in rows)


def _write_part(manifest: Manifest, name: str, folder: Path, content: Iterable[bytes], key: bytes) -> Part:
    path = folder / name
    with path.open("wb") as out:
        size, _ = write_sealed(out, content, cipher_of(key, manifest.backup_id, name))
    with path.open("rb") as stored:
        digest = file_digest(stored, "sha256").hexdigest()
    return Part(size, path.stat().st_size, digest)


def _check_missing(settings: Settings, missing: list[tuple[UUID, str]]) -> None:
    """Raise BackupError where a file isn't there though it wasn't removed since the snapshot either."""
    if not missing:
        return
    engine = create_engine(str(settings.backup_database_url), hide_parameters=True)
    try:
        with engine.connect() as connection:
            lost = [each for each in missing if connection.scalar(_STILL_THERE, {"school": each[0], "name": each[1]})]
    finally:
        engine.dispose()
    if lost:
        (school_id, name), *_ = lost
        raise BackupError(f"{len(lost)} stored files are lost from PORTAL_FILES_DIR, the first {school_id}/{name}")
