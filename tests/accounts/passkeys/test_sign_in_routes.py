"""Signing in with a passkey: in place of the password, as the second step, and to prove anew who one is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.actors import holder_of
from portal.accounts.invitations.services import keep_role_until
from portal.accounts.models import Account, AccountSession
from portal.accounts.passkeys.models import Passkey
from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.permissions import Role
from tests.factories.accounts import PASSWORD, code_of, give_second_factor, make_account
from tests.factories.authenticators import Authenticator, make_passkey, party
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE, THERE = SCHOOLS[0].id, SCHOOLS[1].id
ASKS, IN, SECOND, ANEW = (
    "/aanmelden/passkey/vraag", "/aanmelden/passkey", "/aanmelden/tweede-stap/passkey", "/aanmelden/opnieuw/passkey",
)  # fmt: skip
Clock = Callable[[datetime], None]


def asked(client: PageClient) -> dict[str, Any]:
    """Return what the script of the page asks the browser."""
    found: dict[str, Any] = client.get(ASKS).get_json()
    return found


def is_in(client: PageClient) -> bool:
    return bool(client.get("/account").status_code == 200)


def owner(*roles: str, email: str = "noor@example.org", **told: Any) -> tuple[Account, Authenticator]:
    """Return somebody at the first school with a passkey, and her device."""
    with in_school(HERE):
        account, device = make_account("Noor Bakker", *roles or ("teacher",), email=email), Authenticator(**told)
        make_passkey(holder_of(account), device)
    return account, device


def learner_with_one(birth_date: date | None = None) -> tuple[Account, Authenticator]:
    account, device = owner("learner", email="amina@example.org")
    with in_school(HERE):
        learner = make_learner("Amina", **({"birth_date": birth_date} if birth_date else {}))
        learner.account_id = account.id
    return account, device


@pytest.mark.promise("LL-17", part="passkeys")
def test_it_stands_for_password_and_second_step_both(client: PageClient) -> None:
    account, device = owner()
    with in_school(HERE):
        give_second_factor(session.get_one(Account, (HERE, account.id)))
    assert 'action="/aanmelden/passkey"' in client.get("/aanmelden").get_data(as_text=True)
    options = asked(client)
    assert (options["rpId"], options["userVerification"]) == (SCHOOLS[0].host, "required")
    assert not options["allowCredentials"]
    answer = client.post(IN, {"answer": device.sign(options), "terug": "/account/sessies"})
    assert (answer.status_code, answer.location) == (303, "/account/sessies")
    assert is_in(client)
    with in_school(HERE):
        row = session.scalars(select(AccountSession)).one()
        assert (row.has_second_factor, row.is_own_device, row.account_id) == (True, False, account.id)
        assert "accounts.signed_in" in session.scalars(select(AuditEvent.event)).all()


@pytest.mark.parametrize("wanted", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_it_leads_back_to_own_paths_alone(client: PageClient, wanted: str) -> None:
    _, device = owner()
    assert client.post(IN, {"answer": device.sign(asked(client)), "terug": wanted}).location == "/"


@pytest.mark.parametrize("is_staff", [True, False])
def test_on_her_own_phone_a_learner_stays_signed_in(client: PageClient, is_staff: bool) -> None:
    _, device = owner() if is_staff else learner_with_one()
    client.post(IN, {"answer": device.sign(asked(client)), "is_own_device": "y"})
    with in_school(HERE):
        row = session.scalars(select(AccountSession)).one()
        assert row.is_own_device is not is_staff
        assert (row.expires_at - now() > timedelta(days=29)) is not is_staff


@pytest.mark.promise("LL-17", part="passkeys")
def test_another_browsers_challenge_one_too_old_and_one_used_are_refused(client: PageClient, clock: Clock) -> None:
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    clock(start)
    _, device = owner(counts=False)
    other = PageClient(client.app, client.host)
    options = asked(client)
    assert other.post(IN, {"answer": device.sign(options)}).status_code == 422
    asked(other)
    assert other.post(IN, {"answer": device.sign(options)}).status_code == 422
    clock(start + timedelta(minutes=5, seconds=1))
    late = client.post(IN, {"answer": device.sign(options)})
    assert (late.status_code, "Dat duurde te lang" in late.get_data(as_text=True)) == (422, True)
    options = asked(client)
    with client.browser.session_transaction(base_url=client.base) as cookie:
        stolen = dict(cookie)
    answer = device.sign(options)
    assert client.post(IN, {"answer": answer}).status_code == 303
    thief = PageClient(client.app, client.host)
    thief.token = client.token
    with thief.browser.session_transaction(base_url=thief.base) as cookie:
        cookie.update(stolen)
    assert thief.post(IN, {"answer": answer}).status_code == 422
    assert not is_in(thief)


@pytest.mark.promise("LL-17", part="passkeys")
def test_at_another_school_it_opens_nothing(client: PageClient, client_at: Callable[[str], PageClient]) -> None:
    _, device = owner()
    there = client_at(SCHOOLS[1].slug)
    with in_school(THERE):
        make_account("Noor Bakker", "teacher")
    for told in ({}, {"host": party(1).host, "origin": party(1).origin}, {"origin": party(1).origin}):
        refused = there.post(IN, {"answer": device.sign(asked(there), **told)})
        assert refused.status_code == 422
        assert not is_in(there)
    with client.browser.session_transaction(base_url=client.base) as cookie:
        asked_here = asked(client)
    with client.browser.session_transaction(base_url=client.base) as cookie:
        held = dict(cookie)
    with there.browser.session_transaction(base_url=there.base) as cookie:
        cookie["passkey"] = held["passkey"]
    told = {"host": party(1).host, "origin": party(1).origin}
    assert there.post(IN, {"answer": device.sign(asked_here, **told)}).status_code == 422
    assert not is_in(there)


@pytest.mark.promise("LL-17", part="passkeys")
def test_an_ended_account_one_without_a_role_and_a_child_stay_out(client: PageClient) -> None:
    account, device = owner(email="weg@example.org")
    without, other = owner(email="leeg@example.org")
    _, childs = learner_with_one(birth_date=today() - timedelta(days=15 * 365))
    with in_school(HERE):
        session.get_one(Account, (HERE, account.id)).ended_at = now()
        keep_role_until(session.get_one(Account, (HERE, without.id)), Role.TEACHER, None)
    assert client.post(IN, {"answer": device.sign(asked(client))}).status_code == 422
    told = client.post(IN, {"answer": other.sign(asked(client))})
    assert "Uw account geeft nu nergens toegang toe" in client.get(told.location).get_data(as_text=True)
    assert not is_in(client)
    told = client.post(IN, {"answer": childs.sign(asked(client))})
    assert "Uw ouder of voogd logt voor u in" in client.get(told.location).get_data(as_text=True)
    assert not is_in(client)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "\0", "x" * 30_000, '{"id": "AA"}'])
def test_what_is_no_answer_is_said_on_the_page(client: PageClient, answer: str) -> None:
    asked(client)
    refused = client.post(IN, {"answer": answer, "terug": "/account"})
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Inloggen is niet gelukt" in text
    assert 'value="/account"' in text
    with in_school(HERE):
        assert not session.scalars(select(AccountSession)).all()


@pytest.mark.promise("LL-17", part="passkeys")
def test_after_six_wrong_answers_it_waits_and_others_get_in(client: PageClient) -> None:
    _, device = owner()
    _, other = owner(email="b@example.org")
    wrong = {"origin": "https://evil.example"}
    statuses = [client.post(IN, {"answer": device.sign(asked(client), **wrong)}).status_code for _ in range(7)]
    assert statuses == [422] * 6 + [429]
    assert client.post(IN, {"answer": device.sign(asked(client))}).status_code == 429
    assert client.post(IN, {"answer": other.sign(asked(client))}).status_code == 303


@pytest.mark.promise("LL-17", part="passkeys")
def test_one_that_counts_back_is_stopped_and_she_is_told(client: PageClient) -> None:
    account, device = owner()
    client.post(IN, {"answer": device.sign(asked(client), count=5)})
    client.get("/account")
    client.post("/uitloggen")
    client.token = ""
    told = client.post(IN, {"answer": device.sign(asked(client), count=4)})
    assert "Misschien is hij nagemaakt" in client.get(told.location).get_data(as_text=True)
    assert not is_in(client)
    client.post(IN, {"answer": device.sign(asked(client), count=50)})
    assert not is_in(client)
    with in_school(HERE):
        assert session.scalars(select(Passkey.stopped_at)).one() is not None
        assert "accounts.passkey_stopped" in session.scalars(select(AuditEvent.event)).all()
    SignIn()(client, "teacher", account=account)
    assert "werkt niet meer" in client.get("/account/passkeys").get_data(as_text=True)


def by_password(client: PageClient, **more: str) -> Any:
    return client.post("/aanmelden", {"name": "noor@example.org", "password": PASSWORD, **more})


@pytest.mark.promise("LL-17", part="passkeys")
def test_after_her_password_who_works_there_gives_it_too(client: PageClient) -> None:
    account, device = owner()
    other, others = owner(email="b@example.org")
    assert client.post(SECOND, {"answer": device.sign(asked(client))}).location == "/aanmelden"
    assert not is_in(client)
    assert by_password(client, terug="/account/sessies").location == "/aanmelden/tweede-stap"
    assert not is_in(client)
    text = client.get("/aanmelden/tweede-stap").get_data(as_text=True)
    assert "Gebruik nu uw passkey" in text
    assert "Ik heb mijn passkey niet bij me" in text
    wrong = client.post(SECOND, {"answer": others.sign(asked(client))})
    assert (wrong.status_code, "Inloggen is niet gelukt" in wrong.get_data(as_text=True)) == (422, True)
    assert not is_in(client)
    answer = client.post(SECOND, {"answer": device.sign(asked(client))})
    assert answer.location == "/account/sessies"
    assert is_in(client)
    with in_school(HERE):
        assert session.scalars(select(AccountSession)).one().has_second_factor
    assert other.id != account.id


def test_who_has_an_app_too_chooses(client: PageClient) -> None:
    account, _ = owner()
    with in_school(HERE):
        secret = give_second_factor(session.get_one(Account, (HERE, account.id)))
    by_password(client)
    text = client.get("/aanmelden/tweede-stap").get_data(as_text=True)
    assert "Vul de code van 6 cijfers in" in text
    assert f'action="{SECOND}"' in text
    assert client.post("/aanmelden/tweede-stap", {"code": code_of(secret)}).status_code == 303
    assert is_in(client)


@pytest.mark.promise("LL-17", part="passkeys")
def test_a_learner_without_her_phone_has_her_password(client: PageClient) -> None:
    learner_with_one()
    answer = client.post("/aanmelden", {"name": "amina@example.org", "password": PASSWORD})
    assert answer.location == "/"
    assert is_in(client)


def test_it_proves_anew_who_she_is(client: PageClient, sign_in: SignIn, clock: Clock) -> None:
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    clock(start)
    account, device = owner()
    _, others = owner(email="b@example.org")
    sign_in(client, "teacher", account=account)
    clock(start + timedelta(minutes=20))
    where = client.get("/account/passkeys/nieuw").location
    text = client.get(where).get_data(as_text=True)
    assert f'action="{ANEW}"' in text
    wrong = client.post(ANEW, {"answer": others.sign(asked(client)), "terug": "/account/passkeys/nieuw"})
    assert (wrong.status_code, "Dat is niet gelukt" in wrong.get_data(as_text=True)) == (422, True)
    assert client.get("/account/passkeys/nieuw").status_code == 303
    done = client.post(ANEW, {"answer": device.sign(asked(client)), "terug": "/account/passkeys/nieuw"})
    assert done.location == "/account/passkeys/nieuw"
    assert client.get("/account/passkeys/nieuw").status_code == 200
