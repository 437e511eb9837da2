"""The stored files as one stream, a tar: each stays encrypted under its own key within it."""

import os
import re
import tarfile
from collections.abc import Iterable, Iterator
from io import RawIOBase
from pathlib import Path
from typing import Any
from uuid import UUID

from portal.core.backups.errors import BackupError

_NEW = ".new"
_BLOCK_BYTES = 256 * 1024
_NAME = re.compile(r"[0-9a-f-]{36}/[0-9a-f]{2}/[0-9a-f]{32}")

Named = tuple[UUID, str]
"""A school and the name of one of its files on disk."""


class Packing:
    """Packs files into a stream. `missing` are those that weren't there: removed since, or lost."""

    def __init__(self, folder: Path, names: Iterable[Named]) -> None:
        self._folder, self._names = folder, names
        self.count = 0
        self.missing: list[Named] = []

    def __iter__(self) -> Iterator[bytes]:
        """Yield the stream, block by block."""
        for school_id, name in self._names:
            where = f"{school_id}/{name[:2]}/{name}"
            path = self._either(self._folder / where)
            if path is None:
                self.missing.append((school_id, name))
                continue
            self.count += 1
            yield from _packed(path, where)
        yield bytes(2 * tarfile.BLOCKSIZE)

    @staticmethod
    def _either(path: Path) -> Path | None:
        """Return where a file is: it may not have had its last name yet."""
        return next((each for each in (path, path.with_name(path.name + _NEW), path) if each.is_file()), None)


def _packed(path: Path, where: str) -> Iterator[bytes]:
    with path.open("rb") as handle:
        info = tarfile.TarInfo(where)
        info.size, info.mode = os.fstat(handle.fileno()).st_size, 0o600
        yield info.tobuf(tarfile.USTAR_FORMAT)
        left = info.size
        while left:
            block = handle.read(min(_BLOCK_BYTES, left))
            if not block:
                raise BackupError(f"a stored file became shorter while it was read: {where}")
            left -= len(block)
            yield block
        yield bytes(-info.size % tarfile.BLOCKSIZE)


class _Stream(RawIOBase):
    """A stream of blocks as a file that is read."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._waiting = blocks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._waiting:
            self._waiting = next(self._blocks, b"")
        part = self._waiting[: len(buffer)]
        buffer[: len(part)] = part
        self._waiting = self._waiting[len(part) :]
        return len(part)

    def drain(self) -> None:
        """Read what is left, so that whoever gives it sees its end."""
        for _ in self._blocks:
            pass


def unpack(blocks: Iterator[bytes], folder: Path | None) -> int:
    """Put each file of a stream into its place under `folder`, or nowhere; return how many there were.

    One that is there already in its full size is left as it is. Raises BackupError for a name that is no stored file's.
    """
    count, stream = 0, _Stream(blocks)
    try:
        with tarfile.open(fileobj=stream, mode="r|", bufsize=_BLOCK_BYTES) as archive:
            for member in archive:
                if not member.isreg() or not _NAME.fullmatch(member.name):
                    raise BackupError("the files of the backup hold something that is no stored file")
                content = archive.extractfile(member)
                if folder is not None and content is not None:
                    _put(folder / member.name, content, member.size)
                count += 1
    except tarfile.TarError:
        raise BackupError("the files of the backup are cut off or altered") from None
    stream.drain()
    return count


def _put(target: Path, content: Any, size: int) -> None:
    if target.is_file() and target.stat().st_size == size:
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = target.with_name(target.name + _NEW)
    try:
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            while block := content.read(_BLOCK_BYTES):
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        new.rename(target)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
