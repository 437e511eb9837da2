"""What the demo sets in the environment of everything it starts: the same settings that a hosting would set."""

import base64
import json
import secrets
from pathlib import Path

from portal.demo.databases import Databases

MARK = "INZAGE_DEMO"


def kept_secrets(folder: Path) -> dict[str, str]:
    """The demo's secrets, made at the first start and kept with its data."""
    path = folder / "secrets.json"
    if not path.exists():
        made = {
            "secret_key": secrets.token_urlsafe(48),
            "master_key": base64.b64encode(secrets.token_bytes(32)).decode(),
            "password": secrets.token_urlsafe(24),
        }
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(json.dumps(made))
        new.rename(path)
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def settings_of(folder: Path, databases: Databases, redis: str, port: int) -> dict[str, str]:
    """Every setting of the portal, for a demo in this folder on this port."""
    kept = kept_secrets(folder)
    return {
        MARK: str(folder),
        "DATABASE_URL": databases.application,
        "PORTAL_MIGRATE_DATABASE_URL": databases.owner,
        "PORTAL_KEYS_URL": databases.keys,
        "PORTAL_KEYS_COPY_URL": databases.keys_copy,
        "PORTAL_MIGRATE_KEYS_URL": databases.keys_owner,
        "REDIS_URL": redis,
        "PORTAL_SECRET_KEY": kept["secret_key"],
        "PORTAL_MASTER_KEY": kept["master_key"],
        "PORTAL_FILES_DIR": str(folder / "files"),
        "PORTAL_MAIL_DIR": str(folder / "mail"),
        "PORTAL_EXTERNAL_SCHEME": "http",
        "PORTAL_EXTERNAL_PORT": str(port),
        "PORTAL_DEMO": "1",
    }
