"""The operator hears once of what goes on and off, by mail, by the command and by the figures; nobody is named."""

import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from werkzeug.test import Client

from portal.config import settings
from portal.core.alarms.names import WHAT_TO_DO, AlarmName
from portal.core.alarms.services import find_alarms, tell_changes, watch
from portal.core.alarms.sources import Sources
from portal.core.metrics import make_operator_app
from tests.core.alarms.conftest import On, as_superuser, health
from tests.core.backups.hosting import Hosting
from tests.core.crypto.both_copies import FIRST, SECOND, harm


@pytest.fixture
def mails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on: On) -> Path:
    monkeypatch.setenv("PORTAL_OPERATOR_EMAIL", "beheer@hosting.example")
    monkeypatch.setenv("PORTAL_MAIL_DIR", str(tmp_path))
    on()
    return tmp_path


@pytest.fixture(autouse=True)
def no_backup(host: Hosting) -> None:
    """Let no backup be there, whichever test ran before, and no entry wait that is as old as the template."""
    as_superuser(host, "delete from audit_unsealed")
    for place in (FIRST, SECOND):
        harm(place, "delete from backup_key")


def subjects(mails: Path) -> list[str]:
    found = [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(mails.glob("*.eml"))]
    assert {str(each["To"]) for each in found} <= {"beheer@hosting.example"}
    return [str(each["Subject"]) for each in found]


def look() -> None:
    sources = Sources(settings())
    tell_changes(sources, find_alarms(sources))


def test_a_mail_when_it_goes_on_and_one_when_it_is_over(host: Hosting, mails: Path) -> None:
    look()
    look()
    assert subjects(mails) == ["Inzage: backup_old on"]
    (path,) = mails.glob("*.eml")
    assert "portal backup" in path.read_text()
    assert host.backup().exit_code == 0
    look()
    look()
    assert subjects(mails) == ["Inzage: backup_old on", "Inzage: backup_old off"]


def test_a_mail_that_cannot_leave_is_tried_again(
    host: Hosting, mails: Path, on: On, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_DISK_FREE_PERCENT", "100")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_SMTP_URL", "smtp://127.0.0.1:1")
        patch.delenv("PORTAL_MAIL_DIR")
        on()
        with pytest.raises(ConnectionRefusedError):
            look()
    on()
    look()
    assert len(subjects(mails)) == 1
    assert "disk_full" in subjects(mails)[0]


def test_the_worker_tells_that_the_database_is_away(host: Hosting, mails: Path, on: On) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", "postgresql://portal_app@127.0.0.1:1/none")
        on()
        watch(Sources(settings()))
    assert subjects(mails) == ["Inzage: database_away on, backup_old on"]
    on()
    watch(Sources(settings()))
    assert subjects(mails)[1:] == ["Inzage: database_away off"]


def test_what_cannot_be_known_is_not_said_to_be_over(
    host: Hosting, mails: Path, on: On, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_superuser(
        host,
        "insert into recurring_job (school_id, id, kind, next_at)"
        " select id, gen_random_uuid(), 'retention.run', now() - interval '4 hours' from school",
    )
    look()
    assert "nightly_late on" in subjects(mails)[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", "postgresql://portal_app@127.0.0.1:1/none")
        on()
        look()
    on()
    assert "nightly_late" not in subjects(mails)[1]
    as_superuser(host, "truncate recurring_job")
    look()
    assert "nightly_late off" in subjects(mails)[2]


def test_the_command_says_each_and_exits_with_1_where_one_is_on(host: Hosting, monkeypatch: pytest.MonkeyPatch) -> None:
    assert host.backup().exit_code == 0
    monkeypatch.setenv("PORTAL_DISK_FREE_PERCENT", "0")
    well = health()
    assert well.exit_code == 0, well.output
    assert well.output.splitlines() == [f"{name}: off" for name in AlarmName]

    monkeypatch.setenv("PORTAL_DISK_FREE_PERCENT", "100")
    ill = health()
    assert ill.exit_code == 1
    assert "disk_full: ON" in ill.output
    assert WHAT_TO_DO[AlarmName.DISK_FULL] in ill.output
    assert ill.stderr.strip() == "Error: 1 alarm is on"


def test_the_figures_have_each_alarm(host: Hosting, on: On, monkeypatch: pytest.MonkeyPatch) -> None:
    def figures() -> list[str]:
        on()
        body = Client(make_operator_app(settings())).get("/metrics").get_data(as_text=True)
        return [line for line in body.splitlines() if line.startswith("inzage_alarm{")]

    monkeypatch.setenv("PORTAL_DISK_FREE_PERCENT", "100")
    assert len(figures()) == len(AlarmName)
    assert 'inzage_alarm{name="disk_full"} 1.0' in figures()
    monkeypatch.setenv("PORTAL_DISK_FREE_PERCENT", "0")
    assert 'inzage_alarm{name="disk_full"} 0.0' in figures()
    monkeypatch.setenv("DATABASE_URL", "postgresql://portal_app@127.0.0.1:1/none")
    away = figures()
    assert 'inzage_alarm{name="database_away"} 1.0' in away
    assert not [line for line in away if "nightly_late" in line], "what can't be known isn't said to be off"


def test_looking_takes_little_time(host: Hosting) -> None:
    began = time.monotonic()
    find_alarms(Sources(settings()))
    assert time.monotonic() - began < 5
