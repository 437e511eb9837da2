"""A backup is one moment of everything, encrypted, read back, and never looks whole when it isn't (OP-07)."""

import json
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from portal.config import settings
from portal.core.backups import key_exports
from portal.core.backups.contents import open_backup
from portal.core.backups.errors import BackupError
from portal.core.backups.manifest import read_manifest
from portal.core.clock import now
from portal.core.crypto import backup_keys, files, key_store
from portal.core.db import restore_state
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from tests.core.backups.hosting import Hosting
from tests.core.crypto.both_copies import SECOND, away, harm
from tests.factories.learners import make_learner
from tests.seed import SCHOOLS

NAME, NUMBER, SECRET = "Ayşegül", "P-88123", b"what only the file says"


@pytest.fixture(scope="module", autouse=True)
def somebody(host: Hosting) -> None:
    with in_school(SCHOOLS[0].id):
        learner = make_learner(NAME, number=NUMBER)
        files.store([SECRET], about=(learner.id, "identity_document.file_id"))


def all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def refused(host: Hosting, said: str) -> None:
    """A backup says this in one line, ends with 1, and leaves nothing that looks like a backup."""
    before = sorted(host.backups.glob("*")) if host.backups.exists() else []
    result = host.backup()
    assert result.exit_code == 1, (result.output, settings().pg_programs)
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert sorted(each for each in host.backups.glob("*") if each.name != ".lock") == [
        each for each in before if each.name != ".lock"
    ]
    assert not list(host.backups.glob(".new-*"))


@contextmanager
def changed(variable: str, value: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(variable, value)
        yield
    settings.cache_clear()  # the next test asks what holds again


def test_a_backup_is_read_back_and_holds_nothing_in_the_open(host: Hosting) -> None:
    result = host.backup()
    assert result.exit_code == 0, result.output
    folder = host.newest()
    assert "read back whole" in result.output
    assert "1 files" in result.output

    held = all_bytes(host.backups) + all_bytes(host.keys[0])
    for told in (NAME.encode(), NUMBER.encode(), SECRET, b"Lest Best", b"create table", b"PGDMP"):
        assert told not in held
    said = json.loads((folder / "manifest.json").read_text())
    assert set(said) == {
        "backup_id", "code", "files", "format", "made_at", "parts", "revision", "server", "until",
    }  # fmt: skip


def test_the_keys_stand_apart_from_it_twice(host: Hosting) -> None:
    assert host.backup().exit_code == 0
    held = []
    for folder in host.keys:
        rows = [
            row for each in key_exports.read_export(key_store.store(), folder / key_exports.NAME) for row in each.rows
        ]
        held.append(rows)
        assert [path.name for path in folder.iterdir()] == [key_exports.NAME]
    assert held[0] == held[1]
    assert len(held[0]) > len(SCHOOLS)
    assert not [path for path in host.backups.rglob("*") if path.name == key_exports.NAME]


def test_its_key_goes_with_its_term_and_no_copy_opens_any_more(
    host: Hosting, tmp_path: Path, clock: Callable[[datetime], None]
) -> None:
    assert host.backup().exit_code == 0
    old = host.newest()
    elsewhere = shutil.copytree(old, tmp_path / "elsewhere")
    assert open_backup(elsewhere)

    clock(datetime.now(UTC) + timedelta(days=settings().backup_days, hours=1))
    result = host.backup()

    assert "old backups cleared" in result.output
    assert not old.exists()
    with pytest.raises(BackupError, match="was destroyed, at the end of its term"):
        open_backup(elsewhere)
    for folder in host.keys:
        exported = key_exports.read_export(key_store.store(), folder / key_exports.NAME)
        keys = {row[0]: row[2] for table, _, rows in exported if table == "backup_key" for row in rows}
        assert keys[read_manifest(elsewhere)[0].backup_id] is None


@pytest.mark.promise("LB-08", "ST-06")
def test_what_is_past_its_term_goes_though_no_new_one_can_be_made(
    host: Hosting, tmp_path: Path, clock: Callable[[datetime], None]
) -> None:
    assert host.backup().exit_code == 0
    old = host.newest()
    backup_id = read_manifest(old)[0].backup_id
    clock(datetime.now(UTC) + timedelta(days=settings().backup_days, hours=1))
    with changed("PORTAL_PG_PROGRAMS", str(tmp_path)):
        assert host.backup().exit_code == 1

    assert not old.exists()
    assert [each.is_there for each in backup_keys.list_keys() if each.backup_id == backup_id] == [False]


def test_a_database_that_is_being_restored_is_not_backed_up(host: Hosting) -> None:
    engine = create_engine(host.database.owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        restore_state.begin(connection, new_id(), now())
    try:
        refused(host, "the database is being restored")
    finally:
        with engine.begin() as connection:
            restore_state.end(connection)


def test_a_listing_says_which_backups_open(host: Hosting) -> None:
    assert host.backup().exit_code == 0
    result = host.backup("list")
    assert result.exit_code == 0
    assert host.newest().name in result.output
    assert "until" in result.output.splitlines()[-1]


def test_a_full_disk(host: Hosting) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        refused(host, "the disk is full")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_no_pg_dump(host: Hosting, tmp_path: Path) -> None:
    with changed("PORTAL_PG_PROGRAMS", str(tmp_path)):
        refused(host, "pg_dump is not in")


def test_a_pg_dump_that_is_older_than_the_server(host: Hosting, tmp_path: Path) -> None:
    program = tmp_path / "pg_dump"
    program.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 13.4'\n")
    program.chmod(0o755)
    with changed("PORTAL_PG_PROGRAMS", str(tmp_path)):
        refused(host, "pg_dump 13 is older than the server")


def test_a_pg_dump_that_fails_halfway(host: Hosting, tmp_path: Path) -> None:
    there = settings().pg_programs
    for name, what in (
        ("pg_dump", "head -c 9000; echo 'pg_dump: error: connection lost' >&2; exit 1"),
        ("pg_restore", "cat"),
    ):
        program = tmp_path / name
        program.write_text(
            f'#!/bin/sh\ncase "$1" in --version) echo "PostgreSQL 99";; *) "{there}/{name}" "$@" | {what};; esac\n'
        )
        program.chmod(0o755)
    with changed("PORTAL_PG_PROGRAMS", str(tmp_path)):
        refused(host, "pg_dump: connection lost")


@pytest.mark.promise("LB-08", "ST-06")
@pytest.mark.promise("MN-11", part="loss")
def test_a_dump_that_can_not_be_read_back(host: Hosting, tmp_path: Path) -> None:
    there, program = settings().pg_programs, tmp_path / "pg_dump"
    cut_off = f'"{there}/pg_dump" "$@" | head -c 60000'
    program.write_text(f'#!/bin/sh\ncase "$1" in --version) echo "PostgreSQL 99";; *) {cut_off};; esac\n')
    program.chmod(0o755)
    (tmp_path / "pg_restore").symlink_to(f"{there}/pg_restore")
    with changed("PORTAL_PG_PROGRAMS", str(tmp_path)):
        refused(host, "pg_restore: ")


def test_a_role_that_would_see_nothing(host: Hosting) -> None:
    with changed("PORTAL_BACKUP_DATABASE_URL", host.database.application_url):
        refused(host, "lacks BYPASSRLS")


def test_another_master_key(host: Hosting) -> None:
    with changed("PORTAL_MASTER_KEY", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="):
        refused(host, "PORTAL_MASTER_KEY is not the one")


def test_a_copy_of_the_keys_that_is_away(host: Hosting) -> None:
    with away(SECOND):
        refused(host, "PORTAL_KEYS_COPY_URL can't be reached")


def test_keys_that_no_copy_has_whole(host: Hosting) -> None:
    damage = "update person_key set wrapped = '\\x00', code = '\\x00'"
    engine = create_engine(host.database.keys_owner_url)
    with engine.connect() as connection:
        kept = connection.execute(text("select school_id, person_id, category, wrapped, code from person_key")).all()
    engine.dispose()
    assert kept
    for place in (0, 1):
        harm(place, damage)
    refused(host, "is damaged in PORTAL_KEYS_URL, and the other copy has it no better")
    for row in kept:
        for place in (0, 1):
            harm(
                place,
                "update person_key set wrapped = :wrapped, code = :code where school_id = :school_id"
                " and person_id = :person_id and category = :category",
                **row._asdict(),
            )


def test_a_file_that_is_lost(host: Hosting) -> None:
    (stored,) = [path for path in host.files.rglob("*") if path.is_file()]
    moved = stored.rename(host.folder / "lost")
    try:
        refused(host, "1 stored files are lost from PORTAL_FILES_DIR")
    finally:
        moved.rename(stored)


def test_folders_that_are_not_apart(host: Hosting) -> None:
    with changed("PORTAL_BACKUP_KEYS_DIR", str(host.backups / "keys")):
        refused(host, "want three folders")
