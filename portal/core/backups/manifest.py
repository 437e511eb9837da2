"""What a backup says of itself, in the open: what it is of, how large, with which codes. Nothing about anybody."""

import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from portal.core.backups.errors import BackupError
from portal.core.crypto.ciphers import derive
from portal.core.crypto.streams import StreamCipher

FORMAT = 1
NAME = "manifest.json"
DATABASE, FILES = "database", "files"


@dataclass(frozen=True)
class Part:
    """One stream of a backup: sizes in bytes, and the SHA-256 of what lies on disk, so that a copy can be checked."""

    size: int
    stored_size: int
    stored_digest: str


@dataclass(frozen=True)
class Manifest:
    """One backup. `revision` is that of its tables, `server` the major version of PostgreSQL that it came from."""

    backup_id: UUID
    made_at: datetime
    until: datetime
    revision: str
    server: int
    files: int
    parts: dict[str, Part]

    @property
    def folder(self) -> str:
        """The name of its folder: when it was made, to the second, and the end of its id."""
        return f"{self.made_at:%Y-%m-%dT%H%M%SZ}-{self.backup_id.hex[-8:]}"


def cipher_of(key: bytes, backup_id: UUID, part: str) -> StreamCipher:
    """Return the cipher of one part of one backup."""
    return StreamCipher(derive(key, f"backup {part}"), backup_id.bytes + part.encode())


def write_manifest(manifest: Manifest, key: bytes, folder: Path) -> None:
    """Write it with its code, as the last of a backup."""
    said = {"format": FORMAT, **asdict(manifest)}
    plain = {**json.loads(json.dumps(said, default=_plain)), "code": _code(key, said)}
    (folder / NAME).write_text(json.dumps(plain, indent=1) + "\n")


def read_manifest(folder: Path) -> tuple[Manifest, dict[str, Any]]:
    """Return what a folder says it holds, not checked yet, with all that stands there; raises BackupError."""
    try:
        said = json.loads((folder / NAME).read_text())
        if said["format"] != FORMAT:
            raise BackupError(f"{folder} was made in another way ({said['format']}) than this version knows")
        manifest = Manifest(
            backup_id=UUID(said["backup_id"]),
            made_at=datetime.fromisoformat(said["made_at"]),
            until=datetime.fromisoformat(said["until"]),
            revision=said["revision"],
            server=said["server"],
            files=said["files"],
            parts={name: Part(**part) for name, part in said["parts"].items()},
        )
    except OSError:
        raise BackupError(f"{folder} is no backup: it has no {NAME}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupError(f"{folder / NAME} can't be read: it was cut off or altered") from None
    return manifest, said


def check_code(said: dict[str, Any], key: bytes, folder: Path) -> None:
    """Raise BackupError where the manifest isn't as it was written."""
    rest = {name: value for name, value in said.items() if name != "code"}
    if not hmac.compare_digest(_code(key, rest), str(said.get("code", ""))):
        raise BackupError(f"{folder / NAME} was altered")


def _code(key: bytes, said: dict[str, Any]) -> str:
    body = json.dumps(said, default=_plain, sort_keys=True)
    return hmac.digest(derive(key, "backup manifest"), body.encode(), sha256).hex()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
