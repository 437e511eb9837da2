"""The desk of who handles complaints: which there are, whose, whom they are about, taking one in hand, the answer."""

from datetime import timedelta
from html import unescape

import pytest

from portal.core.audit.queries import list_of_learner
from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.purposes.restrictions.models import RestrictionGround
from portal.purposes.restrictions.services import restrict
from portal.requests.askers.services import Person
from portal.requests.complaints.models import Complaint
from portal.requests.complaints.queries import texts_of
from tests.conftest import school_id
from tests.factories.complaints import BODY, answer, complain_from_outside, enter_complaint_of
from tests.factories.learners import make_contact_person, make_learner, make_organisation
from tests.factories.requests import as_staff
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

HERE, THERE = school_id("lest-best"), school_id("step-inburgering")


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        return make_learner("Amina", "Yilmaz")


def text_of(client: PageClient, path: str) -> str:
    return unescape(client.get(path).get_data(as_text=True))


def again(row: Complaint) -> Complaint:
    with in_school(HERE):
        return session.get_one(Complaint, (HERE, row.id), populate_existing=True)


@pytest.mark.promise("LB-14", part="written down")
def test_the_management_takes_a_complaint_in_hand_and_answers_it(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        row = enter_complaint_of(Person(learner_id=amina.id))
    desk = f"/klachten/{row.id}"
    actor = sign_in(client, "management")
    page = text_of(client, "/klachten")
    assert "1 klacht is open" in page
    assert "Amina Yilmaz" in page
    assert "nog bij niemand" in page
    page = text_of(client, desk)
    assert all(each in page for each in (BODY, "per telefoon", row.number, "Ik pak dit op"))

    client.post(f"{desk}/oppakken")
    assert again(row).handled_by == actor.account_id
    assert client.post(desk, {"handling": "De docent begint nu op tijd."}).status_code == 303
    page = text_of(client, "/klachten")
    assert "0 klachten zijn open" in page
    assert "afgesloten op" in page
    letter = text_of(client, f"{desk}/brief")
    assert "De docent begint nu op tijd." in letter
    assert all(each in letter for each in ("Autoriteit Persoonsgegevens", "er samen uit te komen", "rechter"))
    with in_school(HERE):
        assert {"requests.complaint_taken", "requests.complaint_answered"} <= {
            each.event for each in list_of_learner(amina.id)
        }


def test_an_answer_sent_again_changes_nothing(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        row = enter_complaint_of(Person(learner_id=amina.id))
    desk = f"/klachten/{row.id}"
    sign_in(client, "management")
    assert client.get(f"{desk}/brief").status_code == 404
    for wrong in ("", " ", "a" * 4_001):
        assert client.post(desk, {"handling": wrong}).status_code == 422
    assert client.post(desk, {"handling": "Het eerste antwoord."}).status_code == 303
    again_sent = client.post(desk, {"handling": "Iets heel anders."})
    assert again_sent.status_code == 409
    assert "al beantwoord" in unescape(again_sent.get_data(as_text=True))
    with in_school(HERE):
        assert texts_of(again(row))[1] == "Het eerste antwoord."
    client.post(f"{desk}/oppakken")
    client.post(f"{desk}/over", {"about": ""})
    assert client.get(f"{desk}/persoon").status_code == 404


def test_a_long_list_goes_by_pages_and_counts_all_that_are_open(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
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
    assert client.get("/klachten?zoek=yilm").text.count("Amina Yilmaz") == 50
    nobody = client.get("/klachten?zoek=zzz").text
    assert "Niets gevonden" in nobody
    assert "Er zijn geen klachten" not in nobody


@pytest.mark.promise("LB-14", part="filing")
def test_whom_a_complaint_is_about_is_said_later_and_then_it_goes_to_another(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        boss, officer = make_account("Bas de Boer", "management"), make_account("Farid Gul", "privacy_officer")
        row = enter_complaint_of(Person(learner_id=amina.id))
    desk = f"/klachten/{row.id}"
    sign_in(client, "privacy_officer", account=officer)
    assert client.get(desk).status_code == 404
    sign_in(client, "management", account=boss)
    client.post(f"{desk}/oppakken")
    assert client.post(f"{desk}/over", {"about": str(amina.id)}).status_code == 422
    answered = client.post(f"{desk}/over", {"about": str(boss.id)})
    assert str(answered.location).endswith("/klachten")
    assert client.get(desk).status_code == 404
    assert again(row).handled_by is None
    sign_in(client, "privacy_officer", account=officer)
    assert client.get(desk).status_code == 200


def test_whose_a_complaint_is_that_came_from_outside_is_said_and_put_right(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        contact = make_contact_person(make_organisation("Gemeente Zeist"), name="Karin de Wit")
        row = complain_from_outside(asker_number=amina.number)
    desk = f"/klachten/{row.id}/persoon"
    sign_in(client, "management")
    assert "Noor Visser" in text_of(client, "/klachten")
    assert "Amina Yilmaz" in text_of(client, desk)
    assert str(contact.id) in text_of(client, f"{desk}?zoek=zeist")
    for sent, column in (
        ({"contactpersoon": contact.id}, "contact_person_id"),
        ({"cursist": amina.id}, "learner_id"),
    ):
        client.post(desk, {key: str(value) for key, value in sent.items()})
        with in_school(HERE):
            assert getattr(again(row), column) is not None
            assert texts_of(again(row))[0] == BODY
    assert again(row).contact_person_id is None
    sign_in(client, "learner", learner=amina)
    assert BODY in text_of(client, f"/mijn/rechten/klacht/{row.id}")


def test_what_was_filed_by_a_known_person_keeps_its_person(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        other, row = make_learner("Omar", "Haddad"), enter_complaint_of(Person(learner_id=amina.id))
    sign_in(client, "management")
    assert client.get(f"/klachten/{row.id}/persoon").status_code == 404
    client.post(f"/klachten/{row.id}/persoon", {"cursist": str(other.id)})
    assert again(row).learner_id == amina.id


def test_who_restricted_everything_has_her_complaint_handled_and_the_old_ones_stand_still(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        over = answer(enter_complaint_of(Person(learner_id=amina.id), body="Een oude klacht."))
        waits = enter_complaint_of(Person(learner_id=amina.id))
        restrict(amina.id, ground=RestrictionGround.CLAIM, categories=[], by=as_staff())
    sign_in(client, "management")
    assert client.get(f"/klachten/{over.id}").status_code == 404
    assert BODY in text_of(client, f"/klachten/{waits.id}")
    page = text_of(client, "/klachten")
    assert page.count("Amina Yilmaz") == 1
    assert str(over.id) not in page
    assert client.post(f"/klachten/{waits.id}", {"handling": "Gedaan."}).status_code == 303


@pytest.mark.parametrize("role", ["teacher", "coach", "administration", "privacy_staff", "learner"])
def test_nobody_else_opens_them(client: PageClient, sign_in: SignIn, amina: Learner, role: str) -> None:
    with in_school(HERE):
        row = enter_complaint_of(Person(learner_id=amina.id))
    sign_in(client, role, learner=amina if role == "learner" else None)
    for path in ("/klachten", "/klachten/nieuw", "/klachten/nieuw/opschrijven", f"/klachten/{row.id}"):
        assert client.get(path).status_code == 403
    for path in ("", "/oppakken", "/over", "/persoon"):
        assert client.post(f"/klachten/{row.id}{path}", {"handling": "x"}).status_code == 403
    assert again(row).closed_on is None


def test_a_complaint_of_another_school_is_not_there(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(THERE):
        there, learner = complain_from_outside(), make_learner("Olena", "Kovalenko")
        account = make_account("Piet Prins", "teacher")
    with in_school(HERE):
        row, mother = complain_from_outside(), make_account("Moeder Yilmaz", "representative")
    sign_in(client, "management")
    for path in ("", "/persoon", "/brief"):
        assert client.get(f"/klachten/{there.id}{path}").status_code == 404
    for path in ("", "/oppakken", "/over", "/persoon"):
        assert client.post(f"/klachten/{there.id}{path}", {"handling": "Gedaan."}).status_code == 404
    for sent in ({"cursist": learner.id}, {"medewerker": account.id}, {"medewerker": mother.id}, {}):
        typed = {key: str(value) for key, value in sent.items()}
        assert client.post(f"/klachten/{row.id}/persoon", typed).status_code == 404
    assert not again(row).is_of_known_person
