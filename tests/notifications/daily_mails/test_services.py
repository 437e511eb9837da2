"""The mail of the day: one a day at most, without a name, only for what is new and told by no mail of its own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actors import holder_of
from portal.accounts.models import Account, Membership
from portal.core.clock import now, today
from portal.core.crypto.ledger import Ending, find_endings
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.jobs import ask
from portal.notifications.daily_mails.services import send_daily, switch_mail
from portal.schools.queries import SchoolView
from tests.accounts.invitations.test_routes import mails
from tests.factories.notifications import make_notification
from tests.jobs import do_jobs
from tests.signing_in import make_account

DAY = timedelta(days=1)
MORNING = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_the_morning(clock: Callable[[datetime], None]) -> None:
    clock(MORNING)


@pytest.fixture
def noor(app: Flask, school: SchoolView) -> Account:
    return make_account("Noor Bakker", "coach")


def sent(mail_dir: Path, account: Account) -> list[Any]:
    do_jobs("mail.send")
    return mails(mail_dir, str(account.email))


def test_it_says_how_many_and_nothing_else(mail_dir: Path, noor: Account) -> None:
    make_notification(noor.id)
    make_notification(noor.id)
    ask("notifications.send_daily", {})
    do_jobs("notifications.send_daily")

    [mail] = sent(mail_dir, noor)
    text = f"{mail['Subject']}\n{mail.get_content()}"
    assert "Er zijn 2 nieuwe meldingen voor u." in text
    assert "https://lest-best.localhost/meldingen\n" in text
    assert "Noor" not in text
    off = mail["List-Unsubscribe"].strip("<>")
    assert off in text
    assert off.startswith("https://lest-best.localhost/meldingen/mail-uit/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    [as_sent] = [path.read_bytes() for path in mail_dir.iterdir() if str(noor.email).encode() in path.read_bytes()]
    assert f"List-Unsubscribe: <{off}>\n".encode() in as_sent, "mail programs don't decode it"


def test_it_is_in_her_language(mail_dir: Path, noor: Account) -> None:
    noor.language = "en"
    make_notification(noor.id)
    send_daily()

    [mail] = sent(mail_dir, noor)
    assert "There is 1 new notification for you." in mail.get_content()


def test_there_is_one_a_day_and_only_for_what_is_newer(noor: Account, clock: Callable[[datetime], None]) -> None:
    make_notification(noor.id)
    assert send_daily() == 1
    clock(MORNING + timedelta(hours=1))
    make_notification(noor.id, happened_at=now())
    assert send_daily() == 0
    clock(MORNING + DAY)
    assert send_daily() == 1
    clock(MORNING + 2 * DAY)
    assert send_daily() == 0


@pytest.mark.parametrize(("hour", "goes"), [(5, False), (6, True), (8, True), (9, False), (22, False)])
def test_it_goes_in_the_schools_hours(noor: Account, clock: Callable[[datetime], None], hour: int, goes: bool) -> None:
    make_notification(noor.id, happened_at=MORNING - DAY)
    clock(MORNING.replace(hour=hour))
    assert send_daily() == goes


def test_who_gets_none(noor: Account) -> None:
    seen, mailed, silent, over = (make_account(name, "coach") for name in ("An", "Bo", "Cis", "Do"))
    make_notification(seen.id, seen_at=now())
    make_notification(mailed.id, has_own_mail=True)
    make_notification(silent.id)
    silent.email, silent.sign_in_number = None, "471199"
    make_notification(over.id)
    for role in session.scalars(select(Membership).where(Membership.account_id == over.id)):
        role.starts_on, role.ends_on = today() - 9 * DAY, today() - DAY
    make_notification(noor.id)
    noor.ended_at = now()
    session.flush()

    assert send_daily() == 0


def test_switched_off_it_stays_off_and_is_in_the_ledger(noor: Account) -> None:
    make_notification(noor.id)
    switch_mail(is_on=False, by=holder_of(noor))
    switch_mail(is_on=False, by=holder_of(noor))
    assert send_daily() == 0
    checkpoint()
    do_jobs()
    assert set(find_endings(Ending.UNSUBSCRIPTION, [noor.id])) == {noor.id}

    switch_mail(is_on=True, by=holder_of(noor))
    assert send_daily() == 1
