"""What is wrong with a backup, a place or the keys is said in one line, and nothing is half restored (OP-07)."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import NullPool, create_engine, select, text

from portal.config import settings
from portal.core.clock import now
from portal.core.crypto import files, key_store
from portal.core.crypto.store_tables import STORE
from portal.core.db import restore_state
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.erasure import erase_person
from portal.core.personal_data import PersonKind
from portal.core.restores.ports import VOIDED, Voided
from portal.core.restores.target import Target
from portal.learners.record.models import Learner
from tests.core.backups.hosting import Hosting
from tests.core.crypto.both_copies import FIRST, SECOND, away, harm
from tests.factories.learners import make_learner
from tests.seed import SCHOOLS

SCHOOL = SCHOOLS[0].id
LARGE = os.urandom(200_000)


@pytest.fixture(scope="module")
def erased(host: Hosting) -> UUID:
    """A learner who was erased after the backup, and whose keys are in use no more."""
    with in_school(SCHOOL):
        learner = make_learner("Zülfikariye", number="E-77123", bsn="123456782")
        files.store([LARGE])
    assert host.backup().exit_code == 0
    with in_school(SCHOOL):
        erase_person(PersonKind.LEARNER, learner.id, why="asked")
    return learner.id


@pytest.fixture
def copied(host: Hosting, erased: UUID, tmp_path: Path) -> Path:
    """A copy of the backup that a test may harm."""
    return Path(shutil.copytree(host.newest(), tmp_path / "copied"))


@pytest.fixture
def place(host: Hosting, erased: UUID) -> Iterator[Hosting]:
    with host.empty_place() as made:
        yield made


def refused(place: Hosting, said: str, *options: str) -> None:
    """A restore says this in one line and ends with 1; the place is as empty as before."""
    result = place.restore(*options)
    assert result.exit_code == 1
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Zülf" not in result.output
    is_empty(place)


def is_empty(place: Hosting) -> None:
    engine = create_engine(place.database.owner_url.replace(name_of(place), "postgres"), poolclass=NullPool)
    with engine.connect() as connection:
        wanted = text("select count(*) from pg_database where datname = :name")
        is_there = connection.scalar(wanted, {"name": name_of(place)})
    if is_there:
        engine = create_engine(place.database.owner_url, poolclass=NullPool)
        with engine.connect() as connection:
            assert connection.scalar(text("select count(*) from pg_tables where schemaname = 'public'")) == 0
    assert not [path for path in place.files.rglob("*") if path.is_file()]


def name_of(place: Hosting) -> str:
    return place.database.owner_url.partition("?")[0].rpartition("/")[2]


def web_process() -> "subprocess.CompletedProcess[bytes]":
    """Start a process that answers one request; it ends with 3 where that is a 503 which says why."""
    asked = (
        "from portal.app import served_app; "
        "answer = served_app().test_client().get('/aanmelden', base_url='https://lest-best.localhost'); "
        "raise SystemExit(3 if answer.status_code == 503 and 'oude kopie' in answer.text else 0)"
    )
    return subprocess.run([sys.executable, "-c", asked], env=dict(os.environ), check=False, capture_output=True)


def test_a_web_process_started_before_anything_came_answers_503(place: Hosting) -> None:
    target = Target(place.database.owner_url, place.files)
    with target.held(), target.said() as connection:
        restore_state.begin(connection, uuid4(), now())
    assert web_process().returncode == 3
    refused_half = place.restore()
    assert "another backup" in refused_half.stderr


def test_a_backup_that_was_cut_off(place: Hosting, copied: Path) -> None:
    for part in ("database", "files"):
        whole = (copied / part).read_bytes()
        (copied / part).write_bytes(whole[:-100])
        refused(place, f"{part} is altered or cut off", str(copied))
        (copied / part).write_bytes(whole)


def test_a_manifest_that_was_altered_or_is_not_there(place: Hosting, copied: Path) -> None:
    manifest = copied / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"files": 1', '"files": 2'))
    refused(place, "manifest.json was altered", str(copied))
    manifest.unlink()
    refused(place, "is no backup: it has no manifest.json", str(copied))


def test_another_master_key(place: Hosting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_MASTER_KEY", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")
    refused(place, "PORTAL_MASTER_KEY is not the one")


def test_a_copy_of_the_keys_that_is_away(place: Hosting) -> None:
    with away(SECOND):
        refused(place, "PORTAL_KEYS_COPY_URL can't be reached")


def test_a_full_disk(place: Hosting) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(LARGE) // 2, hard))
    try:
        refused(place, "the disk is full")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_database_that_fails_halfway(place: Hosting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, there = tmp_path / "pg_restore", settings().pg_programs
    failing = "cat > /dev/null; echo 'pg_restore: error: server went away' >&2; echo 'CONTEXT: Zülfikariye' >&2; exit 1"
    program.write_text(f'#!/bin/sh\ncase "$*" in *dbname*) {failing};; *) exec "{there}/pg_restore" "$@";; esac\n')
    program.chmod(0o755)
    monkeypatch.setenv("PORTAL_PG_PROGRAMS", str(tmp_path))
    refused(place, "pg_restore: server went away")


def test_files_that_are_there_already(place: Hosting) -> None:
    place.files.mkdir(parents=True)
    (place.files / "notes.txt").write_text("of somebody else")
    result = place.restore()
    assert (result.exit_code, "PORTAL_FILES_DIR isn't empty" in result.stderr) == (1, True)
    assert (place.files / "notes.txt").exists()


def test_what_was_cut_off_goes_on_and_serves_nobody_until_then(place: Hosting, erased: UUID) -> None:
    kept = VOIDED.all

    def cut_off() -> int:
        raise KeyboardInterrupt

    VOIDED.connect(*kept, Voided("cut off", cut_off))
    try:
        assert place.restore().exit_code != 0
    finally:
        VOIDED.connect(*kept)
    engine = create_engine(place.database.owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        assert restore_state.is_under_way(connection)
    assert web_process().returncode == 3

    assert place.restore().exit_code == 0

    with engine.connect() as connection:
        assert not restore_state.is_under_way(connection)
    with in_school(SCHOOL):
        assert session.get(Learner, (SCHOOL, erased)) is None


def test_both_copies_of_the_keys_lost(host: Hosting, erased: UUID) -> None:
    """They come back as they were written last; what was destroyed by then stays destroyed."""
    assert host.backup().exit_code == 0
    older = sorted(each for each in host.backups.iterdir() if not each.name.startswith("."))[0]
    first, second = (folder / "keys.inzage" for folder in host.keys)
    whole = first.read_bytes()
    first.write_bytes(whole[:-50])
    for copy in (FIRST, SECOND):
        for table in STORE.tables:
            harm(copy, f"delete from {table}")
    key_store.forget()

    with host.empty_place() as place:
        second.rename(second.with_suffix(".away"))
        refused(place, "keys: ", "--accept-lost-endings", str(older))
        second.with_suffix(".away").rename(second)
        refused(place, "what ended after that isn't known. --accept-lost-endings", str(older))
        refused(place, "keys: both copies were lost", str(older))  # said again it goes on no more than before
        result = place.restore("--accept-lost-endings", str(older))

        assert result.exit_code == 0, result.output
        assert "both copies were lost; made anew as they were at" in result.output
        first.write_bytes(whole)
        with in_school(SCHOOL):
            assert session.get(Learner, (SCHOOL, erased)) is None
            assert not session.scalars(select(Learner).where(Learner.number == "E-77123")).all()
            assert list(key_store.store().keys_of(SCHOOL, [(erased, "bsn")], make=True).values()) == [None]
