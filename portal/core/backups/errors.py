"""What stops a backup or a restore: one line for the operator, without a value of anybody."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.core.crypto.ciphers import KeysError
from portal.core.crypto.streams import Damaged

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})


class BackupError(Exception):
    """A backup can't be made or put back; the text says in one line why."""


@contextmanager
def told_in_a_line(what: str, place: Path) -> Iterator[None]:
    """Say of what goes wrong with a disk, a stream or the keys what was being done and where; raises BackupError."""
    try:
        yield
    except OSError as error:
        why = "the disk is full" if error.errno in _FULL else (error.strerror or type(error).__name__).lower()
        raise BackupError(f"{what}: {why} at {place}") from error
    except Damaged as error:
        raise BackupError(f"{what}: {place} is {error}") from error
    except KeysError as error:
        raise BackupError(f"{what}: {error}") from error
