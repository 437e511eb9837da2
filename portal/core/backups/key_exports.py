"""The keys and the ledger of endings as a file, the newest state only, in two folders apart from the backups.

It is one stream of rows under a key of the master key. Each time it takes the place of the one before, in both folders:
a key that was destroyed since is in neither.
"""

import base64
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from uuid import UUID

from portal.core.backups.errors import BackupError, told_in_a_line
from portal.core.clock import now
from portal.core.crypto.ciphers import KeyDamaged
from portal.core.crypto.comparison import pages_of
from portal.core.crypto.key_store import Store
from portal.core.crypto.store_tables import HOSTING, OF_HOSTING, SCHOOL_KEY, STORE, Row
from portal.core.crypto.streams import StreamCipher, read_sealed, sync_folder, write_sealed

NAME = "keys.inzage"
_FORMAT = 1
_SALT_BYTES = 16
_BLOCK_BYTES = 256 * 1024


class Exported(NamedTuple):
    """Some rows of one table and one school, as they are in the key store."""

    table: str
    school_id: UUID
    rows: list[Row]


def write_export(store: Store, folders: tuple[Path, Path]) -> int:
    """Write the keys into each of these folders and read them back; return how many rows. Raises BackupError.

    Both copies of the store have been compared by now, and are alike. The second file is a copy of the first, which was
    checked row by row.
    """
    first, second = folders
    with _in_place(first) as new:
        with _created(new) as out:
            salt = os.urandom(_SALT_BYTES)
            out.write(salt)
            write_sealed(out, _lines(_rows(store), now()), _cipher(store, salt))
        count = _check(store, new)
    with _in_place(second) as new:
        with (first / NAME).open("rb") as written, _created(new) as out:
            shutil.copyfileobj(written, out, _BLOCK_BYTES)
            out.flush()
            os.fsync(out.fileno())
        if _digest(new) != _digest(first / NAME):
            raise BackupError(f"keys: {new} isn't what was written to it")
    return count


@contextmanager
def _in_place(folder: Path) -> Iterator[Path]:
    """Yield where to write a folder's new file; it takes the place of the one before once the block ends well."""
    new = folder / f"{NAME}.new"
    with told_in_a_line("keys", folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            yield new
            new.rename(folder / NAME)
            sync_folder(folder)
        except BaseException:
            new.unlink(missing_ok=True)
            raise


def _created(path: Path) -> BinaryIO:
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _digest(path: Path) -> bytes:
    with path.open("rb") as handle:
        return file_digest(handle, "sha256").digest()


def read_export(store: Store, path: Path, known: set[bytes] | None = None) -> Iterator[Exported]:
    """Yield the rows of a file in the order in which they were written; raises Damaged, and BackupError for a cut one.

    The rows of the school's own keys come first: their codes open with the master key alone. What stands in `known`,
    the lines of another file, is passed over; those of this one are added to it.
    """
    lines = _read_lines(store, path)
    next(lines, None)
    for line in lines:
        digest = sha256(line).digest()
        if known is not None and digest in known:
            continue
        read = json.loads(line)
        rows = [tuple(_from_plain(value) for value in row) for row in read["rows"]]
        yield Exported(read["table"], UUID(read["school"]), rows)
        if known is not None:
            known.add(digest)


def read_to_its_end(store: Store, path: Path) -> None:
    """Read a file to its end, so that it can be trusted; raises Damaged."""
    for _line in _read_lines(store, path):
        pass


def exported_at(store: Store, path: Path) -> datetime:
    """Return when a file was written; raises Damaged, BackupError."""
    line = next(_read_lines(store, path), None)
    head = json.loads(line) if line is not None else {}
    if head.get("format") != _FORMAT:
        raise BackupError(f"{path} was made in another way than this version knows")
    return datetime.fromisoformat(head["at"])


def _check(store: Store, path: Path) -> int:
    """Read a file whole, and check the code of each row; return how many there are."""
    count, schools = 0, set()
    for table, school_id, rows in read_export(store, path):
        for row in rows:
            if not store.mirror.is_whole(STORE.tables[table], school_id, row):
                raise KeyDamaged(f"a row of {table} was damaged on its way to {path}")
        count += len(rows)
        schools.add(school_id)
    return count


def _rows(store: Store) -> Iterator[Exported]:
    first = store.mirror.copies[0]
    for school_id, row in first.schools().items():
        yield Exported(SCHOOL_KEY.name, school_id, [row])
    for table in OF_HOSTING:
        for rows in pages_of(first, table, HOSTING):
            yield Exported(table.name, HOSTING, rows)
    for school_id, (wrapped, *_) in first.schools().items():
        for table in STORE.sorted_tables if wrapped else ():  # nothing of a school that left
            if table not in (SCHOOL_KEY, *OF_HOSTING):
                for rows in pages_of(first, table, school_id):
                    yield Exported(table.name, school_id, rows)


def _lines(exported: Iterable[Exported], moment: datetime) -> Iterator[bytes]:
    yield json.dumps({"format": _FORMAT, "at": moment.isoformat()}).encode() + b"\n"
    for table, school_id, rows in exported:
        plain = [[_to_plain(value) for value in row] for row in rows]
        yield json.dumps({"table": table, "school": str(school_id), "rows": plain}).encode() + b"\n"


def _read_lines(store: Store, path: Path) -> Iterator[bytes]:
    waiting = bytearray()
    handle = path.open("rb")
    for block in read_sealed(handle, _cipher(store, handle.read(_SALT_BYTES))):
        waiting += block
        *whole, rest = waiting.split(b"\n")
        waiting = bytearray(rest)
        yield from map(bytes, whole)


def _cipher(store: Store, salt: bytes) -> StreamCipher:
    """Return the cipher of the export with this salt: chunks are numbered, so each export has a key of its own."""
    return StreamCipher(store.hosting_key(f"keys export {salt.hex()}"), b"keys export")


def _to_plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"b": base64.b64encode(value).decode()}
    if isinstance(value, UUID):
        return {"u": str(value)}
    return {"t": value.isoformat()} if isinstance(value, datetime) else value


def _from_plain(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    (kind, said), *_ = value.items()
    if kind == "b":
        return base64.b64decode(said)
    return UUID(said) if kind == "u" else datetime.fromisoformat(said)
