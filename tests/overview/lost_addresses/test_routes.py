"""The pages for who lost her address by a restore: who stands there for whom, and what each refusal says."""

from portal.core.db.session import session
from portal.schools.queries import SchoolView
from tests.accounts.lost_addresses.test_services import lost
from tests.factories.accounts import make_account
from tests.factories.learners import make_learner
from tests.factories.restrictions import hold
from tests.page_client import PageClient
from tests.signing_in import SignIn


def lost_learner(given_name: str) -> str:
    learner, account = make_learner(given_name), lost(f"{given_name} Yilmaz", "learner")
    learner.account_id = account.id
    session.flush()
    return f"/zonder-adres/{account.id}"


def test_management_finds_everybody_from_today_and_the_office_who_is_no_member(
    school: SchoolView, client: PageClient, sign_in: SignIn
) -> None:
    member, hers = f"/zonder-adres/{lost('Mia Member', 'teacher').id}", lost_learner("Zelda")
    sign_in(client, "management")
    assert "Personen zonder e-mailadres" in client.get("/vandaag").text
    page = client.get("/zonder-adres").text
    assert all(said in page for said in (member, hers, "Mia Member", "Zelda", "kan niet inloggen"))

    sign_in(client, "administration")
    page = client.get("/zonder-adres").text
    assert hers in page
    assert "Mia Member" not in page
    assert client.get(member).status_code == 404
    assert client.post(member, data={"email": "van-mij@example.org"}).status_code == 404

    sign_in(client, "teacher")
    assert client.get("/zonder-adres").status_code == 403


def test_an_address_is_asked_for_until_it_is_one(school: SchoolView, client: PageClient, sign_in: SignIn) -> None:
    address = lost_learner("Zelda")
    make_account("Bezet", "teacher", email="bezet@example.org")
    sign_in(client, "management")

    for typed, said in (
        ("", "Vul dit in"),
        ("zelda", "Dit is geen e-mailadres"),
        ("bezet@example.org", "ander account"),
    ):
        refused = client.post(address, data={"email": typed})
        assert refused.status_code == 422
        assert said in refused.text or not typed
    done = client.post(address, data={"email": "zelda@example.org"})

    assert done.status_code == 303
    page = client.get("/zonder-adres").text
    assert "Er is een uitnodiging verstuurd" in page
    assert "Iedereen heeft een adres" in page
    assert client.get(address).status_code == 404
    assert "zonder e-mailadres" not in client.get("/vandaag").text


def test_who_is_restricted_is_named_to_nobody(school: SchoolView, client: PageClient, sign_in: SignIn) -> None:
    learner, account = make_learner("Stille"), lost("Stille Yilmaz", "learner")
    learner.account_id = account.id
    session.flush()
    hold(learner.id)
    sign_in(client, "management")

    assert "Stille" not in client.get("/zonder-adres").text
    assert client.get(f"/zonder-adres/{account.id}").status_code == 404
