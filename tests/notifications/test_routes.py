"""Switching the mail of the day: on the own account, and by the link in the mail without signing in."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.notifications.daily_mails.links import make_token
from portal.notifications.daily_mails.models import DailyMail
from tests.conftest import school_id
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn, make_account

HERE = school_id("lest-best")


@pytest.fixture
def noor(database: object) -> Account:
    with in_school(HERE):
        return make_account("Noor Bakker", "coach")


def is_off(account: Account) -> bool | None:
    with in_school(HERE):
        return session.scalar(select(DailyMail.is_off).where(DailyMail.account_id == account.id))


def link_of(account: Account) -> str:
    with in_school(HERE):
        return f"/meldingen/mail-uit/{make_token(account.id)}"


def test_the_link_asks_and_its_button_switches_off(client: PageClient, noor: Account) -> None:
    page = client.get(link_of(noor))
    assert "Zet de mail uit" in page.text
    assert "Noor" not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert is_off(noor) is None

    done = client.post(link_of(noor), hidden_in(page, link_of(noor)))
    assert (done.status_code, "U krijgt deze mail niet meer" in done.text) == (200, True)
    assert is_off(noor) is True


def test_a_mail_program_switches_off_by_one_click_without_session_or_form(app: Flask, noor: Account) -> None:
    browser = PageClient(app, "lest-best.localhost")
    body = {"List-Unsubscribe": "One-Click"}
    for _ in range(2):
        answer = browser.browser.post(link_of(noor), data=body, base_url=browser.base)
        assert answer.status_code == 200
    assert is_off(noor) is True
    with in_school(HERE):
        ended = AuditEvent.event == "notifications.mail_ended"
        assert session.scalar(select(func.count()).select_from(AuditEvent).where(ended)) == 1


def test_a_link_that_was_forged_of_another_school_or_of_who_left_does_nothing(app: Flask, noor: Account) -> None:
    link = link_of(noor)
    forged = link[:-1] + ("A" if link[-1] != "A" else "B")
    here, there = PageClient(app, "lest-best.localhost"), PageClient(app, "meester-in-nt2.localhost")
    for browser, path in ((here, forged), (there, link), (here, "/meldingen/mail-uit/onbekend")):
        assert browser.get(path).status_code == 404
        assert browser.browser.post(path, base_url=browser.base).status_code == 404
    with in_school(HERE):
        session.get_one(Account, (HERE, noor.id)).ended_at = now()
    assert here.browser.post(link, base_url=here.base).status_code == 404
    assert is_off(noor) is None


def test_the_account_says_so_and_switches(client: PageClient, sign_in: SignIn, noor: Account) -> None:
    sign_in(client, "coach", account=noor)
    assert "/account/meldingen" in client.get("/account").text
    assert ">aan<" in client.get("/account/meldingen").text.replace("</svg>", "<svg>").replace("<svg>aan", ">aan")

    assert client.post("/account/meldingen", {"mail": "uit"}).status_code == 303
    assert is_off(noor) is True
    assert "De mail over meldingen staat uit." in client.get("/account/meldingen").text

    assert client.post("/account/meldingen", {"mail": "aan"}).status_code == 303
    assert is_off(noor) is False
