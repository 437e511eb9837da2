"""The learner's switches, the confirmation, the steps, and the office's overview."""

import pytest

from portal.consent import queries
from portal.core.database import in_school
from portal.learners.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.consent import agree
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.signing_in import SignIn


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    """A learner of Lest Best."""
    return make_learner("Amina")


@pytest.mark.promise("LB-05")
def test_each_consent_has_its_own_button_and_is_off(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)

    page = client.get("/mijn/toestemmingen").get_data(as_text=True)

    assert page.count("Ja, dat mag") == 3
    assert "Neem terug" not in page
    assert "Wet inburgering" in page


def test_a_learner_says_yes_and_takes_it_back(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    client.get("/mijn/toestemmingen")

    given = client.post("/mijn/toestemmingen/survey/geven")
    assert given.status_code == 303
    confirm = client.get("/mijn/toestemmingen/survey/intrekken").get_data(as_text=True)
    assert "Dit stopt meteen" in confirm
    withdrawn = client.post("/mijn/toestemmingen/survey/intrekken")
    assert withdrawn.status_code == 303
    steps = client.get(withdrawn.headers["Location"])

    assert "Niets nieuws wordt hiervoor gebruikt" in steps.get_data(as_text=True)
    partial = client.get(withdrawn.headers["Location"], htmx=True).get_data(as_text=True)
    assert partial.lstrip().startswith('<div id="steps"')


def test_a_purpose_without_a_switch_is_not_there(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)

    assert client.get("/mijn/toestemmingen/duo/intrekken").status_code == 404
    assert client.post("/mijn/toestemmingen/duo/geven").status_code == 404


def test_another_learners_withdrawal_is_not_there(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    agree(amina)
    client.get("/mijn/toestemmingen")
    address = client.post("/mijn/toestemmingen/survey/intrekken").headers["Location"]
    with in_school(amina.school_id):
        other = make_learner("Bereket")
    sign_in(client, "learner", learner=other)

    assert client.get(address).status_code == 404


def test_a_form_without_its_token_changes_nothing(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)

    refused = client.post("/mijn/toestemmingen/survey/geven", {"csrf_token": "stale"})

    assert refused.status_code == 422
    with in_school(amina.school_id):
        assert not queries.has_consent(amina.id, "survey")


@pytest.mark.parametrize(("role", "status"), [("administration", 200), ("privacy_officer", 200), ("teacher", 403)])
def test_who_sees_the_overview(client: PageClient, sign_in: SignIn, role: str, status: int) -> None:
    sign_in(client, role)

    assert client.get("/toestemmingen").status_code == status


def test_staff_cannot_decide_for_a_learner(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "administration")

    assert client.get("/mijn/toestemmingen").status_code == 403
