"""The folder of backups: one folder for each, under a last name only when it is whole."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.core.backups.errors import BackupError, told_in_a_line
from portal.core.backups.manifest import NAME, Manifest, read_manifest
from portal.core.crypto.streams import sync_folder

_NEW = ".new-"
DRILL = ".drill-"


@contextmanager
def held(place: Path) -> Iterator[None]:
    """Hold the folder alone, made where it isn't there, and clear what a backup that was cut off left in it."""
    with _held(place, ".lock", f"another backup is being made in {place}", leaves=_NEW):
        yield


@contextmanager
def held_for_drill(place: Path) -> Iterator[None]:
    """Let no other drill be at work in the folder, and clear what one that was cut off left in it."""
    with _held(place, ".drill", f"another drill is at work in {place}", leaves=DRILL):
        yield


@contextmanager
def _held(place: Path, lock: str, otherwise: str, *, leaves: str) -> Iterator[None]:
    with told_in_a_line("backup", place):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = (place / lock).open("a")
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(otherwise) from None
        for left in place.glob(f"{leaves}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextmanager
def new_folder(place: Path, name: str) -> Iterator[Path]:
    """Yield a folder to write into, which gets its last name when the block ends, and is cleared when it fails."""
    folder = place / f"{_NEW}{name}"
    try:
        folder.mkdir(mode=0o700)
        yield folder
        sync_folder(folder)
        folder.rename(place / name)
        sync_folder(place)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def list_backups(place: Path) -> list[tuple[Path, Manifest]]:
    """Return the backups of a folder with what they say of themselves, the oldest first; what can't be read isn't."""
    found = []
    for folder in sorted(each for each in place.glob("*") if (each / NAME).is_file()):
        try:
            found.append((folder, read_manifest(folder)[0]))
        except BackupError:
            continue
    return sorted(found, key=lambda each: each[1].made_at)


def size_of(folder: Path) -> int:
    """Return how many bytes a backup takes on disk."""
    return sum(each.stat().st_size for each in folder.iterdir() if each.is_file())


def remove(folder: Path) -> None:
    """Remove a backup: first its manifest, so that what is left of it never looks whole."""
    (folder / NAME).unlink(missing_ok=True)
    os.sync()
    shutil.rmtree(folder)
