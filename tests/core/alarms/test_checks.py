"""Each alarm goes on by its real cause, and off again: backups, drills, keys, disks, mail, clocks."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from redis import Redis
from sqlalchemy import text

from portal.cli import migrate
from portal.config import settings
from portal.core import mail
from portal.core.alarms import clocks
from portal.core.alarms.names import AlarmName
from portal.core.alarms.sources import Sources
from portal.core.backups import places
from portal.core.backups.services import note_finished
from portal.core.clock import now
from portal.core.crypto import backup_keys, key_store
from portal.core.crypto.comparison import compare
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.jobs import Job, perform
from portal.core.redis import key
from tests.core.alarms.conftest import On
from tests.core.backups.hosting import Hosting
from tests.core.crypto.both_copies import FIRST, SECOND, away, harm
from tests.seed import SCHOOLS

HERE = SCHOOLS[0].id
Clock = Callable[[datetime], None]


@pytest.fixture(scope="module")
def backed_up(host: Hosting) -> Hosting:
    assert host.backup().exit_code == 0
    return host


def later(clock: Clock, **by: float) -> None:
    clock(datetime.now(UTC) + timedelta(**by))


def test_no_backup_is_an_alarm_and_an_old_one_too(host: Hosting, on: On, clock: Clock) -> None:
    for place in (FIRST, SECOND):
        harm(place, "delete from backup_key")
    assert AlarmName.BACKUP_OLD in on()
    assert host.backup().exit_code == 0
    assert AlarmName.BACKUP_OLD not in on()
    later(clock, hours=settings().backup_hours, minutes=5)
    assert AlarmName.BACKUP_OLD in on()


def test_a_backup_that_was_killed_half_way_counts_as_none(backed_up: Hosting, on: On, clock: Clock) -> None:
    made_at = backup_keys.newest_made_at()
    later(clock, hours=settings().backup_hours, minutes=5)
    killed = new_id()
    backup_keys.make_key(killed, now() + timedelta(days=1))
    Redis.from_url(settings().redis_url).delete(key("hosting", "backup"))

    assert AlarmName.BACKUP_OLD in on()
    assert backup_keys.newest_made_at() == made_at

    backup_keys.destroy_keys([backup_keys.BackupKey(killed, now(), is_there=True)])


@pytest.mark.parametrize("place", [FIRST, SECOND])
def test_a_finished_backup_counts_by_either_copy(backed_up: Hosting, place: int) -> None:
    assert backed_up.backup().exit_code == 0
    made_at = backup_keys.newest_made_at()
    harm(place, "delete from finished_backup")
    key_store.forget()
    assert backup_keys.newest_made_at() == made_at
    assert compare(key_store.store(), mend=True).mended
    key_store.forget()
    assert backup_keys.newest_made_at() == made_at is not None


def test_a_finished_backup_of_a_release_that_noted_none_counts_once_migrated(backed_up: Hosting, on: On) -> None:
    assert backed_up.backup().exit_code == 0
    made_at = backup_keys.newest_made_at()
    unfinished = backed_up.backups / f".new-{backed_up.newest().name}"
    shutil.copytree(backed_up.newest(), unfinished)
    for place in (FIRST, SECOND):
        harm(place, "delete from finished_backup")
    key_store.forget()
    assert AlarmName.BACKUP_OLD in on()

    folders = [each for each, _ in places.list_backups(backed_up.backups) if not each.name.startswith(".new-")]
    for folder in folders:
        folder.rename(folder.with_name(f"away-{folder.name}"))
    assert note_finished(backed_up.backups) == 0
    for folder in folders:
        folder.with_name(f"away-{folder.name}").rename(folder)
    shutil.rmtree(unfinished)

    migrated = CliRunner().invoke(migrate)
    assert migrated.exit_code == 0, migrated.output
    assert f"{len(folders)} backups of an earlier release" in migrated.output
    assert backup_keys.newest_made_at() == made_at
    assert AlarmName.BACKUP_OLD not in on()
    assert note_finished(backed_up.backups) == 0


def test_a_key_that_outlives_its_backup_is_an_alarm_until_it_is_destroyed(
    backed_up: Hosting, on: On, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(clock, days=settings().backup_days)
    assert AlarmName.BACKUP_KEPT not in on()
    later(clock, days=settings().backup_days, hours=settings().backup_hours, minutes=5)
    assert AlarmName.BACKUP_KEPT in on()

    monkeypatch.setenv("PORTAL_PG_PROGRAMS", str(tmp_path))
    assert backed_up.backup().exit_code == 1

    assert AlarmName.BACKUP_KEPT not in on()
    assert AlarmName.BACKUP_FAILED in on()
    monkeypatch.undo()
    assert backed_up.backup().exit_code == 0


def test_a_backup_that_failed_is_an_alarm_until_the_next_one(backed_up: Hosting, on: On) -> None:
    with away(SECOND):
        assert backed_up.backup().exit_code == 1
        assert AlarmName.BACKUP_FAILED in on()
    assert AlarmName.BACKUP_FAILED in on()
    assert backed_up.backup().exit_code == 0
    assert AlarmName.BACKUP_FAILED not in on()


def test_a_backup_that_was_cut_or_is_not_there_is_not_verified(backed_up: Hosting, on: On) -> None:
    assert AlarmName.BACKUP_UNVERIFIED not in on()
    part = backed_up.newest() / "database"
    whole = part.read_bytes()
    part.write_bytes(whole[:-1])
    assert AlarmName.BACKUP_UNVERIFIED in on()
    part.write_bytes(whole)
    assert AlarmName.BACKUP_UNVERIFIED not in on()

    folder = backed_up.newest()
    aside = shutil.move(folder, backed_up.folder / "aside")
    assert AlarmName.BACKUP_UNVERIFIED in on()
    shutil.move(aside, folder)
    assert AlarmName.BACKUP_UNVERIFIED not in on()


def test_a_drill_that_failed_or_is_long_ago(
    backed_up: Hosting, on: On, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not {AlarmName.DRILL_OLD, AlarmName.DRILL_FAILED} & on()
    monkeypatch.setenv("PORTAL_DRILL_HOURS", "26")
    assert AlarmName.DRILL_OLD in on()
    assert backed_up.restore("--drill").exit_code == 0
    assert not {AlarmName.DRILL_OLD, AlarmName.DRILL_FAILED} & on()

    part = backed_up.newest() / "files"
    whole = part.read_bytes()
    part.write_bytes(whole[:-1])
    assert backed_up.restore("--drill").exit_code == 1
    assert AlarmName.DRILL_FAILED in on()
    part.write_bytes(whole)
    assert backed_up.restore("--drill").exit_code == 0
    assert AlarmName.DRILL_FAILED not in on()
    later(clock, hours=27)
    assert AlarmName.DRILL_OLD in on()


def test_a_copy_of_the_keys_that_is_away_or_empty(host: Hosting, on: On) -> None:
    assert AlarmName.KEYS_LOST not in on()
    with away(SECOND):
        assert AlarmName.KEYS_LOST in on()
    assert AlarmName.KEYS_LOST not in on()
    harm(SECOND, "create table kept as select * from school_key")
    harm(SECOND, "delete from school_key")
    assert AlarmName.KEYS_LOST in on()
    harm(SECOND, "insert into school_key select * from kept")
    harm(SECOND, "drop table kept")
    assert AlarmName.KEYS_LOST not in on()


def test_a_disk_without_room(host: Hosting, on: On, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DISK_FREE_PERCENT", "100")
    assert AlarmName.DISK_FULL in on()
    monkeypatch.setenv("PORTAL_DISK_FREE_PERCENT", "0")
    assert AlarmName.DISK_FULL not in on()


@pytest.fixture
def no_mails(host: Hosting) -> Iterator[None]:
    yield
    with in_school(HERE):
        session.execute(text("delete from job where kind = 'mail.send'"))


def _send(count: int, *, attempts: int) -> list[str | None]:
    """Send so many mails, each tried so often; return how the last try of each ended."""
    with in_school(HERE):
        for number in range(count):
            mail.send(f"{number}@example.org", "accounts/invitation", name="x", school="x", link="x", days=3)
        session.execute(text(f"update job set attempts_most = {attempts} where kind = 'mail.send'"))
    with in_school(HERE):
        waiting = session.scalars(text("select id from job where kind = 'mail.send' and state = 'waiting'")).all()
        session.execute(text("update job set state = 'handed', handed_at = now() where state = 'waiting'"))
        handed = session.scalars(text("select id from job where kind = 'mail.send' and state = 'handed'")).all()
    return [perform(HERE, job_id) for job_id in {*waiting, *handed}]


@pytest.mark.usefixtures("no_mails", "app")
def test_mails_that_the_server_refuses(host: Hosting, on: On, monkeypatch: pytest.MonkeyPatch) -> None:
    assert AlarmName.MAIL_BOUNCING not in on()
    monkeypatch.setenv("PORTAL_SMTP_URL", "smtp://127.0.0.1:1")
    assert AlarmName.MAIL_BOUNCING not in on()  # the settings are read anew
    assert _send(1, attempts=1) == ["failed"]
    assert AlarmName.MAIL_BOUNCING in on()
    monkeypatch.delenv("PORTAL_SMTP_URL")
    on()
    assert set(_send(10, attempts=8)) == {"done"}
    assert AlarmName.MAIL_BOUNCING not in on()


@pytest.mark.usefixtures("no_mails", "app")
def test_a_mail_that_waits_for_an_hour(host: Hosting, on: On, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SMTP_URL", "smtp://127.0.0.1:1")
    on()
    assert _send(1, attempts=8) == ["waiting"]
    assert AlarmName.MAIL_BOUNCING not in on()
    later(clock, hours=1, minutes=5)
    assert AlarmName.MAIL_BOUNCING in on()
    with in_school(HERE):
        session.execute(text("update job set state = 'handed', handed_at = now() where kind = 'mail.send'"))
        job_id = session.scalars(text("select id from job where kind = 'mail.send'")).one()
    monkeypatch.delenv("PORTAL_SMTP_URL")
    on()
    assert perform(HERE, job_id) == "done"
    assert AlarmName.MAIL_BOUNCING not in on()


@pytest.mark.parametrize("part", ["web", "worker"])
@pytest.mark.parametrize("seconds", [11, -11])
def test_a_clock_that_is_off(host: Hosting, on: On, clock: Clock, part: str, seconds: float) -> None:
    sources, right = Sources(settings()), datetime.now
    later(clock, seconds=seconds)
    clocks.tell(sources, part)
    assert AlarmName.CLOCKS_APART in on()
    clock(right(UTC))
    assert AlarmName.CLOCKS_APART in on(), "what the other process told counts"
    clocks.tell(sources, part)
    assert AlarmName.CLOCKS_APART not in on()


def test_two_clocks_that_are_off_to_either_side(host: Hosting, on: On, clock: Clock) -> None:
    sources = Sources(settings())
    for part, seconds in (("web", 7), ("worker", -7)):
        later(clock, seconds=seconds)
        clocks.tell(sources, part)
    later(clock, seconds=0)
    assert AlarmName.CLOCKS_APART in on()


def test_a_part_that_is_away(host: Hosting, on: On, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not {AlarmName.DATABASE_AWAY, AlarmName.REDIS_AWAY} & on()
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    assert AlarmName.REDIS_AWAY in on()
    monkeypatch.undo()
    monkeypatch.setenv("DATABASE_URL", "postgresql://portal_app@127.0.0.1:1/none")
    assert AlarmName.DATABASE_AWAY in on()


def test_no_job_is_left(host: Hosting) -> None:
    with in_school(HERE):
        assert not session.query(Job).where(Job.kind == "mail.send").count()
