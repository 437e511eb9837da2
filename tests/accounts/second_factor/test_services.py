"""The second step: turning it on and off, codes that work once, recovery codes, and schools that ask for it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pyotp
import pytest
from sqlalchemy import select, update

from portal.accounts.models import Account, RecoveryCode
from portal.accounts.second_factor.services import (
    accept_code,
    count_recovery_codes,
    offer_secret,
    open_offer,
    renew_recovery_codes,
    set_up,
)
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.schools.models import School
from tests.factories.accounts import PASSWORD, code_of, give_second_factor, make_account
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE = SCHOOLS[0].id
Clock = Callable[[datetime], None]


@pytest.mark.usefixtures("school")
def test_a_code_works_once_and_for_about_a_minute(clock: Clock) -> None:
    start = datetime(2026, 11, 23, 9, 0, 5, tzinfo=UTC)
    clock(start)
    account = make_account()
    secret = give_second_factor(account)
    code = code_of(secret)
    clock(start + timedelta(seconds=90))
    assert not accept_code(account, code)
    clock(start + timedelta(seconds=30))
    assert accept_code(account, code)
    assert not accept_code(account, code)
    assert not accept_code(account, code_of(secret, steps=-1))
    assert accept_code(account, code_of(secret))
    for wrong in ("", "abc", "12345", "000000", "-1", "²²²²²²", "①②③④⑤⑥"):
        assert not accept_code(account, wrong)


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize("zero", "٠۰０")
def test_a_code_is_right_in_the_figures_of_any_keyboard(clock: Clock, zero: str) -> None:
    clock(datetime(2026, 11, 23, 9, 0, 5, tzinfo=UTC))
    figures = str.maketrans("0123456789", "".join(chr(ord(zero) + number) for number in range(10)))
    account = make_account()
    assert accept_code(account, code_of(give_second_factor(account)).translate(figures))
    assert accept_code(account, renew_recovery_codes(account)[0].translate(figures))


@pytest.mark.usefixtures("school")
def test_an_offer_is_for_one_account_and_for_an_hour(clock: Clock) -> None:
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    clock(start)
    mine, other = make_account(), make_account(email="b@example.org")
    offer = offer_secret(mine)
    assert len(open_offer(mine, offer)) == 32
    for owner, text in ((other, offer), (mine, offer[:-4] + "AAAA"), (mine, "not an offer")):
        with pytest.raises(Invalid, match="expired"):
            open_offer(owner, text)
    clock(start + timedelta(minutes=61))
    with pytest.raises(Invalid, match="expired"):
        open_offer(mine, offer)


@pytest.mark.usefixtures("school")
def test_the_secret_and_the_recovery_codes_are_not_in_the_database() -> None:
    account = make_account()
    offer = offer_secret(account)
    secret = open_offer(account, offer)
    codes = set_up(account, offer, code_of(secret))
    assert len(set(codes)) == 10
    assert secret.encode() not in (account.totp_secret or b"")
    kept = b"".join(session.scalars(select(RecoveryCode.code_digest)))
    assert not any(code.encode() in kept or code.replace("-", "").encode() in kept for code in codes)


@pytest.mark.usefixtures("school")
def test_a_recovery_code_works_once_and_new_ones_replace_them() -> None:
    account = make_account()
    give_second_factor(account)
    codes = renew_recovery_codes(account)
    assert accept_code(account, codes[0].upper())
    assert not accept_code(account, codes[0])
    assert count_recovery_codes(account) == 9
    renewed = renew_recovery_codes(account)
    assert not accept_code(account, codes[1])
    assert accept_code(account, f" {renewed[1].replace('-', '')} ")


def offered(client: PageClient) -> tuple[str, str]:
    """Return the sealed offer and the key that the page shows."""
    text = client.get("/account/tweede-stap").get_data(as_text=True)
    assert 'src="data:image/svg+xml' in text
    offer = re.search(r'name="offer"[^>]*value="([^"]+)"', text)
    key = re.search(r'<bdi class="code">([A-Z2-7 ]+)</bdi>', text)
    assert offer
    assert key
    return offer[1], key[1].replace(" ", "")


@pytest.mark.promise("LL-17", part="second factor")
@pytest.mark.parametrize("role", ["learner", "teacher"])
def test_anybody_turns_it_on_with_an_app_and_sees_the_codes_once(
    client: PageClient, sign_in: SignIn, role: str
) -> None:
    with in_school(HERE):
        learner = make_learner() if role == "learner" else None
    actor = sign_in(client, role, learner=learner, has_second_factor=False)
    offer, secret = offered(client)
    wrong = client.post("/account/tweede-stap", {"offer": offer, "code": "123"})
    assert wrong.status_code == 422
    assert secret[:4] in wrong.get_data(as_text=True)
    done = client.post("/account/tweede-stap", {"offer": offer, "code": code_of(secret)})
    shown = re.findall(r'<bdi class="code">([a-z0-9]{5}-[a-z0-9]{5})</bdi>', done.get_data(as_text=True))
    assert len(shown) == 10
    assert shown[0] not in client.get("/account").get_data(as_text=True)
    with in_school(HERE):
        assert session.get_one(Account, (HERE, actor.account_id)).totp_since is not None


@pytest.mark.parametrize("role", ["learner", "teacher"])
def test_on_the_phone_that_has_the_app_a_link_opens_it(client: PageClient, sign_in: SignIn, role: str) -> None:
    with in_school(HERE):
        learner = make_learner() if role == "learner" else None
    sign_in(client, role, learner=learner, has_second_factor=False)
    text = client.get("/account/tweede-stap").get_data(as_text=True)
    key = re.search(r'<bdi class="code">([A-Z2-7 ]+)</bdi>', text)
    link = re.search(r'href="(otpauth://[^"]+)"', text)
    assert key
    assert link
    assert pyotp.parse_uri(unescape(link[1])).secret == key[1].replace(" ", "")
    assert 'data-copies="key"' in text


@pytest.mark.promise("LL-17", part="second factor")
def test_an_empty_code_is_no_wrong_attempt(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "teacher")
    offer, _key = offered(client)
    answers = [client.post("/account/tweede-stap", {"offer": offer, "code": ""}) for _ in range(8)]
    assert {answer.status_code for answer in answers} == {422}


def test_a_role_for_which_the_school_asks_it_opens_nothing_before(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        session.execute(update(School).where(School.id == HERE).values(second_factor_roles=["management"]))
    sign_in(client, "management", has_second_factor=False)
    for path in ("/medewerkers", "/account", "/wie-mag-wat", "/account/sessies"):
        response = client.get(path)
        assert response.status_code == 303
        assert response.headers["Location"].startswith("/account/tweede-stap?")
    assert client.post("/medewerkers/uitnodigen", {"people": "a@example.org"}).status_code == 303
    offer, secret = offered(client)
    client.post("/account/tweede-stap", {"offer": offer, "code": code_of(secret)})
    assert client.get("/medewerkers").status_code == 200
    assert client.post("/account/tweede-stap/uit").status_code == 409
    other = PageClient(client.app, client.host)
    sign_in(other, "teacher", has_second_factor=False)
    assert other.get("/account").status_code == 200


def test_who_has_it_but_signed_in_before_it_was_asked_gives_a_code_first(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        account = make_account("Noor Bakker", "management")
        secret = give_second_factor(account)
        session.execute(update(School).where(School.id == HERE).values(second_factor_roles=["management"]))
    sign_in(client, "management", account=account, has_second_factor=False)
    where = client.get("/medewerkers").headers["Location"]
    assert where == "/aanmelden/opnieuw?terug=/medewerkers"
    client.get(where)
    given = {"password": PASSWORD, "code": code_of(secret), "terug": "/medewerkers"}
    assert client.post("/aanmelden/opnieuw", given).headers["Location"] == "/medewerkers"
    assert client.get("/medewerkers").status_code == 200


def test_turning_it_off_and_new_codes_ask_to_sign_in_anew(client: PageClient, sign_in: SignIn, clock: Clock) -> None:
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    clock(start)
    with in_school(HERE):
        account = make_account()
        give_second_factor(account)
    sign_in(client, "teacher", account=account)
    clock(start + timedelta(minutes=6))
    for path in ("/account/tweede-stap/uit", "/account/reservecodes"):
        response = client.post(path)
        assert (response.status_code, response.headers["Location"][:18]) == (303, "/aanmelden/opnieuw")
    clock(start + timedelta(minutes=4))
    assert "Nieuwe" in client.get("/account").get_data(as_text=True)
    assert client.post("/account/reservecodes").status_code == 200
    assert client.post("/account/tweede-stap/uit").status_code == 303
    with in_school(HERE):
        kept = session.get_one(Account, (HERE, account.id))
        assert (kept.totp_secret, kept.totp_since) == (None, None)
        assert count_recovery_codes(account) == 0
