"""A learner files a complaint, which reaches management and never whom it is about; she reads day and answer."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.requests.complaints.models import Complaint
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

HERE = school_id("lest-best")


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        return make_learner("Amina", "Yilmaz")


def complain(client: PageClient, **typed: str) -> str:
    answer = client.post("/mijn/rechten/klacht", {"body": "De les begint steeds te laat.", "about": "", **typed})
    assert answer.status_code == 303
    return str(answer.location)


@pytest.mark.promise("LB-14", part="filing")
def test_she_files_it_sees_its_day_and_reads_the_answer(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    address = complain(client)
    page = client.get(address).get_data(as_text=True)
    assert f"K-{today():%y}-0001" in page
    assert "uiterlijk" in page
    assert "Autoriteit Persoonsgegevens" in page
    assert "binnen zes weken" in page
    assert "geen advocaat" in page

    sign_in(client, "management")
    assert "Amina Yilmaz" in client.get("/klachten").get_data(as_text=True)
    with in_school(HERE):
        row = session.get_one(Complaint, (HERE, address.rpartition("/")[2]))
        assert row.due_on == today() + timedelta(weeks=6)
        row.handling = keys.seal(amina.id, "complaint.handling", "De docent begint nu op tijd.")
        row.closed_on = today()

    sign_in(client, "learner", learner=amina)
    assert "De docent begint nu op tijd." in client.get(address).get_data(as_text=True)
    assert "Klacht" in client.get("/mijn/rechten").get_data(as_text=True)


def test_a_complaint_never_reaches_whom_it_is_about_where_there_is_anyone_else(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        boss, other = make_account("Bas de Boer", "management"), make_account("Olga Smit", "management")
    sign_in(client, "learner", learner=amina)
    address = complain(client, about=str(boss.id))
    assert "enige persoon" not in client.get(address).get_data(as_text=True)
    path = f"/klachten/{amina.id}/{address.rpartition('/')[2]}"

    sign_in(client, "management", account=boss)
    assert "Amina Yilmaz" not in client.get("/klachten").get_data(as_text=True)
    assert client.get(path).status_code == 404
    sign_in(client, "management", account=other)
    assert client.get(path).status_code == 200


@pytest.mark.promise("LB-14", part="filing")
def test_a_complaint_goes_to_whom_the_policy_names_and_to_others_only_where_none_of_them_is_left(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    """At Lest Best management handles complaints: the officer only one about the only manager."""
    with in_school(HERE):
        boss, officer = make_account("Bas de Boer", "management"), make_account("Farid Gul", "privacy_officer")
    sign_in(client, "learner", learner=amina)
    common = complain(client).rpartition("/")[2]
    about = complain(client, about=str(boss.id), body="De directeur luistert niet.").rpartition("/")[2]

    def handled(account: Account, role: str) -> dict[str, int]:
        sign_in(client, role, account=account)
        return {each: client.get(f"/klachten/{amina.id}/{each}").status_code for each in (common, about)}

    assert handled(boss, "management") == {common: 200, about: 404}
    assert handled(officer, "privacy_officer") == {common: 404, about: 200}
    with in_school(HERE):
        second = make_account("Olga Smit", "management")
    assert handled(officer, "privacy_officer") == {common: 404, about: 404}
    assert "Yilmaz" not in client.get("/klachten").get_data(as_text=True)
    assert handled(second, "management") == {common: 200, about: 200}


def test_where_the_policy_names_the_officer_management_has_none(
    client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    there = school_id("meester-in-nt2")
    with in_school(there):
        learner = make_learner("Omar", "Haddad")
        boss, officer = make_account("Bas de Boer", "management"), make_account("Farid Gul", "privacy_officer")
    client = client_at("meester-in-nt2")
    sign_in(client, "learner", learner=learner)
    path = f"/klachten/{learner.id}/{complain(client).rpartition('/')[2]}"
    sign_in(client, "management", account=boss)
    assert client.get(path).status_code == 404
    sign_in(client, "privacy_officer", account=officer)
    assert client.get(path).status_code == 200


def test_where_there_is_nobody_else_the_page_names_the_authority_first(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        boss = make_account("Bas de Boer", "management")
    sign_in(client, "learner", learner=amina)
    page = client.get(complain(client, about=str(boss.id))).get_data(as_text=True)
    assert page.index("eerst naar de Autoriteit") < page.index("Ingediend op")


def test_nothing_typed_is_refused_and_what_was_typed_is_kept(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "learner", learner=amina)
    assert client.post("/mijn/rechten/klacht", {"body": " ", "about": ""}).status_code == 422
    long = client.post("/mijn/rechten/klacht", {"body": "a" * 5000, "about": ""})
    assert long.status_code == 422
    assert "aaaa" in long.get_data(as_text=True)
    assert client.post("/mijn/rechten/klacht", {"body": "Hallo", "about": str(amina.id)}).status_code == 422


def test_anothers_complaint_is_not_there(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    address = complain(client)
    with in_school(HERE):
        omar = make_learner("Omar", "Haddad")
    sign_in(client, "learner", learner=omar)
    assert client.get(address).status_code == 404
