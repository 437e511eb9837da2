"""An operator's restore: a backup, what ends after it, an empty place; nobody gets in before all that ended again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psutil
import pytest
from flask import Flask
from playwright.sync_api import Browser, Error, Page, expect
from sqlalchemy import NullPool, create_engine, select, text
from sqlalchemy.exc import SQLAlchemyError

from portal.accounts.actors import actor_of
from portal.accounts.members.services import end_member, end_role
from portal.accounts.models import Membership
from portal.core.clock import today
from portal.core.db.scope import in_school, reveal
from portal.core.db.session import session
from portal.core.erasure import erase_person
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.permissions import Role
from portal.purposes.withdrawals.services import carry_out_withdrawal, withdraw_consent
from tests.bench.setting import free_port
from tests.core.backups.hosting import Hosting, hosting
from tests.factories.accounts import PASSWORD, make_account
from tests.factories.consent import agree, as_learner
from tests.factories.learners import make_learner
from tests.seed import SCHOOLS
from tests.signing_in import accept_duty

ROOT = Path(__file__).resolve().parents[2]
SCHOOL, HOST = SCHOOLS[0].id, SCHOOLS[0].host
PURPOSE = "survey"
LAST_DAY = today() + timedelta(days=3)


@pytest.fixture(scope="module")
def host(environment: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosting]:
    with hosting(tmp_path_factory.mktemp("hosting")) as made:
        yield made


@contextmanager
def portal(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the `portal` command with the settings as they are now, and end it."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from portal.cli import main; main()", *words], cwd=ROOT, env=dict(os.environ),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        for each in [psutil.Process(process.pid)] if process.poll() is None else []:
            for child in (*each.children(recursive=True), each):
                with suppress(psutil.NoSuchProcess):
                    child.kill()
        process.wait()


def eventually(look: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < until, "it didn't come about in time"
        time.sleep(0.02)


def _is_loaded(place: Hosting) -> bool:
    """Say whether the rows of the backup are in, and the restore goes on."""
    engine = create_engine(place.database.owner_url, poolclass=NullPool)
    with suppress(SQLAlchemyError), engine.connect() as connection:
        both = "select to_regclass('public.restoring') is not null and to_regclass('public.learner') is not null"
        return bool(connection.scalar(text(both)))
    return False


def _account(name: str, role: str, learner: Learner | None = None) -> UUID:
    account = make_account(name, role, email=f"{name.lower()}@example.org")
    if learner is not None:
        learner.account_id = account.id
    accept_duty(account)
    session.flush()
    return account.id


def _signs_in(page: Page, address: str, name: str) -> bool:
    """Try to sign in in a browser, and say whether that lets her in."""
    page.context.clear_cookies()
    page.goto(f"{address}/aanmelden")
    page.locator("[name=name]").fill(f"{name}@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form.sign-in [type=submit]").click()
    page.wait_for_load_state()
    return "/aanmelden" not in page.url and page.locator("[name=password]").count() == 0


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.fixture
def ended(app: Flask, host: Hosting) -> None:
    """A backup of people with access, and what ended of it afterwards."""
    with in_school(SCHOOL):
        gone, stays = make_learner("Zülfikariye"), make_learner("Blijvend")
        _account("gewist", "learner", gone)
        _account("blijvend", "learner", stays)
        agree(stays, PURPOSE)
        teachers = {name: _account(name, "teacher") for name in ("werkt", "weg", "stopt")}
        by = actor_of(_account("directie", "management"), "Directie", frozenset({"management"}))
    assert host.backup().exit_code == 0
    with in_school(SCHOOL):
        reveal()
        erase_person(PersonKind.LEARNER, gone.id, why="asked")
        end_member(teachers["weg"], by=by)
        end_role(teachers["stopt"], Role.TEACHER, last_day=LAST_DAY, by=by)
        hers = session.get_one(Learner, (SCHOOL, stays.id))
        carry_out_withdrawal(withdraw_consent(stays.id, PURPOSE, by=as_learner(hers)).id, by=as_learner(hers))


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="nl-NL", viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


@pytest.mark.promise("OP-07")
@pytest.mark.usefixtures("ended")
def test_nobody_gets_in_before_what_ended_has_ended_again(host: Hosting, page: Page) -> None:
    port = free_port()
    address = f"http://{HOST}:{port}"
    with host.empty_place() as place, portal("restore") as restoring:
        eventually(lambda: _is_loaded(place))
        restoring.send_signal(signal.SIGSTOP)
        with portal("serve", "--port", str(port), "--processes", "1"):
            eventually(lambda: _answers(page, address, 503))
            expect(page.locator("main")).to_contain_text("Het portaal is even dicht")
            expect(page.locator("main")).to_contain_text("Wat daarna is gewist, wissen wij eerst opnieuw.")
            assert _fits(page)

            restoring.send_signal(signal.SIGCONT)
            assert restoring.wait(120) == 0
            eventually(lambda: _answers(page, address, 200))
            _try_everybody(page, address)
        with in_school(SCHOOL):
            assert "Zülfikariye" not in session.scalars(select(Learner.given_name)).all()
            last_days = session.scalars(select(Membership.ends_on).where(Membership.ends_on.is_not(None))).all()
            assert list(last_days) == [LAST_DAY]


def _try_everybody(page: Page, address: str) -> None:
    """Sign in as each: who was erased or left stays out, the others come in, and what was withdrawn is withdrawn."""
    assert [_signs_in(page, address, name) for name in ("gewist", "weg")] == [False, False]
    assert [_signs_in(page, address, name) for name in ("stopt", "werkt", "blijvend")] == [True, True, True]
    page.goto(f"{address}/mijn/toestemmingen")
    expect(page.locator("main")).to_contain_text("teruggenomen op")
    assert _fits(page)


def _answers(page: Page, address: str, status: int) -> bool:
    with suppress(Error):
        answer = page.goto(f"{address}/aanmelden")
        return answer is not None and answer.status == status
    return False
