"""What is held on a learner, a line a subject: each once, in its place, with what is said true of it."""

import re
from datetime import timedelta

import pytest

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.learners.record.models import Learner
from portal.policy.queries import current_policy
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_group, make_lesson
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.signing_in import SignIn

LEST_BEST = school_id("lest-best")


@pytest.fixture
def amina(database: object) -> Learner:
    with in_school(LEST_BEST):
        learner = make_learner("Amina", "Yilmaz", phone="+31612345678", city="Utrecht")
        enrol(learner, make_group("A2 ochtend"), starts_on=today() - timedelta(days=10))
        return learner


def test_each_subject_stands_there_once_and_leads_to_its_page(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "learner", learner=amina)
    overview = client.get("/mijn/gegevens").get_data(as_text=True)
    with in_school(LEST_BEST):
        subjects = [category.key for category in current_policy().categories]

    assert len(subjects) > 15
    for key in subjects:
        assert overview.count(f'href="/mijn/gegevens/{key}"') == 1
        assert client.get(f"/mijn/gegevens/{key}").status_code == 200
    kept, _, nothing = overview.partition("Niets bewaard")
    assert 'href="/mijn/gegevens/contact"' in kept
    assert "06 12345678" in kept
    assert "A2 ochtend" in kept
    assert 'href="/mijn/gegevens/complaint"' in nothing


def test_a_subject_shows_itself_and_nothing_else(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)

    contact = client.get("/mijn/gegevens/contact").get_data(as_text=True)
    whole = client.get("/mijn/gegevens/alles").get_data(as_text=True)

    assert "06 12345678" in contact
    assert "veld-city" not in contact
    assert "veld-city" in whole
    assert client.get("/mijn/gegevens/nergens").status_code == 404


def test_what_is_written_as_one_stands_there_as_one(client: PageClient, sign_in: SignIn, database: object) -> None:
    with in_school(LEST_BEST):
        learner = make_learner(
            "Nabil",
            "Halabi",
            name_prefix="al",
            street="Stationsplein",
            house_number="143",
            postcode="3279 KJ",
            city="Utrecht",
            phone="+31612345678",
        )
        number = learner.number
    sign_in(client, "learner", learner=learner)

    page = client.get("/mijn/gegevens").get_data(as_text=True)

    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert f"{number} · Nabil al Halabi" in text
    assert "Stationsplein 143 · 3279 KJ Utrecht" in text


def test_a_change_that_waits_is_said_at_its_subject(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    client.get("/mijn/gegevens/family_name/wijzigen")

    stored = client.post("/mijn/gegevens/family_name/wijzigen", {"family_name": "Yousuf"})
    overview = client.get("/mijn/gegevens").get_data(as_text=True)

    assert stored.headers["Location"] == "/mijn/gegevens/name#veld-family_name"
    assert overview.count("wacht op de school") == 1
    assert "Yousuf" in client.get(stored.headers["Location"].partition("#")[0]).get_data(as_text=True)


def test_a_day_that_is_over_is_said_to_be(client: PageClient, sign_in: SignIn) -> None:
    with in_school(LEST_BEST):
        long_ago = today() - timedelta(days=4000)
        gone, group = make_learner(last_contact_on=long_ago), make_group(starts_on=long_ago)
        enrol(gone, group, starts_on=long_ago, ends_on=long_ago)
        make_mark(make_lesson(group, held_on=long_ago), gone)
    sign_in(client, "learner", learner=gone)

    overview = client.get("/mijn/gegevens").get_data(as_text=True)

    assert "te lang bewaard: tot" in overview
