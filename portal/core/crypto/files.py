"""Encrypted files: a row in the database, the content in chunks on disk under PORTAL_FILES_DIR, streamed both ways.

A file is on disk before its row is committed; what no row speaks for is swept away.
Who may open one is decided elsewhere.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, Index, LargeBinary, String, and_, or_, select, update
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column

from portal.config import settings
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.crypto.ciphers import derive
from portal.core.crypto.streams import CHUNK_BYTES, Damaged, StreamCipher, read_sealed, sync_folder, write_sealed
from portal.core.db.base import SchoolOwned
from portal.core.db.commit_hooks import on_commit
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.personal_data import Path as PersonPath
from portal.core.personal_data import PersonKind, not_personal, personal, reaches

__all__ = ["CHUNK_BYTES", "Damaged", "StoredFile", "get_file", "is_there", "open_file", "remove", "store", "sweep"]

_NEW = ".new"
_NEW_KEPT = timedelta(hours=24)


def _is_live(row: Any, moment: Any) -> bool:
    return row.gone_at is None and (row.expires_at is None or row.expires_at > moment)


def _is_live_in_sql(table: Any, moment: Any) -> ColumnElement[bool]:
    return and_(table.gone_at.is_(None), or_(table.expires_at.is_(None), table.expires_at > moment))


class StoredFile(SchoolOwned):
    """One file. About a person, it opens with her key for its category, of this generation; else with the school's."""

    __tablename__ = "stored_file"
    __people__ = reaches(
        learner="learner_id",
        representative=PersonPath("person_id", target="representative"),
        contact_person=PersonPath("person_id", target="contact_person"),
        staff=PersonPath("person_id", target="account"),
    )
    __table_args__ = (
        CheckConstraint("size >= 0", name="size"),
        CheckConstraint("num_nulls(coalesce(learner_id, person_id), category, key_generation) in (0, 3)", name="key"),
        Index("ix_stored_file_learner_id", "school_id", "learner_id"),
    )

    learner_id: Mapped[UUID | None] = mapped_column(info=personal("dealings"))
    person_id: Mapped[UUID | None] = mapped_column(info=personal("dealings"))
    """Whose it is who is no learner."""
    category: Mapped[str | None] = mapped_column(String(40), info=not_personal())
    key_generation: Mapped[int | None] = mapped_column(info=not_personal())
    name: Mapped[str] = mapped_column(info=not_personal())
    media_type: Mapped[str] = mapped_column(info=not_personal())
    size: Mapped[int] = mapped_column(BigInteger, info=not_personal())
    digest: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal())
    made_at: Mapped[datetime] = mapped_column(info=not_personal())
    expires_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    gone_at: Mapped[datetime | None] = mapped_column(info=not_personal())

    is_live = hybrid_method(_is_live, _is_live_in_sql)
    """Say whether it can still be read at a moment."""


def _folder() -> Path:
    return settings().files_dir / str(current_school_id())


def _path(name: str) -> Path:
    return _folder() / name[:2] / name


def _cipher(name: str, key: bytes) -> StreamCipher:
    """Return the cipher of one file, bound to its school and name. It serves this file only."""
    return StreamCipher(derive(key, f"file {name}"), current_school_id().bytes + name.encode())


def store(
    content: Iterable[bytes],
    *,
    about: tuple[UUID, str] | None = None,
    kind: PersonKind = PersonKind.LEARNER,
    media_type: str = "application/octet-stream",
    expires_at: datetime | None = None,
) -> UUID:
    """Encrypt and keep a stream of bytes in flat memory, and return the stored file's id.

    `about` is the person, of this kind, and the field that will hold this id (`identity_document.file_id`); leave it
    out for a file of the school's own. On disk before this returns; the row is in the caller's transaction.
    Raises KeyDestroyed.
    """
    person_id, category = (None, None) if about is None else (about[0], keys.category_of(about[1]))
    generation, key = None, b""
    if person_id is None or category is None:
        key = keys.school_key("files")
    else:
        generation, key = keys.file_key(person_id, category)
    name = secrets.token_hex(16)
    target = _path(name)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = target.with_name(name + _NEW)
    try:
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            size, digest = write_sealed(out, content, _cipher(name, key))
        sync_folder(target.parent)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    row = StoredFile(
        learner_id=person_id if kind is PersonKind.LEARNER else None,
        person_id=person_id if kind is not PersonKind.LEARNER else None,
        category=category, key_generation=generation, name=name, media_type=media_type,
        size=size, digest=digest, made_at=now(), expires_at=expires_at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    on_commit(partial(_settle, new, target))
    return row.id


def _settle(new: Path, target: Path) -> None:
    new.rename(target)


def get_file(file_id: UUID) -> StoredFile:
    """Return the row of a file of this school, gone or not; raises NotFound."""
    row = session.get(StoredFile, (current_school_id(), file_id))
    if row is None:
        raise NotFound
    return row


def open_file(file_id: UUID) -> Iterator[bytes]:
    """Yield the plain content, chunk by chunk. Raises NotFound when it is gone or past its term, KeyDestroyed, Damaged.

    The first three before anything is yielded; Damaged at the chunk that was touched, so don't trust a part.
    """
    row = get_file(file_id)
    if not row.is_live(now()):
        raise NotFound("file_gone")
    cipher = _cipher(row.name, _key_of(row))
    return read_sealed(_open_either(row.name), cipher)


def _key_of(row: StoredFile) -> bytes:
    person_id = row.learner_id or row.person_id
    if person_id is None or row.category is None or row.key_generation is None:
        return keys.school_key("files")
    return keys.file_key_of(person_id, row.category, row.key_generation)


def _open_either(name: str) -> BinaryIO:
    """Open a file that may not have had its last name yet: a crash after the commit, or this very transaction."""
    path = _path(name)
    for candidate in (path, path.with_name(name + _NEW), path):
        with suppress(FileNotFoundError):
            return candidate.open("rb")
    raise Damaged("no content on disk")


def is_there(name: str) -> bool:
    """Say whether a file of this name can be read: its row isn't gone, or its content is on disk."""
    held = select(StoredFile.id).where(
        StoredFile.school_id == current_school_id(), StoredFile.name == name, StoredFile.gone_at.is_(None)
    )
    path = _path(name)
    return path.exists() or path.with_name(name + _NEW).exists() or session.scalar(held.limit(1)) is not None


def remove(file_id: UUID) -> None:
    """Let a file be gone: its row says since when, its content leaves the disk after the commit."""
    row = get_file(file_id)
    if row.gone_at is None:
        row.gone_at = now()
        session.flush()
    on_commit(partial(_unlink, row.name))


def _unlink(name: str) -> None:
    path = _path(name)
    path.unlink(missing_ok=True)
    path.with_name(name + _NEW).unlink(missing_ok=True)


def sweep() -> int:
    """Let files past their term be gone, and remove content without a row; returns how many files left the disk.

    Content that is still waiting for its row is given a day.
    """
    on_disk = [path for path in _folder().glob("??/*") if path.is_file()]
    expired = update(StoredFile).where(StoredFile.expires_at <= now(), StoredFile.gone_at.is_(None))
    session.execute(expired.values(gone_at=now()))
    kept = set(session.scalars(select(StoredFile.name).where(StoredFile.gone_at.is_(None))))
    surplus = [path for path in on_disk if path.name.removesuffix(_NEW) not in kept and not _may_get_row(path)]
    on_commit(lambda: _unlink_all(surplus))
    return len(surplus)


def _unlink_all(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _may_get_row(path: Path) -> bool:
    if path.suffix != _NEW:
        return False
    with suppress(FileNotFoundError):
        return path.stat().st_mtime > (now() - _NEW_KEPT).timestamp()
    return False
