"""A drill: putting the newest backup back beside what is in use, and searching it for what was erased."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import NullPool, create_engine, make_url, text

from portal import config
from portal.config import Settings
from portal.core.backups import places
from portal.core.backups.errors import BackupError
from portal.core.restores.services import Report, restore_backup


def drill(settings: Settings, folder: Path) -> Report:
    """Put a backup back beside what is in use, bring it up to the ledger, search it, and clear it away again.

    Keys, files and database in use stay as they are. Raises BackupError.
    """
    with _place_beside(settings) as beside:
        return restore_backup(beside, folder, in_drill=True)


@contextmanager
def _place_beside(settings: Settings) -> Iterator[Settings]:
    """Let this process work in a database and a folder of their own; both are gone at the end."""
    if settings.migrate_database_url is None or settings.backup_dir is None:
        raise BackupError("PORTAL_MIGRATE_DATABASE_URL and PORTAL_BACKUP_DIR are wanted for a drill")
    with places.held_for_drill(settings.backup_dir):
        folder = Path(mkdtemp(prefix=places.DRILL, dir=settings.backup_dir))
        with _working_beside(settings, settings.migrate_database_url, folder) as beside:
            yield beside


@contextmanager
def _working_beside(settings: Settings, owner_url: str, folder: Path) -> Iterator[Settings]:
    name, kept = f"{make_url(owner_url).database}_drill", dict(os.environ)
    try:
        _drop(owner_url, name)
        os.environ.update(
            DATABASE_URL=_at(settings.database_url, name),
            PORTAL_MIGRATE_DATABASE_URL=_at(owner_url, name),
            PORTAL_FILES_DIR=str(folder / "files"),
        )
        os.environ.pop("PORTAL_BACKUP_DATABASE_URL", None)
        config.settings.cache_clear()
        yield config.settings()
    finally:
        os.environ.clear()
        os.environ.update(kept)
        config.settings.cache_clear()
        _drop(owner_url, name)
        shutil.rmtree(folder, ignore_errors=True)


def _at(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _drop(owner_url: str, name: str) -> None:
    engine = create_engine(owner_url, isolation_level="AUTOCOMMIT", hide_parameters=True, poolclass=NullPool)
    with engine.connect() as connection:
        quoted = engine.dialect.identifier_preparer.quote(name)
        connection.execute(text(f"drop database if exists {quoted} with (force)"))
