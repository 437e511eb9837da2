"""A database that was brought back to a moment from its write-ahead log, as `docs/running.md` says to do it (OP-07)."""

import os
import pwd
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import NullPool, create_engine, text

from portal import config
from portal.accounts.models import Account
from portal.core.backups.commands import backup
from portal.core.clock import now
from portal.core.crypto import files, key_store
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.engine import make_engine
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.restores.commands import restore
from portal.demo.postgres import Postgres
from tests.core.services_of_own import ONE, Services, services, url_of
from tests.factories.accounts import make_account

Clock = Callable[[datetime], None]
AGO = timedelta(hours=3)
"""So long before the backup of what was recovered the account ends: more than a restore looks back by itself."""


def _given_to_the_server(*folders: Path) -> None:
    """Let PostgreSQL, which root doesn't run itself, work in these folders."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for folder in folders:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    _given_to_the_server(folder)
    return folder


@pytest.fixture
def world(tmp_path: Path, archive: Path, environment: None) -> Iterator[Services]:
    own = {"wal_level": "replica", "archive_mode": "on", "archive_command": f"cp %p {archive}/%f"}
    folder = tmp_path / "own"
    folder.mkdir()
    with services(folder, **own) as made:
        yield made


@contextmanager
def _recovered(world: Services, base: Path, archive: Path, moment: datetime) -> Iterator[Postgres]:
    """Start a server on the base backup, brought back to a moment from the archive."""
    folder = base.parent
    (base / "recovery.signal").touch()
    (base / "postmaster.pid").unlink(missing_ok=True)
    _given_to_the_server(base)
    server = Postgres(folder, careless=True)
    server.settings |= {
        "restore_command": f"cp {archive}/%f %p", "recovery_target_time": moment.isoformat(),
        "recovery_target_action": "promote",
    }  # fmt: skip
    server.start()
    try:
        engine = create_engine(url_of(server, "main", "postgres"), poolclass=NullPool)
        for _ in range(200):
            with engine.connect() as connection:
                if not connection.scalar(text("select pg_is_in_recovery()")):
                    break
            time.sleep(0.1)
        yield server
    finally:
        server.stop()


def _base_of(world: Services, folder: Path) -> Path:
    folder.mkdir()
    target = folder / "postgres"
    program = world.postgres.binaries / "pg_basebackup"
    address = world.postgres.url("postgres", "postgres")
    subprocess.run([program, "-d", address, "-D", target, "--checkpoint=fast", "--no-sync"], check=True)
    return target


def _archived(world: Services, archive: Path) -> None:
    """Let what was written until now be in the archive."""
    engine = create_engine(url_of(world.postgres, "main", "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        name = connection.scalar(text("select pg_walfile_name(pg_current_wal_lsn())"))
        connection.execute(text("select pg_switch_wal()"))
    for _ in range(200):
        if (archive / str(name)).exists():
            return
        time.sleep(0.1)
    raise AssertionError("the log wasn't archived")


def _settings(patch: pytest.MonkeyPatch, **given: str) -> None:
    for name, value in given.items():
        patch.setenv(name, value)
    config.settings.cache_clear()
    key_store.forget()


def _is_in_force_once(patch: pytest.MonkeyPatch, world: Services, name: str, account_id: UUID, *options: str) -> bool:
    """Restore the newest backup into a database of this name, and say whether the account can be used in it."""
    urls = url_of(world.postgres, name), url_of(world.postgres, name, "portal_app")
    files = world.folder / name
    _settings(patch, PORTAL_MIGRATE_DATABASE_URL=urls[0], DATABASE_URL=urls[1], PORTAL_FILES_DIR=str(files))
    patch.delenv("PORTAL_BACKUP_DATABASE_URL")
    result = CliRunner().invoke(restore, options)
    assert result.exit_code == 0, result.output
    engine, bound = make_engine(urls[1]), session.get_bind()
    session.remove()
    session.configure(bind=engine)
    try:
        with in_school(ONE):
            return bool(session.get_one(Account, (ONE, account_id)).is_in_force)
    finally:
        session.remove()
        session.configure(bind=bound)
        engine.dispose()


@pytest.mark.promise("OP-07")
def test_what_ended_after_the_moment_ends_again_where_the_moment_is_said(
    world: Services, archive: Path, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with in_school(ONE):
        account = make_account("Weg", "teacher", email="weg@example.org")
        removed, _kept = (files.store([content], media_type="text/plain") for content in (b"removed", b"kept"))
    base = _base_of(world, tmp_path / "again")
    with in_school(ONE):
        later = make_account("Later", "teacher", email="later@example.org")
    time.sleep(1)
    moment = datetime.now(UTC)
    time.sleep(1)
    clock(datetime.now(UTC) - AGO)
    with in_school(ONE):
        session.get_one(Account, (ONE, account.id)).ended_at = now()
        record_ending(Ending.ACCOUNT, account.id)
        files.remove(removed)
    _archived(world, archive)
    clock(datetime.now(UTC))

    with _recovered(world, base, archive, moment) as server:
        _settings(
            monkeypatch, DATABASE_URL=url_of(server, "main", "portal_app"),
            PORTAL_BACKUP_DATABASE_URL=url_of(server, "main", "postgres"), PORTAL_BACKUP_DIR=str(tmp_path / "backups"),
            PORTAL_BACKUP_KEYS_DIR=str(tmp_path / "keys"), PORTAL_BACKUP_KEYS_COPY_DIR=str(tmp_path / "keys-copy"),
            PORTAL_PG_PROGRAMS=str(server.binaries),
        )  # fmt: skip
        refused = CliRunner().invoke(backup)
        assert "1 stored files are lost" in refused.stderr
        made = CliRunner().invoke(backup, ["--recovered"])
        assert made.exit_code == 0, made.output
        assert "with 1 files" in made.output

    assert _is_in_force_once(monkeypatch, world, "unsaid", account.id), "the backup is newer than what ended"
    _settings(monkeypatch, PORTAL_BACKUP_DATABASE_URL=url_of(world.postgres, "main", "postgres"))
    since = f"{datetime.now(UTC) - AGO - timedelta(hours=1):%Y-%m-%dT%H:%M}"
    assert not _is_in_force_once(monkeypatch, world, "said", account.id, "--since", since)
    _settings(monkeypatch, PORTAL_BACKUP_DATABASE_URL=url_of(world.postgres, "main", "postgres"))
    assert _is_in_force_once(monkeypatch, world, "later", later.id, "--since", since), "the log brought it back"
