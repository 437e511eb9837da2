"""Backups from before a school left: ended by a new one without it, which must stand first (AVG art. 28(3)(g))."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from portal import cli
from portal.core.backups import key_exports
from portal.core.backups.contents import open_backup
from portal.core.backups.errors import BackupError
from portal.core.backups.manifest import read_manifest
from portal.core.backups.places import list_backups
from portal.core.crypto import backup_keys, key_store
from portal.core.crypto.store_tables import BACKUP_KEY
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from tests.core.backups.hosting import Hosting
from tests.core.crypto.both_copies import SECOND, away
from tests.schools.departures.leaving import THERE, Left, close, counted


@pytest.fixture
def older(host: Hosting, left: Left, tmp_path: Path) -> list[Path]:
    """Two backups that hold the school, one of them a copy that lies elsewhere; then it is handed over."""
    assert host.backup().exit_code == 0
    elsewhere = shutil.copytree(host.newest(), tmp_path / "elsewhere")
    assert host.backup().exit_code == 0
    assert left.hand_over().exit_code == 0
    return [elsewhere, host.newest()]


def ended(left: Left) -> str:
    done = left.destroy("--end-older-backups", "--despite", "de school stopt")
    assert done.exit_code == 0, done.output
    return done.output


@contextmanager
def harmed(what: str) -> Iterator[None]:
    """Let a new backup fail in this way."""
    if what == "a copy of the keys away":
        with away(SECOND):
            yield
    elif what == "a full disk":
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    else:
        yield


def opens(folder: Path) -> bool:
    try:
        open_backup(folder)
    except BackupError as error:
        if "was destroyed" not in str(error):
            raise
        return False
    return True


def test_no_older_backup_opens_and_the_new_one_comes_back_without_the_school(
    host: Hosting, left: Left, older: list[Path]
) -> None:
    others = counted(THERE.id)

    said = ended(left)

    assert not opens(older[0])
    assert not older[1].exists()
    [(newest, _)] = list_backups(host.backups)
    assert opens(newest)
    assert "2 older backups open no more" in said
    assert "log (WAL)" in said
    assert host.restore("--drill").exit_code == 0
    with host.empty_place():
        refused = host.restore(str(older[0]))
        assert refused.exit_code == 1
        assert "was destroyed" in refused.stderr
        restored = host.restore()
        assert restored.exit_code == 0, restored.output
        assert "that left since" not in restored.output  # there was nothing left of it to delete again
        with in_school(THERE.id):
            assert session.scalar(select(func.count()).select_from(Learner)) == others["learner"]


def test_their_keys_are_in_neither_copy_nor_in_the_folders_of_keys(
    host: Hosting, left: Left, older: list[Path]
) -> None:
    gone = {read_manifest(each)[0].backup_id for each in older}

    ended(left)

    for copy in key_store.store().mirror.copies:
        rows = list(copy.rows(select(BACKUP_KEY.c.id, BACKUP_KEY.c.wrapped)))
        assert {row[0] for row in rows if row[1] is None} == gone
        assert len(rows) == len(gone) + 1
    assert [each.is_there for each in backup_keys.list_keys()].count(True) == 1
    assert CliRunner().invoke(cli.portal, ["keys", "verify"]).exit_code == 0
    for folder in host.keys:  # a store that was lost is made anew from these
        exported = {
            row[0]: row[2]
            for each in key_exports.read_export(key_store.store(), folder / key_exports.NAME)
            if each.table == BACKUP_KEY.name
            for row in each.rows
        }
        assert {each for each, wrapped in exported.items() if wrapped is None} == gone


def test_the_certificate_says_until_when_or_since_when(left: Left, older: list[Path]) -> None:
    done = left.destroy("--despite", "de school stopt")
    first = left.certificate.read_text()
    until = max(each.until for each in backup_keys.list_keys())
    assert f"staan er tot uiterlijk {until:%Y-%m-%d}" in first
    assert f"are there until {until:%Y-%m-%d} at the latest" in first
    assert "--end-older-backups" in done.output
    assert opens(older[0])

    again = close("--end-older-backups", "--certificate", str(left.certificate))

    assert again.exit_code == 0, again.output
    second = left.certificate.read_text()
    assert "openen sinds" in second
    assert "have opened no more since" in second
    assert "staan er tot uiterlijk" not in second
    assert second.splitlines()[:10] == first.splitlines()[:10]
    assert not opens(older[0])
    assert left.destroy().exit_code == 0
    assert left.certificate.read_text() == second


@pytest.mark.parametrize("at", ["a full disk", "a copy of the keys away", "no pg_dump"])
def test_where_the_new_backup_does_not_stand_the_older_ones_do(
    left: Left, older: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    assert left.destroy("--despite", "de school stopt").exit_code == 0
    first = left.certificate.read_text()

    with monkeypatch.context() as patch:
        if at == "no pg_dump":
            patch.setenv("PORTAL_PG_PROGRAMS", str(tmp_path))
        with harmed(at):
            failed = close("--end-older-backups", "--certificate", str(left.certificate))

    assert failed.exit_code == 1
    assert "say --end-older-backups again" in failed.output
    key_store.forget()
    assert opens(older[0])
    assert opens(older[1])
    assert left.certificate.read_text() == first

    assert close("--end-older-backups", "--certificate", str(left.certificate)).exit_code == 0
    assert not opens(older[0])


def test_only_for_a_school_that_is_destroyed_and_once_its_name_is_typed(left: Left, older: list[Path]) -> None:
    refused = close("--end-older-backups", "--certificate", str(left.certificate))
    assert "isn't destroyed yet" in refused.output
    left.destroy("--despite", "de school stopt")
    mistyped = close("--end-older-backups", "--certificate", str(left.certificate), typed=THERE.slug)
    assert "another name was typed" in mistyped.output
    assert close("--end-older-backups").exit_code == 2
    assert close("--end-older-backups", "--hand-over", str(left.folder)).exit_code == 2
    assert opens(older[0])
