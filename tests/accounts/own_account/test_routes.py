"""The own account: password, e-mail address, language, sessions, and signing in anew before what matters."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.models import Account, AccountSession
from portal.accounts.sessions.services import is_fresh, start_session
from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.db.scope import in_school
from portal.core.db.session import session
from tests.accounts.invitations.test_routes import NEW, mails
from tests.factories.accounts import PASSWORD, code_of, give_second_factor, make_account
from tests.jobs import do_jobs
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE, THERE = SCHOOLS[0].id, SCHOOLS[1].id
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
Clock = Callable[[datetime], None]


@pytest.fixture
def noor(client: PageClient, sign_in: SignIn) -> Account:
    with in_school(HERE):
        account = make_account("Noor Bakker", "teacher", email="account@example.org")
    sign_in(client, "teacher", account=account)
    return account


def more_sessions(account: Account, count: int = 2) -> None:
    with in_school(HERE):
        for _ in range(count):
            start_session(account, has_second_factor=False, ip_address="192.0.2.1", browser="Firefox on Android")


def open_sessions(account: Account) -> int:
    with in_school(HERE):
        wanted = select(AccountSession.id).where(
            AccountSession.account_id == account.id, AccountSession.ended_at.is_(None)
        )
        return len(session.scalars(wanted).all())


def test_a_new_password_ends_the_other_sessions_and_tells_her(
    client: PageClient, noor: Account, mail_dir: Path
) -> None:
    more_sessions(noor)
    client.get("/account/wachtwoord")
    with client.browser.session_transaction(base_url=client.base) as kept:
        before = kept["_user_id"]
    assert client.post("/account/wachtwoord", {**NEW, "old_password": "verkeerd"}).status_code == 422
    assert open_sessions(noor) == 3
    assert client.post("/account/wachtwoord", {**NEW, "old_password": PASSWORD}).status_code == 303
    assert open_sessions(noor) == 1
    assert client.get("/account").status_code == 200
    with client.browser.session_transaction(base_url=client.base) as kept:
        assert kept["_user_id"] != before
    with in_school(HERE):
        do_jobs()
    assert "veranderd" in mails(mail_dir, "account@example.org")[-1]["Subject"]


def test_guessing_the_present_password_is_limited(client: PageClient, noor: Account) -> None:
    client.get("/account/wachtwoord")
    given = {**NEW, "old_password": "verkeerd"}
    assert [client.post("/account/wachtwoord", given).status_code for _ in range(7)] == [422] * 6 + [429]


def test_a_new_address_counts_once_its_link_is_opened_and_the_old_one_is_told(
    client: PageClient, noor: Account, mail_dir: Path
) -> None:
    client.get("/account/e-mail")
    assert client.post("/account/e-mail", {"email": "geen adres"}).status_code == 422
    assert client.post("/account/e-mail", {"email": "ACCOUNT@example.org"}).status_code == 422
    assert client.post("/account/e-mail", {"email": "Nieuw-Noor@Example.org"}).status_code == 303
    with in_school(HERE):
        assert session.get_one(Account, (HERE, noor.id)).email == "account@example.org"
        do_jobs()
    text = mails(mail_dir, "nieuw-noor@example.org")[-1].get_content()
    path = re.search(r"https://lest-best.localhost(/nieuw-adres/\S+)", text)
    assert path
    stranger = PageClient(client.app, client.host)
    assert "nieuw-noor@example.org" in stranger.get(path[1]).get_data(as_text=True)
    with in_school(HERE):
        assert session.get_one(Account, (HERE, noor.id)).email == "account@example.org"
    assert stranger.post(path[1]).status_code == 303
    assert stranger.post(path[1]).status_code == 410
    with in_school(HERE):
        assert session.get_one(Account, (HERE, noor.id)).email == "nieuw-noor@example.org"
        do_jobs()
    assert "veranderd" in mails(mail_dir, "account@example.org")[-1]["Subject"]


def test_an_address_of_somebody_else_gets_no_mail_and_shows_nothing(
    client: PageClient, noor: Account, mail_dir: Path
) -> None:
    with in_school(HERE):
        make_account("Sam", "teacher", email="bezet@example.org")
    client.get("/account/e-mail")
    taken = client.post("/account/e-mail", {"email": "bezet@example.org"})
    free = client.post("/account/e-mail", {"email": "vrij-adres@example.org"})
    assert (taken.status_code, taken.headers["Location"]) == (free.status_code, free.headers["Location"])
    with in_school(HERE):
        do_jobs()
    assert not mails(mail_dir, "bezet@example.org")
    assert mails(mail_dir, "vrij-adres@example.org")


def test_an_address_that_an_ended_account_holds_gets_its_link(
    client: PageClient, noor: Account, mail_dir: Path
) -> None:
    with in_school(HERE):
        make_account("Vroeger", email="vroeger@example.org").ended_at = now()
    client.get("/account/e-mail")
    assert client.post("/account/e-mail", {"email": "vroeger@example.org"}).status_code == 303
    with in_school(HERE):
        do_jobs()
    link = re.search(r"/nieuw-adres/\S+", mails(mail_dir, "vroeger@example.org")[-1].get_content())
    assert link
    client.get(link[0])
    assert client.post(link[0]).status_code == 303
    with in_school(HERE):
        assert session.get_one(Account, (HERE, noor.id)).email == "vroeger@example.org"


def test_the_list_of_sessions_ends_each_and_all(client: PageClient, noor: Account) -> None:
    more_sessions(noor)
    text = client.get("/account/sessies").get_data(as_text=True)
    assert text.count("Firefox · Android") == 4
    assert text.count("dit apparaat") == 1
    paths = re.findall(r'action="(/account/sessies/[0-9a-f-]+/einde)"', text)
    assert len(paths) == 3
    with in_school(HERE):
        other = session.scalars(select(AccountSession.id).where(AccountSession.browser == "Firefox on Android")).first()
    assert client.post(f"/account/sessies/{other}/einde").headers["Location"] == "/account/sessies"
    assert open_sessions(noor) == 2
    assert client.post("/account/sessies/overal-uitloggen").headers["Location"] == "/uitgelogd"
    assert open_sessions(noor) == 0
    assert client.get("/account").status_code == 303


def test_a_session_that_is_over_stays_on_the_page_until_it_is_deleted(client: PageClient, noor: Account) -> None:
    with in_school(HERE):
        start_session(noor, has_second_factor=False, ip_address="192.0.2.77", browser=None)
        over = session.scalars(select(AccountSession).where(AccountSession.ip_address == "192.0.2.77")).one()
        over.ended_at = now()
    before, _heading, after = client.get("/account/sessies").get_data(as_text=True).partition("eerder was ingelogd")
    assert "192.0.2.77" not in before
    assert "192.0.2.77" in after


def test_a_colleagues_session_is_not_there(client: PageClient, noor: Account) -> None:
    with in_school(HERE):
        sam = make_account("Sam", "teacher", email="sam@example.org")
        start_session(sam, has_second_factor=False, ip_address=None, browser=None)
        theirs = session.scalars(select(AccountSession.id).where(AccountSession.account_id == sam.id)).one()
    client.get("/account/sessies")
    assert client.post(f"/account/sessies/{theirs}/einde").status_code == 404
    assert open_sessions(sam) == 1


def test_the_language_is_kept_in_its_cookie_and_on_the_account(client: PageClient, noor: Account) -> None:
    client.get("/account")
    response = client.post("/taal", {"taal": "ar", "terug": "/account/sessies"})
    assert response.headers["Location"] == "/account/sessies"
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-taal=ar;")
    assert {"Secure", "Path=/", "SameSite=Lax", "HttpOnly"} <= set(cookie.split("; "))
    assert '<html lang="ar" dir="rtl">' in client.get("/account").get_data(as_text=True)
    with in_school(HERE):
        assert session.get_one(Account, (HERE, noor.id)).language == "ar"
    assert "Set-Cookie" not in client.post("/taal", {"taal": "xx"}).headers
    client.post("/account/taal", {"language": "en"})
    assert '<html lang="en"' in client.get("/account").get_data(as_text=True)
    client.post("/account/taal", {"language": "en"})
    with in_school(HERE):
        chosen = select(AuditEvent.facts).where(AuditEvent.event == "accounts.language_chosen").order_by(AuditEvent.id)
        assert [facts["language"] for facts in session.scalars(chosen)] == ["ar", "en"]


def test_a_stranger_chooses_a_language_too(client: PageClient) -> None:
    client.get("/aanmelden")
    assert client.post("/taal", {"taal": "en", "terug": "//evil.example"}).headers["Location"] == "/"
    assert '<html lang="en"' in client.get("/aanmelden").get_data(as_text=True)


def test_what_matters_asks_the_password_anew_after_five_minutes(
    client: PageClient, clock: Clock, sign_in: SignIn
) -> None:
    clock(START)
    with in_school(HERE):
        account = make_account()
        secret = give_second_factor(account)
    sign_in(client, "teacher", account=account)
    assert client.get("/account/e-mail").status_code == 200
    clock(START + timedelta(minutes=5, seconds=1))
    where = client.get("/account/e-mail").headers["Location"]
    assert where == "/aanmelden/opnieuw?terug=/account/e-mail"
    client.get(where)
    given: dict[str, Any] = {"password": PASSWORD, "code": code_of(secret), "terug": "/account/e-mail"}
    assert client.post("/aanmelden/opnieuw", {**given, "password": "x"}).status_code == 422
    assert client.post("/aanmelden/opnieuw", {**given, "code": "000000"}).status_code == 422
    with client.browser.session_transaction(base_url=client.base) as kept:
        before = kept["_user_id"]
    assert client.post("/aanmelden/opnieuw", {**given, "terug": "//evil.example"}).headers["Location"] == "/"
    with client.browser.session_transaction(base_url=client.base) as kept:
        after = kept["_user_id"]
        assert after != before
    assert client.get("/account/e-mail").status_code == 200
    with client.browser.session_transaction(base_url=client.base) as kept:
        kept["_user_id"] = before
    assert client.get("/account").status_code == 303


BEHIND = ("/account/e-mail", "/account/reservecodes", "/account/tweede-stap/uit", "/account/tweede-stap")


def asks_anew(client: PageClient, path: str) -> bool:
    """Say whether an address asks to sign in anew, to whoever looks or posts."""
    answer = client.get(path) if path == "/account/e-mail" else client.post(path)
    return "/aanmelden/opnieuw" in answer.headers.get("Location", "")


@pytest.mark.parametrize("has_second_factor", [True, False])
def test_a_new_password_opens_nothing_that_asks_to_sign_in_anew(
    client: PageClient, clock: Clock, sign_in: SignIn, has_second_factor: bool
) -> None:
    """Who knows the password alone, at a screen left open, doesn't get at the e-mail address or the second step."""
    clock(START)
    with in_school(HERE):
        account = make_account()
        if has_second_factor:
            give_second_factor(account)
    sign_in(client, "teacher", account=account)
    clock(START + timedelta(minutes=16))
    for new in (PASSWORD, NEW["password"]):
        client.get("/account/wachtwoord")
        changed = client.post(
            "/account/wachtwoord", {"old_password": PASSWORD, "password": new, "repeated_password": new}
        )
        assert changed.headers["Location"] == "/account"
        assert [path for path in BEHIND if not asks_anew(client, path)] == []


def test_a_second_step_just_set_up_opens_nothing_that_asks_to_sign_in_anew(
    client: PageClient, clock: Clock, sign_in: SignIn
) -> None:
    clock(START)
    with in_school(HERE):
        account = make_account()
    sign_in(client, "teacher", account=account, has_second_factor=False)
    clock(START + timedelta(minutes=14))
    page = client.get("/account/tweede-stap").get_data(as_text=True)
    offer = re.search(r'name="offer"[^>]*value="([^"]+)"', page)
    key = re.search(r'<bdi class="code">([A-Z2-7 ]+)</bdi>', page)
    assert offer
    assert key
    code = code_of(key[1].replace(" ", ""))
    assert client.post("/account/tweede-stap", {"offer": offer[1], "code": code}).status_code == 200
    assert [path for path in BEHIND[:3] if not asks_anew(client, path)] == []


def test_fresh_is_five_minutes(clock: Clock) -> None:
    class Proved:
        authenticated_at = START

    clock(START + timedelta(minutes=5))
    assert is_fresh(Proved())
    clock(START + timedelta(minutes=5, seconds=1))
    assert not is_fresh(Proved())
    assert is_fresh(Proved(), minutes=6)
