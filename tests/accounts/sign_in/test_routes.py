"""Signing in and out in a browser: the cookie, the second step, what a stranger learns, what a stale page does."""

import base64
import re
import zlib
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.accounts.invitations.services import keep_role_until
from portal.accounts.models import AccountSession
from portal.core.audit import AuditEvent, Chain
from portal.core.clock import now
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.permissions import Role
from tests.factories.accounts import PASSWORD, code_of, give_second_factor, make_account
from tests.page_client import PageClient
from tests.seed import SCHOOLS

HERE, THERE = SCHOOLS[0].id, SCHOOLS[1].id


def sign_in(client: PageClient, name: str = "noor@example.org", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/aanmelden", {"name": name, "password": password, **more})


def cookie_of(client: PageClient) -> Any:
    return client.browser.get_cookie("__Host-inzage", domain=client.host)


def is_in(client: PageClient) -> bool:
    return bool(client.get("/account").status_code == 200)


@pytest.fixture
def noor(database: Any) -> None:
    with in_school(HERE):
        make_account("Noor Bakker", "teacher", number="D7")


@pytest.mark.usefixtures("noor")
@pytest.mark.parametrize("name", ["noor@example.org", " NOOR@Example.org ", "d7", "D٧", "d７"])
def test_by_address_or_by_number(client: PageClient, name: str) -> None:
    client.get("/aanmelden")
    response = sign_in(client, name)
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    assert is_in(client)
    with in_school(HERE):
        events = session.scalars(select(AuditEvent.event)).all()
    assert "accounts.signed_in" in events


@pytest.mark.usefixtures("noor")
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client: PageClient) -> None:
    client.get("/aanmelden")
    wrong, unknown = sign_in(client, password="x"), sign_in(client, "nobody@example.org", "x")
    shown = [
        re.sub(r'value="[^"]*"|"X-CSRFToken": "[^"]*"|[0-9a-f]{8}', "", response.get_data(as_text=True))
        for response in (wrong, unknown)
    ]
    assert shown[0] == shown[1]
    assert wrong.status_code == unknown.status_code == 422
    assert "horen niet bij elkaar" in shown[0]
    assert not is_in(client)


@pytest.mark.usefixtures("noor")
def test_what_was_typed_is_kept_but_not_the_password(client: PageClient) -> None:
    client.get("/aanmelden")
    text = sign_in(client, password="geheim-getypt").get_data(as_text=True)
    assert "noor@example.org" in text
    assert "geheim-getypt" not in text


def test_an_ended_account_and_one_without_a_role_stay_out(client: PageClient) -> None:
    with in_school(HERE):
        make_account("Anna", "teacher", email="anna@example.org")
        make_account("Weg", "teacher", email="weg@example.org").ended_at = now()
        account = make_account("Leeg", "teacher", email="leeg@example.org")
        keep_role_until(account, Role.TEACHER, None)
    client.get("/aanmelden")
    assert sign_in(client, "weg@example.org").status_code == 422
    told = sign_in(client, "leeg@example.org")
    assert "Uw account geeft nu nergens toegang toe" in client.get(told.headers["Location"]).get_data(as_text=True)
    assert not is_in(client)
    assert sign_in(client, "anna@example.org").status_code == 303


@pytest.mark.usefixtures("noor")
@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/medewerkers?x=1", "/medewerkers?x=1"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_it_leads_back_to_own_paths_alone(client: PageClient, wanted: str, led_to: str) -> None:
    client.get("/aanmelden")
    assert sign_in(client, terug=wanted).headers["Location"] == led_to


@pytest.mark.usefixtures("noor")
def test_a_page_that_asks_to_sign_in_is_found_back(client: PageClient) -> None:
    response = client.get("/account/sessies")
    assert response.status_code == 303
    form = client.get(response.headers["Location"]).get_data(as_text=True)
    assert 'name="terug" type="hidden" value="/account/sessies"' in form


@pytest.mark.usefixtures("noor")
def test_htmx_is_told_to_open_the_sign_in_page(client: PageClient) -> None:
    response = client.get("/account/sessies", htmx=True)
    assert response.status_code == 401
    assert response.headers["HX-Redirect"].startswith("/aanmelden?")


@pytest.mark.promise("LL-17", part="cookies")
@pytest.mark.promise("MN-13", part="one cookie")
@pytest.mark.promise("LB-16", part="cookies")
@pytest.mark.promise("OP-10")
@pytest.mark.usefixtures("noor")
def test_one_cookie_for_signing_in_and_one_for_the_language_tied_to_the_host(client: PageClient) -> None:
    client.get("/aanmelden")
    response = sign_in(client)
    header = response.headers.get("Set-Cookie")
    assert header.startswith("__Host-inzage=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(header.split("; "))
    assert "Domain" not in header
    assert "Expires" not in header
    page = client.get("/account")
    chosen = client.post("/taal", {"taal": "en"})
    set_by = [each.headers.getlist("Set-Cookie") for each in (response, page, chosen, client.get("/account"))]
    assert {cookie.partition("=")[0] for cookies in set_by for cookie in cookies} == {"__Host-inzage", "__Host-taal"}
    value = cookie_of(client).value
    body = value.split(".")[1 if value.startswith(".") else 0]
    raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    text = (zlib.decompress(raw) if value.startswith(".") else raw).decode()
    assert "noor" not in text.lower()
    assert "example.org" not in text


@pytest.mark.usefixtures("noor")
def test_a_session_cannot_be_fixed_beforehand(client: PageClient) -> None:
    client.get("/aanmelden")
    before = cookie_of(client).value
    with client.browser.session_transaction(base_url=client.base) as planted:
        planted["_user_id"] = "planted-by-somebody"
        planted["second_step"] = {"token": "planted"}
    client.get("/aanmelden")
    sign_in(client)
    with client.browser.session_transaction(base_url=client.base) as kept:
        assert kept["_user_id"] != "planted-by-somebody"
        assert "second_step" not in kept
    assert cookie_of(client).value != before
    client.browser.set_cookie("__Host-inzage", before, domain=client.host, secure=True, httponly=True)
    assert not is_in(client)


@pytest.mark.usefixtures("noor")
def test_signing_out_ends_the_session_on_the_server(client: PageClient) -> None:
    client.get("/aanmelden")
    sign_in(client)
    stolen = cookie_of(client).value
    client.get("/account")
    assert client.post("/uitloggen").headers["Location"] == "/uitgelogd"
    assert not is_in(client)
    client.browser.set_cookie("__Host-inzage", stolen, domain=client.host, secure=True, httponly=True)
    assert not is_in(client)


@pytest.mark.usefixtures("noor")
def test_a_cookie_of_one_school_is_worth_nothing_at_another(
    client: PageClient, client_at: Callable[[str], PageClient]
) -> None:
    client.get("/aanmelden")
    sign_in(client)
    other = client_at("meester-in-nt2")
    other.browser.set_cookie("__Host-inzage", cookie_of(client).value, domain=other.host, secure=True, httponly=True)
    assert not is_in(other)
    assert is_in(client)


@pytest.mark.usefixtures("noor")
def test_the_token_is_kept_as_a_digest(client: PageClient) -> None:
    client.get("/aanmelden")
    sign_in(client)
    with client.browser.session_transaction(base_url=client.base) as kept:
        token = kept["_user_id"]
    with in_school(HERE):
        digests = session.scalars(select(AccountSession.token_digest)).all()
    assert token.encode() not in digests
    assert len(digests) == 1
    assert len(token) >= 43


@pytest.mark.usefixtures("noor")
def test_without_the_forms_token_nothing_happens_and_it_says_so(client: PageClient) -> None:
    response = client.browser.post(
        "/aanmelden", base_url=client.base, data={"name": "noor@example.org", "password": PASSWORD}
    )
    assert response.status_code == 422
    assert "stond te lang open" in response.get_data(as_text=True)
    assert not is_in(client)


@pytest.mark.usefixtures("noor")
def test_too_many_wrong_ones_get_a_clear_answer_that_tells_nothing(client: PageClient) -> None:
    client.get("/aanmelden")
    for name in ("noor@example.org", f"{uuid4().hex}@example.org"):
        assert [sign_in(client, name, "x").status_code for _ in range(6)] == [422] * 6
        stopped = sign_in(client, name, PASSWORD)
        assert stopped.status_code == 429
        assert int(stopped.headers["Retry-After"]) > 0
        assert "Probeer het over 15 minuten opnieuw" in stopped.get_data(as_text=True)


@pytest.mark.usefixtures("noor")
def test_with_redis_down_signing_in_works(client: PageClient, redis_down: Callable[[], None]) -> None:
    redis_down()
    client.get("/aanmelden")
    assert sign_in(client).status_code == 303
    assert is_in(client)


@pytest.fixture
def secret(database: Any) -> str:
    with in_school(HERE):
        return give_second_factor(make_account("Noor Bakker", "teacher"))


def test_with_a_second_step_the_password_alone_opens_nothing(client: PageClient, secret: str) -> None:
    client.get("/aanmelden")
    assert sign_in(client, terug="/account/sessies").headers["Location"] == "/aanmelden/tweede-stap"
    assert not is_in(client)
    client.get("/aanmelden/tweede-stap")
    assert client.post("/aanmelden/tweede-stap", {"code": "000000"}).status_code == 422
    assert not is_in(client)
    done = client.post("/aanmelden/tweede-stap", {"code": code_of(secret)})
    assert (done.status_code, done.headers["Location"]) == (303, "/account/sessies")
    assert is_in(client)


def test_a_code_works_once(client: PageClient, client_at: Callable[[str], PageClient], secret: str) -> None:
    code = code_of(secret)
    client.get("/aanmelden")
    sign_in(client)
    client.get("/aanmelden/tweede-stap")
    assert client.post("/aanmelden/tweede-stap", {"code": code}).status_code == 303
    second = client_at("lest-best")
    second.get("/aanmelden")
    sign_in(second)
    second.get("/aanmelden/tweede-stap")
    assert second.post("/aanmelden/tweede-stap", {"code": code}).status_code == 422
    assert second.post("/aanmelden/tweede-stap", {"code": code_of(secret, steps=1)}).status_code == 303


def test_the_second_step_needs_the_first(client: PageClient, secret: str) -> None:
    assert client.get("/aanmelden/tweede-stap").headers["Location"] == "/aanmelden"
    assert client.post("/aanmelden/tweede-stap", {"code": code_of(secret)}).headers["Location"] == "/aanmelden"


def test_wrong_codes_are_limited(client: PageClient, secret: str) -> None:
    client.get("/aanmelden")
    sign_in(client)
    client.get("/aanmelden/tweede-stap")
    answers = [client.post("/aanmelden/tweede-stap", {"code": "000000"}).status_code for _ in range(7)]
    assert answers == [422] * 6 + [429]
    assert client.post("/aanmelden/tweede-stap", {"code": code_of(secret)}).status_code == 429


def test_signing_in_takes_few_statements(client: PageClient, noor: None, count_statements: Any) -> None:
    client.get("/aanmelden")
    with count_statements() as seen:
        sign_in(client)
    assert len(seen) <= 6, seen
    client.get("/account/wachtwoord")  # a process reads a version of the policy once
    with count_statements() as seen:
        client.get("/account/wachtwoord")
    assert len(seen) <= 2, seen


def refusals() -> list[str]:
    """What was refused, as the audit's chain of sign-ins has it, in its order."""
    with in_school(HERE):
        found = select(AuditEvent.facts).where(AuditEvent.event == "access.refused", AuditEvent.chain == Chain.ACTIVITY)
        return [str(facts["what"]) for facts in session.scalars(found.order_by(AuditEvent.at, AuditEvent.id))]


@pytest.mark.usefixtures("noor")
def test_every_refused_way_in_leaves_an_entry_in_the_chain_of_sign_ins(client: PageClient) -> None:
    client.get("/aanmelden")
    for _ in range(6):
        sign_in(client, password="x")
    assert sign_in(client).status_code == 429
    assert refusals() == ["accounts.sign_in"] * 6 + ["accounts.too_often"]


@pytest.mark.parametrize("path", ["uitnodiging", "wachtwoord", "nieuw-adres"])
@pytest.mark.usefixtures("noor")
def test_a_refused_token_leaves_an_entry_and_stands_in_none(client: PageClient, path: str) -> None:
    assert client.get(f"/{path}/geheim-woord").status_code == 410
    assert len(refusals()) == 1
    with in_school(HERE):
        entries = session.scalars(select(AuditEvent).where(AuditEvent.event == "access.refused"))
        assert not [each for each in entries if "geheim-woord" in str(each.facts)]


@pytest.mark.usefixtures("noor")
def test_a_form_without_its_token_and_a_wrong_first_code_leave_an_entry(client: PageClient) -> None:
    answer = client.browser.post("/aanmelden", base_url=client.base, data={"name": "x", "password": "y"})
    assert answer.status_code == 422
    new = {
        "password": PASSWORD,
        "repeated_password": PASSWORD,
        "language": "nl",
        "number": "1",
        "code": "AAAA-AAAA-AAAA",
    }
    client.get("/eerste-keer")
    assert client.post("/eerste-keer", new).status_code == 422
    assert refusals() == ["form_token", "accounts.first_code"]
