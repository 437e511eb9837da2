"""Reading a backup: is it whole, and does it open. Nothing of it is trusted before it was read to its end."""

from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path

from portal.core.backups import archive, programs
from portal.core.backups.errors import BackupError, told_in_a_line
from portal.core.backups.manifest import DATABASE, FILES, Manifest, check_code, cipher_of, read_manifest
from portal.core.crypto import backup_keys
from portal.core.crypto.streams import read_sealed


def open_backup(folder: Path) -> tuple[Manifest, bytes]:
    """Return what a backup says of itself, checked, and its key; raises BackupError."""
    manifest, said = read_manifest(folder)
    with told_in_a_line("backup", folder):
        key = backup_keys.open_key(manifest.backup_id)
    check_code(said, key, folder)
    return manifest, key


def read_part(folder: Path, manifest: Manifest, name: str, key: bytes) -> Iterator[bytes]:
    """Yield a part of a backup, decrypted; raises Damaged, OSError."""
    yield from read_sealed((folder / name).open("rb"), cipher_of(key, manifest.backup_id, name))


def read_whole(folder: Path, key: bytes, restore: Path) -> Manifest:
    """Read a backup to its end as a restore would, but into nothing; raises BackupError where that doesn't go.

    `restore` is pg_restore, which reads every row and every definition of the dump.
    """
    manifest, said = read_manifest(folder)
    check_code(said, key, folder)
    for name, part in manifest.parts.items():
        path = folder / name
        with told_in_a_line("reading the backup", path), path.open("rb") as stored:
            if file_digest(stored, "sha256").hexdigest() != part.stored_digest:
                raise BackupError(f"reading the backup: {path} is altered or cut off")
    with told_in_a_line("reading the backup", folder / DATABASE):
        _, environment = programs.address_of("postgresql://")
        programs.feed([restore, "--file=/dev/null"], environment, read_part(folder, manifest, DATABASE, key))
    with told_in_a_line("reading the backup", folder / FILES):
        if archive.unpack(read_part(folder, manifest, FILES, key), None) != manifest.files:
            raise BackupError(f"reading the backup: {folder / FILES} doesn't hold as many files as were packed")
    return manifest
