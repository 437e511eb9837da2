"""The desk: writing down, checking, deciding and advising, by whom that is allowed."""

from datetime import timedelta

import pytest

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.requests.data_requests.models import DataRequest, IdentityCheck, Outcome, RequestKind
from tests.conftest import school_id
from tests.factories.accounts import make_account
from tests.factories.learners import make_contact_person, make_learner, make_organisation
from tests.factories.requests import ask, enter
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE, THERE = school_id("lest-best"), school_id("step-inburgering")


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        return make_learner("Amina", "Yilmaz")


def stored(request_id: object) -> DataRequest:
    with in_school(HERE):
        return session.get_one(DataRequest, (HERE, request_id))


@pytest.mark.parametrize("role", ["teacher", "coach", "learner", "administration"])
def test_nobody_else_opens_the_desk(client: PageClient, sign_in: SignIn, amina: Learner, role: str) -> None:
    with in_school(HERE):
        request = ask(amina)
    sign_in(client, role, learner=amina if role == "learner" else None)
    assert client.get("/verzoeken").status_code == 403
    assert client.get(f"/verzoeken/{request.id}").status_code == 403
    assert client.post(f"/verzoeken/{request.id}/beslissen", {}).status_code == 403


def test_the_desk_says_that_nobody_advises_only_while_nobody_does(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "management")
    assert "zonder advies beslissen" in client.get("/verzoeken").get_data(as_text=True)
    with in_school(HERE):
        make_account("Fatma de Boer", "privacy_officer")
    assert "zonder advies beslissen" not in client.get("/verzoeken").get_data(as_text=True)


def test_the_office_writes_down_who_came_to_the_counter(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "administration")
    assert str(amina.id) in client.get("/verzoeken/nieuw?zoek=yilm").get_data(as_text=True)
    day = (today() - timedelta(days=3)).isoformat()
    typed = {"channel": "counter", "received_on": day, "language": "nl", "is_seen": "y", "body": "Alles graag."}
    answer = client.post(f"/verzoeken/nieuw/access?cursist={amina.id}", typed)
    assert answer.status_code == 303
    assert client.get(str(answer.location)).status_code == 200
    with in_school(HERE):
        [row] = session.query(DataRequest).all()
        assert row.identity_check is IdentityCheck.COUNTER
        assert row.due_on == today() + timedelta(days=25)


def test_who_is_not_known_here_is_written_down_by_name(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "privacy_staff")
    typed = {"channel": "letter", "received_on": today().isoformat(), "language": "nl", "body": "Heeft u iets?"}
    refused = client.post("/verzoeken/nieuw/access", typed)
    assert refused.status_code == 422
    assert "Heeft u iets?" in refused.get_data(as_text=True)
    answer = client.post("/verzoeken/nieuw/access", {**typed, "asker_name": "Noor Visser", "asker_contact": "Zeist"})
    assert "Noor Visser" in client.get(str(answer.location)).get_data(as_text=True)
    assert client.get("/verzoeken/nieuw/iets").status_code == 404
    assert client.post("/verzoeken/nieuw/access", {**typed, "received_on": "2031-01-01"}).status_code == 422


def test_the_office_chooses_a_contact_person_of_an_organisation(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        contact = make_contact_person(
            make_organisation("Gemeente Zeist"), name="Karin de Wit", email="karin@example.org"
        )
    with in_school(THERE):
        other = make_contact_person(make_organisation("Gemeente Elders"))
    sign_in(client, "administration")
    found = client.get("/verzoeken/nieuw?zoek=zeist").get_data(as_text=True)
    assert "Karin de Wit" in found
    assert f"contactpersoon={contact.id}" in found
    assert "Karin de Wit" in client.get(f"/verzoeken/nieuw?contactpersoon={contact.id}").get_data(as_text=True)
    typed = {"channel": "phone", "received_on": today().isoformat(), "language": "nl", "body": "Alles graag."}
    assert client.post(f"/verzoeken/nieuw/access?contactpersoon={contact.id}", typed).status_code == 303
    with in_school(HERE):
        [row] = session.query(DataRequest).all()
        assert (row.contact_person_id, row.person_id) == (contact.id, contact.id)
    for path in ("/verzoeken/nieuw", "/verzoeken/nieuw/access"):
        assert client.get(f"{path}?contactpersoon={other.id}").status_code == 404
    assert client.post(f"/verzoeken/nieuw/access?contactpersoon={other.id}", typed).status_code == 404
    sign_in(client, "privacy_staff")
    assert "Karin de Wit" in client.get(f"/verzoeken/{row.id}").get_data(as_text=True)


def test_a_request_is_taken_checked_refused_with_a_reason_and_answered(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        request = enter(RequestKind.RECTIFICATION, learner_id=amina.id, body="Mijn naam.")
        address = f"/verzoeken/{request.id}"
    sign_in(client, "privacy_staff")
    assert "Amina Yilmaz" in client.get("/verzoeken").get_data(as_text=True)
    assert client.post(f"{address}/oppakken").status_code == 303
    assert client.post(f"{address}/beslissen", {"part_0": "", "reply": "Goed.", "proof": ""}).status_code == 409
    assert client.post(f"{address}/gezien").status_code == 303
    no = client.post(f"{address}/beslissen", {"part_0": "avg_16", "reply": "Het klopt.", "proof": ""})
    assert no.status_code == 422
    assert "Het klopt." in no.get_data(as_text=True)
    assert (
        client.post(f"{address}/beslissen", {"part_0": "avg_17_3_b", "reply": "Nee.", "proof": ""}).status_code == 422
    )
    yes = {"part_0": "avg_16", "reply": "Het klopt.", "proof": "Zie het paspoort."}
    assert client.post(f"{address}/beslissen", yes).status_code == 303
    assert stored(request.id).outcome is Outcome.REFUSED
    letter = client.get(f"{address}/brief").get_data(as_text=True)
    assert "Zie het paspoort." in letter
    assert "geen advocaat" in letter


def test_the_officer_sees_all_advises_and_can_not_decide(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        request = ask(amina, RequestKind.RECTIFICATION, body="Mijn naam.")
        address = f"/verzoeken/{request.id}"
    sign_in(client, "privacy_officer")
    page = client.get(address).get_data(as_text=True)
    assert "Mijn naam." in page
    assert "/beslissen" not in page
    assert client.post(f"{address}/advies", {"body": "Wijs dit toe."}).status_code == 303
    assert "Wijs dit toe." in client.get(address).get_data(as_text=True)
    assert client.post(f"{address}/advies", {"body": " "}).status_code == 422
    assert client.post(f"{address}/beslissen", {"part_0": "", "reply": "Ja."}).status_code == 403


def test_putting_off_needs_a_reason_and_says_until_when(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        request = ask(amina, RequestKind.RECTIFICATION)
        address = f"/verzoeken/{request.id}"
    sign_in(client, "privacy_staff")
    assert client.post(f"{address}/verlengen", {"because": "complexity", "reason": ""}).status_code == 422
    assert client.post(f"{address}/verlengen", {"because": "drukte", "reason": "Druk."}).status_code == 422
    typed = {"because": "complexity", "reason": "Er zijn veel verslagen."}
    assert client.post(f"{address}/verlengen", typed).status_code == 303
    assert client.post(f"{address}/verlengen", typed).status_code == 409
    assert "Er zijn veel verslagen." in client.get(address).get_data(as_text=True)


def test_another_schools_request_is_not_there(client: PageClient, sign_in: SignIn) -> None:
    with in_school(school_id("step-inburgering")):
        other = enter().id
    sign_in(client, "privacy_staff")
    assert client.get(f"/verzoeken/{other}").status_code == 404
    for act in ("oppakken", "gezien", "wie", "code", "verlengen", "samenvoegen", "beslissen", "bevestigen"):
        assert client.post(f"/verzoeken/{other}/{act}", {}).status_code in {404, 422}
