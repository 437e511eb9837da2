"""A learner files a complaint, which reaches management and never whom it is about; she reads day and answer."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.mail import Mail
from portal.learners.record.models import Learner
from portal.requests.complaints.models import Complaint
from tests.conftest import school_id
from tests.factories.learners import make_learner, make_representative
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


def text_of(client: PageClient, path: str) -> str:
    return unescape(client.get(path).get_data(as_text=True))


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
    desk = f"/klachten/{row.id}"
    client.post(f"{desk}/oppakken")
    assert client.post(desk, {"handling": "De docent begint nu op tijd."}).status_code == 303

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
    path = f"/klachten/{address.rpartition('/')[2]}"

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
        return {each: client.get(f"/klachten/{each}").status_code for each in (common, about)}

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
    path = f"/klachten/{complain(client).rpartition('/')[2]}"
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


@pytest.mark.promise("LB-14", part="filing")
@pytest.mark.parametrize("role", ["teacher", "administration", "coach", "privacy_staff", "privacy_officer"])
def test_who_works_here_complains_too_and_reads_the_answer(client: PageClient, sign_in: SignIn, role: str) -> None:
    with in_school(HERE):
        hers, boss = make_account("Tessa Mol", role), make_account("Bas de Boer", "management")
    sign_in(client, role, account=hers)
    assert "/mijn/rechten/klacht" in text_of(client, "/mijn/rechten")
    address = complain(client, body="Iedereen ziet mijn adres.")
    desk = f"/klachten/{address.rpartition('/')[2]}"
    sign_in(client, "management", account=boss)
    assert "Tessa Mol" in text_of(client, "/klachten")
    assert "Iedereen ziet mijn adres." in text_of(client, desk)
    client.post(f"{desk}/oppakken")
    sign_in(client, role, account=hers)
    assert "Bas de Boer heeft de klacht." in text_of(client, address)
    sign_in(client, "management", account=boss)
    client.post(desk, {"handling": "Uw adres is nu afgeschermd."})
    sign_in(client, role, account=hers)
    page = text_of(client, address)
    assert "Uw adres is nu afgeschermd." in page
    assert "Autoriteit Persoonsgegevens" in page
    assert "afgesloten op" in text_of(client, "/mijn/rechten")
    sign_in(client, "teacher")
    assert client.get(address).status_code == 404
    assert client.get(desk).status_code == 403


def test_who_complains_never_handles_it_herself_where_there_is_anyone_else(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        boss, officer = make_account("Bas de Boer", "management"), make_account("Farid Gul", "privacy_officer")
    sign_in(client, "management", account=boss)
    desk = f"/klachten/{complain(client).rpartition('/')[2]}"
    assert client.get(desk).status_code == 404
    sign_in(client, "privacy_officer", account=officer)
    assert client.get(desk).status_code == 200
    with in_school(HERE):
        second = make_account("Olga Smit", "management")
    assert client.get(desk).status_code == 404
    sign_in(client, "management", account=second)
    assert client.get(desk).status_code == 200


def test_each_step_is_mailed_without_a_word_of_what_is_in_it(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "learner", learner=amina)
    desk = f"/klachten/{complain(client, body='Over het geheime weeshuis.').rpartition('/')[2]}"
    sign_in(client, "management")
    client.post(f"{desk}/oppakken")
    client.post(desk, {"handling": "Het geheime antwoord."})
    with in_school(HERE):
        rows = session.scalars(select(Mail).where(Mail.template == "requests/complaint").order_by(Mail.asked_at)).all()
        mails = [keys.unseal_for_school(row.sealed or b"", "mail") for row in rows]
    assert [step in mail for step, mail in zip(("received", "taken", "answered"), mails, strict=True)] == [True] * 3
    assert not [mail for mail in mails if "geheime" in mail]
    assert all(f"K-{today():%y}-0001" in mail for mail in mails)


@pytest.mark.promise("LB-14", part="filing")
@pytest.mark.parametrize("categories", [["attendance"], ["contact", "consent"], []])
def test_whoever_acts_for_her_complains_and_sees_what_she_filed_herself(
    client: PageClient, sign_in: SignIn, amina: Learner, categories: list[str]
) -> None:
    with in_school(HERE):
        account = make_account("Samira Yilmaz", "representative")
        make_representative(amina, account_id=account.id, name="Samira Yilmaz", categories=categories)
    sign_in(client, "learner", learner=amina)
    hers = complain(client, body="Dit zegt Amina zelf.")
    sign_in(client, "representative", account=account)
    assert "/mijn/rechten/klacht" in text_of(client, "/mijn/rechten")
    mine = complain(client, body="Dit zegt Samira.")
    assert "Dit zegt Samira." in text_of(client, mine)
    is_whole = not categories
    assert (client.get(hers).status_code == 200) == is_whole
    assert (hers in text_of(client, "/mijn/rechten")) == is_whole
    with in_school(HERE):
        row = session.get_one(Complaint, (HERE, mine.rpartition("/")[2]))
        assert (row.learner_id, row.filed_by) == (amina.id, account.id)
