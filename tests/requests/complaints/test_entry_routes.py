"""Staff write down what somebody complained of by phone, letter, mail or at the counter; nobody proves who she is."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.requests.complaints.models import Complaint
from portal.requests.complaints.queries import texts_of
from tests.conftest import school_id
from tests.factories.learners import make_contact_person, make_learner, make_organisation
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

HERE, THERE = school_id("lest-best"), school_id("step-inburgering")
AT = {"administration": "/verzoeken/nieuw/klacht", "privacy_officer": "/klachten/nieuw/opschrijven"}


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        return make_learner("Amina", "Yilmaz")


def typed(**more: str) -> dict[str, str]:
    day = (today() - timedelta(days=2)).isoformat()
    return {
        "channel": "phone",
        "received_on": day,
        "language": "en",
        "body": "Niemand belt terug.",
        "about": "",
        **more,
    }


def stored() -> list[Complaint]:
    with in_school(HERE):
        return list(session.scalars(select(Complaint).order_by(Complaint.number)))


def text_of(client: PageClient, path: str) -> str:
    return unescape(client.get(path).get_data(as_text=True))


@pytest.mark.promise("LB-14", part="written down")
@pytest.mark.parametrize("role", AT)
@pytest.mark.parametrize("who", ["cursist", "contactpersoon", "medewerker", "zonder"])
def test_a_complaint_of_anybody_is_written_down_from_the_day_of_its_receipt(
    client: PageClient, sign_in: SignIn, amina: Learner, role: str, who: str
) -> None:
    with in_school(HERE):
        people: dict[str, Any] = {
            "cursist": amina,
            "contactpersoon": make_contact_person(make_organisation("Gemeente Zeist"), name="Karin de Wit"),
            "medewerker": make_account("Tessa Mol", "teacher"),
        }
    sign_in(client, role)
    path = f"{AT[role]}?{who}={people[who].id}" if who in people else AT[role]
    assert client.get(path).status_code == 200
    named = {} if who in people else {"asker_name": "Noor Visser", "asker_contact": "0612345678"}
    assert client.post(path, typed(channel="letter", **named)).status_code == 303
    [row] = stored()
    columns = {"cursist": "learner_id", "contactpersoon": "contact_person_id", "medewerker": "account_id"}
    held = {column: getattr(row, column) for column in columns.values()}
    assert held == {column: people[key].id if key == who else None for key, column in columns.items()}
    assert (row.channel, row.language, row.asker_name) == ("letter", "en", named.get("asker_name"))
    assert row.filed_on == today() - timedelta(days=2)
    assert row.due_on == row.filed_on + timedelta(weeks=6)
    with in_school(HERE):
        assert texts_of(row)[0] == "Niemand belt terug."


def test_the_ways_lead_there(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        colleague = make_account("Tessa Mol", "teacher")
    sign_in(client, "privacy_officer")
    assert f"opschrijven?cursist={amina.id}" in text_of(client, "/klachten/nieuw?zoek=yilm")
    assert f"opschrijven?medewerker={colleague.id}" in text_of(client, "/klachten/nieuw?zoek=mol")
    sign_in(client, "administration")
    assert f"nieuw?medewerker={colleague.id}" in text_of(client, "/verzoeken/nieuw?zoek=mol")
    page = text_of(client, f"/verzoeken/nieuw?medewerker={colleague.id}")
    assert f"/verzoeken/nieuw/klacht?medewerker={colleague.id}" in page
    assert f"/verzoeken/nieuw/access?medewerker={colleague.id}" in page


def test_the_learner_reads_it_and_that_it_was_written_down(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "administration")
    client.post(f"{AT['administration']}?cursist={amina.id}", typed())
    sign_in(client, "learner", learner=amina)
    assert "Niemand belt terug." in text_of(client, "/mijn/gegevens/complaint")
    assert "Niemand belt terug." in text_of(client, f"/mijn/rechten/klacht/{stored()[0].id}")
    assert "diende een klacht in" in text_of(client, "/mijn/wie-keek")


def test_whom_it_is_about_is_chosen_there_and_never_handles_it(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        boss = make_account("Bas de Boer", "management")
        make_account("Olga Smit", "management")
    sign_in(client, "administration")
    client.post(f"{AT['administration']}?cursist={amina.id}", typed(about=str(boss.id)))
    sign_in(client, "management", account=boss)
    assert client.get(f"/klachten/{stored()[0].id}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"body": ""}, "Schrijf op wat er niet goed ging."),
        ({"body": "a" * 4_001}, "4000 tekens"),
        ({"received_on": ""}, "Kies een dag."),
        ({"received_on": "31-31-2026"}, "datum"),
        ({"received_on": "1990-01-01"}, "niet langer dan een jaar geleden"),
        ({"received_on": (today() + timedelta(days=1)).isoformat()}, "niet langer dan een jaar geleden"),
        ({"channel": "portal"}, "Kies"),
        ({"about": "bestaat-niet"}, "Kies"),
        ({"asker_name": " "}, "Typ een naam."),
        ({"asker_name": "N" * 201}, "200 tekens"),
    ],
)
def test_what_is_wrong_is_said_beside_it_kept_and_not_stored(
    client: PageClient, sign_in: SignIn, wrong: dict[str, str], said: str
) -> None:
    sign_in(client, "administration")
    answer = client.post(
        AT["administration"], typed(**{"asker_name": "Noor Visser", "asker_contact": "Zeist", **wrong})
    )
    assert answer.status_code == 422
    page = unescape(answer.get_data(as_text=True))
    assert said in page
    assert "Zeist" in page
    assert stored() == []


def test_sent_twice_it_is_there_once(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "administration")
    for _time in range(2):
        assert client.post(f"{AT['administration']}?cursist={amina.id}", typed()).status_code == 303
    assert len(stored()) == 1


def test_what_is_hostile_is_kept_as_text_or_refused(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "administration")
    path = f"{AT['administration']}?cursist={amina.id}"
    assert client.post(path, typed(body="a\0b")).status_code in {303, 422}
    assert client.post(path, typed(body="x" * 1_200_000)).status_code == 413
    assert client.post(path, typed(body="<script>alert(1)</script>")).status_code == 303
    sign_in(client, "management")
    for row in stored():
        assert "<script>alert" not in client.get(f"/klachten/{row.id}").get_data(as_text=True)


def test_people_of_another_school_and_accounts_of_others_are_not_there(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(THERE):
        other, colleague = make_learner("Olena", "Kovalenko"), make_account("Piet Prins", "teacher")
    with in_school(HERE):
        mother = make_account("Moeder Yilmaz", "representative")
    for role, at in AT.items():
        sign_in(client, role)
        whose = {"cursist": other.id, "medewerker": colleague.id, "contactpersoon": other.id}
        for query in (*(f"{key}={value}" for key, value in whose.items()), f"medewerker={mother.id}", "cursist=x"):
            assert client.get(f"{at}?{query}").status_code == 404
            assert client.post(f"{at}?{query}", typed()).status_code == 404
        assert "Kovalenko" not in text_of(client, "/verzoeken/nieuw?zoek=kovalenko").replace('value="kovalenko"', "")
    assert stored() == []


@pytest.mark.parametrize("role", ["teacher", "coach", "learner"])
def test_a_role_too_low_writes_nothing_down(client: PageClient, sign_in: SignIn, amina: Learner, role: str) -> None:
    sign_in(client, role, learner=amina if role == "learner" else None)
    for at in AT.values():
        assert client.get(at).status_code == 403
        assert client.post(f"{at}?cursist={amina.id}", typed()).status_code == 403
    assert stored() == []
