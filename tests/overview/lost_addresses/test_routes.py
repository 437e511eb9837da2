"""The pages for who lost her address by a restore: who stands there for whom, and what each refusal says."""

from portal.accounts.models import NO_NUMBER, Account
from portal.core.db.session import session
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account, make_lost_account, make_lost_learner
from tests.factories.learners import make_learner
from tests.factories.restrictions import hold
from tests.page_client import PageClient
from tests.signing_in import SignIn


def page_of(account: Account) -> str:
    return f"/zonder-adres/{account.id}"


def test_management_finds_everybody_from_today_and_administration_who_is_no_member(
    school: SchoolView, client: PageClient, sign_in: SignIn
) -> None:
    member, hers = f"/zonder-adres/{make_lost_account('Mia Member', 'teacher').id}", page_of(make_lost_learner("Zelda"))
    sign_in(client, "management")
    assert "Personen zonder e-mailadres" in client.get("/vandaag").text
    page = client.get("/zonder-adres").text
    assert all(said in page for said in (member, hers, "Mia Member", "Zelda", "kan niet inloggen"))

    sign_in(client, "administration")
    assert "Personen zonder e-mailadres" in client.get("/vandaag").text
    page = client.get("/zonder-adres").text
    assert hers in page
    assert "Mia Member" not in page
    assert client.get(member).status_code == 404
    assert client.post(member, data={"email": "van-mij@example.org"}).status_code == 404

    sign_in(client, "teacher")
    assert client.get("/zonder-adres").status_code == 403


def test_an_address_is_asked_for_until_it_is_one(school: SchoolView, client: PageClient, sign_in: SignIn) -> None:
    address = page_of(make_lost_learner("Zelda"))
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
    assert "Hier staat niemand" in page
    assert client.get(address).status_code == 404
    assert "zonder e-mailadres" not in client.get("/vandaag").text


def test_who_is_restricted_is_named_to_nobody(school: SchoolView, client: PageClient, sign_in: SignIn) -> None:
    learner, account = make_learner("Stille"), make_lost_account("Stille Yilmaz", "learner")
    learner.account_id = account.id
    session.flush()
    hold(learner.id)
    sign_in(client, "management")

    assert "Stille" not in client.get("/zonder-adres").text
    assert client.get(f"/zonder-adres/{account.id}").status_code == 404


def test_who_can_sign_in_by_a_number_reads_on_her_account_that_her_address_is_gone(
    school: SchoolView, client: PageClient, sign_in: SignIn
) -> None:
    account = make_lost_account("Zelda Yilmaz", "learner", number="C-77")
    sign_in(client, "learner", learner=make_learner("Zelda"), account=account)
    page = client.get("/account").text
    assert "een reservekopie terug" in page
    assert "C-77" in page
    account.sign_in_number = f"{NO_NUMBER}{account.id.hex[-12:]}"
    session.flush()
    assert str(account.sign_in_number) not in client.get("/account").text


def test_who_sees_nobody_isnt_told_that_there_is_nobody(
    school: SchoolView, client: PageClient, sign_in: SignIn
) -> None:
    make_lost_account("Mia Member", "teacher")
    sign_in(client, "administration")
    page = client.get("/zonder-adres").text
    assert "Van de personen die u mag zien" in page
    assert "Mia Member" not in page
