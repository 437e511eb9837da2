"""The own passkeys in a browser: making one, another name, away with it, and what others may not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts.actors import holder_of
from portal.accounts.models import Account, AccountSession
from portal.accounts.passkeys.models import Passkey
from portal.accounts.passkeys.services import MOST
from portal.core.audit import AuditEvent
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.schools.models import School
from tests.factories.accounts import PASSWORD, give_second_factor, make_account
from tests.factories.authenticators import Authenticator, make_passkey, party
from tests.factories.learners import make_learner
from tests.journeys.people import work
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE, THERE = SCHOOLS[0].id, SCHOOLS[1].id
NEW, ASKS = "/account/passkeys/nieuw", "/account/passkeys/vraag"
Clock = Callable[[datetime], None]


def asked(client: PageClient) -> dict[str, Any]:
    """Return what the script of the page asks the browser."""
    answer = client.get(ASKS)
    assert answer.mimetype == "application/json"
    found: dict[str, Any] = answer.get_json()
    return found


def kept() -> list[Passkey]:
    with in_school(HERE):
        return list(session.scalars(select(Passkey).order_by(Passkey.made_at)))


def passkey_of(account_id: Any, **more: Any) -> Any:
    """Give somebody a passkey, and return its id."""
    with in_school(HERE):
        return make_passkey(holder_of(session.get_one(Account, (HERE, account_id))), **more).id


@pytest.mark.promise("LL-17", part="passkeys")
def test_a_learner_makes_one_on_her_phone(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner()
    sign_in(client, "learner", learner=learner, has_second_factor=False)
    text = client.get("/account").get_data(as_text=True)
    assert "Inloggen met uw telefoon of laptop" in text
    assert "Uw vingerafdruk en uw gezicht blijven op het apparaat" in client.get(NEW).get_data(as_text=True)
    made = client.post(NEW, {"name": "Mijn telefoon", "answer": Authenticator().make(asked(client))})
    assert made.location == "/account/passkeys"
    text = client.get(made.location).get_data(as_text=True)
    assert "Mijn telefoon" in text
    assert "De laatste tijd niet gebruikt" in text
    [row] = kept()
    assert (row.label, row.host) == ("Mijn telefoon", SCHOOLS[0].host)
    with in_school(HERE):
        assert session.scalars(select(AccountSession)).one().has_second_factor
        assert "accounts.passkey_added" in session.scalars(select(AuditEvent.event)).all()


@pytest.mark.promise("LL-17", part="passkeys")
def test_who_works_there_gets_codes_to_stand_in_for_the_first(client: PageClient, sign_in: SignIn) -> None:
    actor = sign_in(client, "teacher", has_second_factor=False)
    done = client.post(NEW, {"name": "Laptop", "answer": Authenticator().make(asked(client))})
    assert "U ziet deze codes maar één keer" in done.get_data(as_text=True)
    text = client.get("/account").get_data(as_text=True)
    assert "Uw passkey is nu de tweede stap" in text
    second = client.post(NEW, {"name": "Telefoon", "answer": Authenticator().make(asked(client))})
    assert second.location == "/account/passkeys"
    assert "U hebt nog 10 reservecodes" in client.get("/account").get_data(as_text=True)
    assert client.post("/account/reservecodes").status_code == 200
    assert actor.is_staff


@pytest.mark.promise("LL-17", part="passkeys")
def test_a_role_for_which_the_school_asks_a_second_step_is_satisfied_by_one(
    client: PageClient, sign_in: SignIn
) -> None:
    with in_school(HERE):
        session.execute(update(School).where(School.id == HERE).values(second_factor_roles=["management"]))
    sign_in(client, "management", has_second_factor=False)
    where = client.get("/medewerkers").location
    assert where.startswith("/account/tweede-stap?")
    assert f'href="{NEW}?terug=/medewerkers"' in client.get(where).get_data(as_text=True)
    assert client.get("/account/passkeys").status_code == 303
    client.get(f"{NEW}?terug=/medewerkers")
    done = client.post(f"{NEW}?terug=/medewerkers", {"name": "x", "answer": Authenticator().make(asked(client))})
    assert 'href="/medewerkers"' in done.get_data(as_text=True)
    assert client.get("/medewerkers").status_code == 200
    [row] = kept()
    refused = client.post(f"/account/passkeys/{row.id}/weg")
    assert refused.status_code == 422
    assert "Deze passkey is uw enige" in refused.get_data(as_text=True)
    assert len(kept()) == 1


def test_every_other_session_ends_with_a_new_one_and_with_one_less(client: PageClient, sign_in: SignIn) -> None:
    app = client.app
    assert isinstance(app, Flask)
    with in_school(HERE):
        account = make_account()
    other = PageClient(app, client.host)
    for browser in (client, other):
        sign_in(browser, "teacher", account=account)
    client.post(NEW, {"name": "x", "answer": Authenticator().make(asked(client))})
    assert other.get("/account").status_code == 303
    sign_in(other, "teacher", account=account)
    [row] = kept()
    client.get("/account/passkeys")
    assert client.post(f"/account/passkeys/{row.id}/weg").status_code == 303
    assert other.get("/account").status_code == 303
    assert client.get("/account/passkeys").status_code == 200
    assert not kept()


def test_it_tells_the_owner_by_mail(client: PageClient, sign_in: SignIn, mails: Callable[[], str]) -> None:
    with in_school(HERE):
        account = make_account()
    sign_in(client, "teacher", account=account)
    client.post(NEW, {"name": "Rode laptop", "answer": Authenticator().make(asked(client))})
    assert "is een passkey gemaakt: Rode laptop" in mails()
    [row] = kept()
    client.get("/account/passkeys")
    client.post(f"/account/passkeys/{row.id}/weg")
    assert "is een passkey verwijderd: Rode laptop" in mails()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "", "answer": "x"}, "Vul dit in."),
        ({"name": " \u200b ", "answer": "x"}, "Vul dit in."),
        ({"name": "Z" * 61, "answer": "x"}, "niet meer dan 60 tekens"),
        ({"name": "Mijn telefoon", "answer": ""}, "gaf geen antwoord"),
        ({"name": "Mijn telefoon", "answer": "x" * 30_000}, "gaf geen antwoord"),
        ({"name": "Mijn telefoon", "answer": "{}"}, "Dat is niet gelukt"),
        ({"name": "Mijn telefoon", "answer": "\0"}, "Dat is niet gelukt"),
    ],
)
def test_what_isnt_right_is_said_and_the_name_stays(
    client: PageClient, sign_in: SignIn, data: dict[str, str], words: str
) -> None:
    sign_in(client, "teacher")
    asked(client)
    refused = client.post(NEW, data)
    assert refused.status_code == 422
    assert words in refused.get_data(as_text=True)
    assert "Mijn telefoon" not in data["name"] or 'value="Mijn telefoon"' in refused.get_data(as_text=True)
    assert not kept()


@pytest.mark.promise("LL-17", part="passkeys")
def test_a_challenge_is_for_one_browser_one_host_and_five_minutes(
    client: PageClient, sign_in: SignIn, clock: Clock
) -> None:
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    clock(start)
    with in_school(HERE):
        account = make_account()
    sign_in(client, "teacher", account=account)
    other = PageClient(client.app, client.host)
    sign_in(other, "teacher", account=account)
    late, device = asked(client), Authenticator()
    assert other.post(NEW, {"name": "x", "answer": device.make(late)}).status_code == 422
    clock(start + timedelta(minutes=5, seconds=1))
    refused = client.post(NEW, {"name": "x", "answer": device.make(late)})
    assert "Dat duurde te lang" in refused.get_data(as_text=True)
    fresh = asked(client)
    assert client.post(NEW, {"name": "x", "answer": device.make(late)}).status_code == 422
    assert "tweede stap staat aan" in client.post(NEW, {"name": "x", "answer": device.make(fresh)}).text


def test_the_same_form_sent_twice_is_stored_once(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner()
    sign_in(client, "learner", learner=learner)
    data = {"name": "x", "answer": Authenticator().make(asked(client))}
    assert client.post(NEW, data).status_code == 303
    client.token = ""
    assert client.post(NEW, data).status_code == 422
    assert len(kept()) == 1


def test_adding_and_removing_ask_to_sign_in_anew(client: PageClient, sign_in: SignIn, clock: Clock) -> None:
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    clock(start)
    actor = sign_in(client, "teacher")
    row_id = passkey_of(actor.account_id)
    clock(start + timedelta(minutes=6))
    answer = client.post(f"/account/passkeys/{row_id}/weg")
    assert answer.location.startswith("/aanmelden/opnieuw")
    assert client.post(f"/account/passkeys/{row_id}/naam", {"name": "werk"}).location == "/account/passkeys"
    clock(start + timedelta(minutes=16))
    for path in (NEW, ASKS):
        assert client.get(path).location.startswith("/aanmelden/opnieuw")
    assert client.post(NEW, {"name": "x", "answer": "x"}).location.startswith("/aanmelden/opnieuw")
    assert len(kept()) == 1


def test_another_name_and_what_is_no_name(client: PageClient, sign_in: SignIn) -> None:
    actor = sign_in(client, "teacher")
    row_id = passkey_of(actor.account_id)
    for wrong in ("", "   ", "Z" * 61):
        refused = client.post(f"/account/passkeys/{row_id}/naam", {"name": wrong})
        assert refused.status_code == 422
        assert 'aria-invalid="true"' in refused.get_data(as_text=True)
    client.post(f"/account/passkeys/{row_id}/naam", {"name": "<b>werk</b>"})
    assert "&lt;b&gt;werk&lt;/b&gt;" in client.get("/account/passkeys").get_data(as_text=True)


@pytest.mark.promise("LL-17", part="passkeys")
@pytest.mark.parametrize("role", ["learner", "teacher", "management", "administration"])
def test_somebody_elses_and_another_schools_dont_exist(client: PageClient, sign_in: SignIn, role: str) -> None:
    with in_school(HERE):
        learner = make_learner() if role == "learner" else None
        others = make_passkey(holder_of(make_account(email="b@example.org")), name="Van een ander").id
    with in_school(THERE):
        theirs = make_passkey(holder_of(make_account(email="c@example.org")), Authenticator(party(1))).id
    sign_in(client, role, learner=learner)
    for row_id in (others, theirs, new_id()):
        assert client.post(f"/account/passkeys/{row_id}/naam", {"name": "van mij"}).status_code == 404
        assert client.post(f"/account/passkeys/{row_id}/naam", {"name": ""}).status_code == 404
        assert client.post(f"/account/passkeys/{row_id}/weg").status_code == 404
    assert "Van een ander" not in client.get("/account/passkeys").get_data(as_text=True)
    assert [row.label for row in kept()] == ["Van een ander"]


def test_no_more_than_ten(client: PageClient, sign_in: SignIn) -> None:
    actor = sign_in(client, "teacher")
    for _ in range(MOST):
        passkey_of(actor.account_id)
    text = client.get("/account/passkeys").get_data(as_text=True)
    assert "Meer kan niet" in text
    assert f'href="{NEW}"' not in text
    refused = client.post(NEW, {"name": "x", "answer": Authenticator().make(asked(client))})
    assert (refused.status_code, "U hebt al 10 passkeys" in refused.get_data(as_text=True)) == (422, True)


def test_the_app_can_be_turned_off_where_a_passkey_stays(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        session.execute(update(School).where(School.id == HERE).values(second_factor_roles=["teacher"]))
        account = make_account()
        give_second_factor(account)
    sign_in(client, "teacher", account=account)
    assert client.post("/account/tweede-stap/uit").status_code == 409
    passkey_of(account.id)
    assert client.post("/account/tweede-stap/uit").status_code == 303
    assert "Uw passkey is nu de tweede stap" in client.get("/account").get_data(as_text=True)


def test_who_has_one_and_signed_in_before_it_was_asked_proves_it_first(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        account = make_account("Noor Bakker", "management")
        session.execute(update(School).where(School.id == HERE).values(second_factor_roles=["management"]))
    sign_in(client, "management", account=account, has_second_factor=False)
    passkey_of(account.id)
    where = client.get("/medewerkers").location
    assert where == "/aanmelden/opnieuw?terug=/medewerkers"
    text = client.get(where).get_data(as_text=True)
    assert "Een van uw reservecodes" in text
    alone = client.post("/aanmelden/opnieuw", {"password": PASSWORD, "terug": "/medewerkers"})
    assert alone.status_code == 422


@pytest.fixture
def mails(mail_dir: Path) -> Callable[[], str]:
    """Return what was mailed so far, all together."""

    def read() -> str:
        work(SCHOOLS[0].slug)
        found = [BytesParser(policy=policy.default).parsebytes(path.read_bytes()) for path in mail_dir.rglob("*.eml")]
        return "\n".join(str(part.get_content()) for mail in found for part in mail.walk() if not part.is_multipart())

    return read
