"""Mijn rechten: each thing she may ask, and how far it is, for a learner, a representative and a member of staff."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.requests.data_requests.own_routes import SLUGS
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, ask
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")
TYPED = {
    "zien": {},
    "verbeteren": {"body": "Mijn straat klopt niet."},
    "wissen": {"categories": ["contact"]},
    "afschermen": {"restriction_ground": "claim"},
    "meenemen": {"organisation": "Een andere school"},
    "bezwaar": {"purposes": ["security"], "body": "Door mijn situatie."},
}


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        return make_learner("Amina", "Yilmaz")


@pytest.mark.parametrize("slug", SLUGS)
def test_each_says_what_it_does_and_by_when_and_shows_how_far_it_is(
    client: PageClient, sign_in: SignIn, amina: Learner, slug: str
) -> None:
    sign_in(client, "learner", learner=amina)
    page = client.get(f"/mijn/rechten/vragen/{slug}").get_data(as_text=True)
    assert "uiterlijk" in page
    answer = client.post(f"/mijn/rechten/vragen/{slug}", TYPED[slug])
    assert answer.status_code == 303
    page = client.get(str(answer.location)).get_data(as_text=True)
    assert "U vroeg het." in page
    assert "V-" in page
    assert str(answer.location) in client.get("/mijn/rechten").get_data(as_text=True)


def test_what_lacks_is_said_and_what_was_typed_is_kept(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    assert client.post("/mijn/rechten/vragen/verbeteren", {"body": " "}).status_code == 422
    answer = client.post("/mijn/rechten/vragen/bezwaar", {"body": "Door mijn situatie."})
    assert answer.status_code == 422
    assert "Door mijn situatie." in answer.get_data(as_text=True)
    assert client.post("/mijn/rechten/vragen/wissen", {"categories": ["geheim"]}).status_code == 422
    assert client.get("/mijn/rechten/vragen/iets").status_code == 404


@pytest.mark.parametrize("includes_findings", [False, True])
def test_a_file_to_take_along_is_not_called_everything(
    client: PageClient, sign_in: SignIn, amina: Learner, includes_findings: bool
) -> None:
    with in_school(HERE):
        request = ask(amina, RequestKind.PORTABILITY, includes_findings=includes_findings)
    goes = "Ook wat de school opschreef gaat mee." if includes_findings else "Wat de school opschreef gaat niet mee."
    sign_in(client, "learner", learner=amina)
    page = client.get(f"/mijn/rechten/{request.id}").get_data(as_text=True)
    assert "Het gaat om wat u zelf gaf, en om uw aanwezigheid." in page
    assert goes in page
    assert "alles" not in page.partition('id="vraag"')[2].partition("</section>")[0]
    assert "alles over u" not in client.get(f"/mijn/rechten/kopie/{request.id}").get_data(as_text=True)

    sign_in(client, "privacy_staff")
    desk = client.get(f"/verzoeken/{request.id}").get_data(as_text=True)
    assert "Het gaat om wat de cursist zelf gaf, en om de aanwezigheid." in desk
    assert goes in desk


def test_a_copy_that_waits_is_named_with_its_number(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    client.post("/mijn/rechten/vragen/zien", {})
    answer = client.post("/mijn/rechten/vragen/zien", {"body": "Nog eens."})
    assert answer.status_code == 409
    assert "-0001" in answer.get_data(as_text=True)


def test_anothers_request_is_not_there(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        other = ask(make_learner("Omar", "Haddad")).id
    sign_in(client, "learner", learner=amina)
    assert client.get(f"/mijn/rechten/{other}").status_code == 404
    for act in ("code", "code/nieuw", "terugnemen"):
        assert client.post(f"/mijn/rechten/{other}/{act}", {"code": "123456"}).status_code == 404


def test_she_takes_it_back(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    address = str(client.post("/mijn/rechten/vragen/verbeteren", TYPED["verbeteren"]).location)
    assert client.post(f"{address}/terugnemen").status_code == 303
    assert "U nam het terug." in client.get(address).get_data(as_text=True)


def test_a_wrong_code_is_said_beside_its_field(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina, has_second_factor=False)
    address = str(client.post("/mijn/rechten/vragen/zien", {}).location)
    assert "Wij mailden u een code" in client.get(address).get_data(as_text=True)
    for _try in range(6):
        answer = client.post(f"{address}/code", {"code": "abc"})
        assert answer.status_code == 422
        assert "Deze code klopt niet" in answer.get_data(as_text=True)
    assert "Vraag over een kwartier" in client.post(f"{address}/code", {"code": "abc"}).get_data(as_text=True)
    answer = client.post(f"{address}/code/nieuw")
    assert answer.status_code == 303
    assert "over een minuut" in client.get(str(answer.location)).get_data(as_text=True)


def test_each_answer_names_the_authority_its_mediation_the_court_and_that_no_lawyer_is_needed(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        request = ask(amina, RequestKind.RECTIFICATION, body="Mijn naam.")
        decide_request(
            request.id, {"": Ground.IS_RIGHT}, reply="Uw naam klopt.", proof="Zie uw paspoort.", by=as_staff()
        )
        address = f"/mijn/rechten/{request.id}"
    sign_in(client, "learner", learner=amina)
    page = client.get(address).get_data(as_text=True)
    for said in (
        "Uw naam klopt.",
        "Zie uw paspoort.",
        "AVG 16",
        "Autoriteit Persoonsgegevens",
        "er samen uit te komen",
        "binnen zes weken",
        "Er is geen laatste dag",
        "geen advocaat",
    ):
        assert said in page


def test_staff_ask_about_their_own_account(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "teacher")
    assert "/mijn/rechten" in client.get("/vandaag").get_data(as_text=True)
    answer = client.post("/mijn/rechten/vragen/zien", {})
    assert answer.status_code == 303
    assert client.get(str(answer.location)).status_code == 200


def test_staff_are_asked_about_their_own_data_in_their_own_words(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "teacher")
    rights = client.get("/mijn/rechten").text
    assert "Voor uw eigen gegevens vroegen wij geen toestemming" in rights
    for slug in ("wissen", "afschermen"):
        page = client.get(f"/mijn/rechten/vragen/{slug}").text
        assert "Schrijf erbij welk deel." in page
        assert 'name="categories"' not in page
        assert "presentielijst" not in page
    sent = client.post("/mijn/rechten/vragen/wissen", {"body": "Mijn telefoonnummer", "categories": ["bsn"]})
    assert sent.status_code == 303
    with in_school(HERE):
        assert session.scalars(select(DataRequest)).one().categories == []


def test_a_page_of_rights_takes_no_more_statements_for_more_requests(
    client: PageClient, sign_in: SignIn, amina: Learner, count_statements: Callable[[], Any]
) -> None:
    sign_in(client, "learner", learner=amina)
    client.post("/mijn/rechten/vragen/verbeteren", TYPED["verbeteren"])
    client.get("/mijn/rechten")
    with count_statements() as one:
        client.get("/mijn/rechten")
    for _time in range(3):
        client.post("/mijn/rechten/vragen/verbeteren", {"body": f"Nog iets {_time}."})
    with count_statements() as several:
        client.get("/mijn/rechten")
    assert len(several) == len(one)
