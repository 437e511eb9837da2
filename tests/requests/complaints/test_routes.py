"""Complaints: the management writes them down, sees which are open, and nobody else at the school does."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.requests.complaints.models import Complaint
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn

LEST_BEST, STEP = school_id("lest-best"), school_id("step-inburgering")
BODY = "De les begint steeds te laat."


@pytest.fixture
def amina() -> Learner:
    with in_school(LEST_BEST):
        return make_learner("Amina", "Yilmaz")


def typed(**more: str) -> dict[str, str]:
    day = (today() - timedelta(days=2)).strftime("%d-%m-%Y")
    return {"filed_on": day, "body": BODY, "handling": "", "closed_on": "", "source": "learner", "channel": "", **more}


def kept(learner: Learner) -> list[Complaint]:
    with in_school(LEST_BEST):
        return list(session.scalars(select(Complaint).where(Complaint.learner_id == learner.id)))


@pytest.mark.promise("LB-14", part="written down")
def test_the_management_writes_a_complaint_down_and_what_was_done(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "management")
    found = client.get("/klachten/nieuw?zoek=yilm").get_data(as_text=True)
    assert f"/klachten/nieuw/{amina.id}" in found

    assert client.post(f"/klachten/nieuw/{amina.id}", typed()).status_code == 303
    [complaint] = kept(amina)
    page = client.get("/klachten").get_data(as_text=True)
    assert "1 klacht is open" in page
    assert "Amina Yilmaz" in page

    address = f"/klachten/{amina.id}/{complaint.id}"
    shown = client.get(address)
    assert BODY in shown.get_data(as_text=True)
    done = typed(handling="De docent begint nu op tijd.", closed_on=today().strftime("%d-%m-%Y"))
    seen = hidden_in(shown, address)["seen"]
    assert client.post(address, {**done, "seen": seen}).status_code == 303
    page = client.get("/klachten").get_data(as_text=True)
    assert "0 klachten zijn open" in page
    assert "afgesloten op" in page


def test_the_learner_reads_her_complaint_and_who_wrote_it_down(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "management")
    client.post(f"/klachten/nieuw/{amina.id}", typed())

    sign_in(client, "learner", learner=amina)

    assert BODY in client.get("/mijn/gegevens/complaint").get_data(as_text=True)
    assert "een klacht" in client.get("/mijn/wie-keek").get_data(as_text=True)


def test_a_long_list_goes_by_pages_and_counts_all_that_are_open(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(LEST_BEST):
        body = keys.seal(amina.id, "complaint.body", BODY)
        for number in range(53):
            day = today() - timedelta(days=number)
            closed_on = day if number < 2 else None
            session.add(Complaint(learner_id=amina.id, body=body, filed_on=day, since_on=day, closed_on=closed_on))
    sign_in(client, "management")

    first, second = client.get("/klachten").text, client.get("/klachten?pagina=2").text

    assert (first.count("Amina Yilmaz"), second.count("Amina Yilmaz")) == (50, 3)
    assert "51 klachten zijn open" in first
    assert "51 klachten zijn open" in second
    assert ("afgesloten op" in first, second.count("afgesloten op")) == (False, 2)


def test_sent_twice_it_is_there_once(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "management")
    for _time in range(2):
        assert client.post(f"/klachten/nieuw/{amina.id}", typed()).status_code == 303
    assert len(kept(amina)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"body": ""}, "Vul dit in"),
        ({"filed_on": ""}, "Vul dit in"),
        ({"filed_on": "31-31-2026"}, "datum"),
        ({"closed_on": "1-1-1990"}, "einde"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_kept(
    client: PageClient, sign_in: SignIn, amina: Learner, wrong: dict[str, str], said: str
) -> None:
    sign_in(client, "management")
    response = client.post(f"/klachten/nieuw/{amina.id}", typed(**wrong))
    assert response.status_code == 422
    assert said in response.get_data(as_text=True)
    assert kept(amina) == []


@pytest.mark.parametrize("role", ["teacher", "coach", "administration", "privacy_staff", "learner"])
def test_nobody_else_opens_them(client: PageClient, sign_in: SignIn, amina: Learner, role: str) -> None:
    sign_in(client, role, learner=amina if role == "learner" else None)
    for path in ("/klachten", "/klachten/nieuw", f"/klachten/nieuw/{amina.id}"):
        assert client.get(path).status_code == 403
    assert client.post(f"/klachten/nieuw/{amina.id}", typed()).status_code == 403


def test_the_officer_to_whom_some_statements_send_them_handles_complaints_too(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "privacy_officer")
    assert client.get("/klachten").status_code == 200
    assert client.post(f"/klachten/nieuw/{amina.id}", typed()).status_code == 303
    assert len(kept(amina)) == 1


def test_a_complaint_of_another_school_is_not_there(client: PageClient, sign_in: SignIn) -> None:
    with in_school(STEP):
        other = make_learner("Olena", "Kovalenko")
    sign_in(client, "management")
    assert client.get(f"/klachten/nieuw/{other.id}").status_code == 404
    assert client.post(f"/klachten/nieuw/{other.id}", typed()).status_code == 404
    assert "Kovalenko" not in client.get("/klachten/nieuw?zoek=kovalenko").get_data(as_text=True).replace(
        'value="kovalenko"', ""
    )
