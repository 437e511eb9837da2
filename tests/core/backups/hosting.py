"""A hosting of its own for a test: databases, folders and settings that it may harm, and what it committed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import NullPool, create_engine, make_url, text

from portal import config
from portal.core.backups import places
from portal.core.backups.commands import backup as backup_command
from portal.core.crypto import key_store
from portal.core.db import row_security
from portal.core.db import session as core_database
from portal.core.db.engine import make_engine
from portal.core.restores.commands import restore as restore_command
from portal.demo.postgres import Postgres
from tests.database import TEST_FOLDER, TestDatabase, cloned

BACKUP_ROLE = "portal_backup"


@dataclass(frozen=True)
class Hosting:
    """Where everything of it lies."""

    database: TestDatabase
    folder: Path

    @property
    def backups(self) -> Path:
        """The folder of backups."""
        return self.folder / "backups"

    @property
    def keys(self) -> tuple[Path, Path]:
        """The folders of the keys' two copies."""
        return self.folder / "keys", self.folder / "keys-copy"

    @property
    def files(self) -> Path:
        """The folder of encrypted files."""
        return self.folder / "files"

    def backup(self, *options: str) -> Result:
        """Say `portal backup` with these options."""
        config.settings.cache_clear()
        key_store.forget()
        return CliRunner().invoke(backup_command, options)

    def restore(self, *options: str) -> Result:
        """Say `portal restore` with these options, in the place that the settings name."""
        config.settings.cache_clear()
        key_store.forget()
        return CliRunner().invoke(restore_command, options)

    @contextmanager
    def empty_place(self) -> Iterator["Hosting"]:
        """Yield an empty database and folder beside this one, with the same keys; the settings name them meanwhile."""
        name = f"{make_url(self.database.owner_url).database}_again"
        urls = {
            "owner_url": _at(self.database.owner_url, name),
            "application_url": _at(self.database.application_url, name),
        }
        place = Hosting(replace(self.database, **urls), self.folder / "again")
        files = place.folder / "files"
        bound = core_database.session.get_bind()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DATABASE_URL", urls["application_url"])
            patch.setenv("PORTAL_MIGRATE_DATABASE_URL", urls["owner_url"])
            patch.setenv("PORTAL_BACKUP_DATABASE_URL", _at(os.environ["PORTAL_BACKUP_DATABASE_URL"], name))
            patch.setenv("PORTAL_FILES_DIR", str(files))
            config.settings.cache_clear()
            engine = make_engine(urls["application_url"])
            core_database.bind(engine)
            try:
                yield place
            finally:
                core_database.bind(bound)
                engine.dispose()
                self.as_superuser(f"drop database if exists {name} with (force)")
                shutil.rmtree(place.folder, ignore_errors=True)
        config.settings.cache_clear()

    def newest(self) -> Path:
        """Return the newest backup."""
        return places.list_backups(self.backups)[-1][0]

    def as_owner(self, *statements: str) -> None:
        """Say this as the owner of the database."""
        _say(self.database.owner_url, *statements)

    def as_superuser(self, *statements: str) -> None:
        """Say this as the superuser of the server, which may be vacuuming in a database that is to go."""
        url = make_url(self.database.owner_url).set(username="postgres")
        _say(url.render_as_string(hide_password=False), *statements)


def _say(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


@contextmanager
def hosting(folder: Path) -> Iterator[Hosting]:
    """Yield a hosting with the five schools; the settings of the tests are as they were afterwards."""
    kept, bound = dict(os.environ), core_database.session.get_bind() if core_database.is_bound() else None
    with cloned() as made:
        here = Hosting(made, folder)
        os.environ.update(
            DATABASE_URL=made.application_url,
            PORTAL_KEYS_URL=made.keys_url,
            PORTAL_KEYS_COPY_URL=made.keys_copy_url,
            REDIS_URL=made.redis_url,
            PORTAL_MIGRATE_DATABASE_URL=made.owner_url,
            PORTAL_BACKUP_DATABASE_URL=_backup_url(made),
            PORTAL_BACKUP_DIR=str(here.backups),
            PORTAL_BACKUP_KEYS_DIR=str(here.keys[0]),
            PORTAL_BACKUP_KEYS_COPY_DIR=str(here.keys[1]),
            PORTAL_FILES_DIR=str(here.files),
            PORTAL_PG_PROGRAMS=str(Postgres(TEST_FOLDER).binaries),
        )
        config.settings.cache_clear()
        key_store.forget()
        engine = make_engine(made.application_url)
        core_database.bind(engine)
        try:
            yield here
        finally:
            core_database.session.remove()
            core_database.session.configure(bind=bound)
            engine.dispose()
            key_store.forget()
            os.environ.clear()
            os.environ.update(kept)
            config.settings.cache_clear()


def _at(url: str, name: str) -> str:
    """Return the address of another database on the same server, as the same role."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _backup_url(made: TestDatabase) -> str:
    """Make the role for backups, and return the address as that role."""
    engine = create_engine(make_url(made.owner_url).set(username="postgres"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(20261123)"))
        row_security.make_backup_login(connection, BACKUP_ROLE, None)
    return make_url(made.owner_url).set(username=BACKUP_ROLE).render_as_string(hide_password=False)
