"""The draft of the impact assessment on a page and on paper, and recording its day."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import delete

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.policy.impact_assessments.models import ImpactAssessment
from portal.policy.queries import current_policy
from tests.conftest import school_id
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")
PATH = "/dpia"
SAID = {"decided_on": "2026-03-02", "advised_by": "officer", "reference": "Map 12"}


@pytest.fixture
def without_its_day(database: object) -> None:
    with in_school(HERE):
        session.execute(delete(ImpactAssessment))


@pytest.mark.parametrize("role", ["privacy_officer", "privacy_staff", "management"])
def test_the_draft_says_what_the_policy_does_and_what_is_open(client: PageClient, sign_in: SignIn, role: str) -> None:
    sign_in(client, role)

    page = unescape(client.get(PATH).get_data(as_text=True))

    with in_school(HERE):
        policy = current_policy()
        for purpose in policy.purposes:
            assert str(policy.text(purpose.title, "nl")) in page
    assert "Beelden van online lessen" in page
    assert "Signalen over cursisten" in page
    assert "Wat de school zelf invult" in page
    assert ("Leg het besluit vast" in page) is (role != "privacy_officer")
    paper = client.get(f"{PATH}/pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF")


def test_its_day_is_recorded_and_stands_there(client: PageClient, sign_in: SignIn, without_its_day: None) -> None:
    sign_in(client, "privacy_staff", name="Petra Smit")
    assert "nog niet vastgelegd op welke dag" in client.get(PATH).get_data(as_text=True)

    for _ in range(2):
        assert client.post(PATH, SAID).status_code == 303

    page = client.get(PATH).get_data(as_text=True)
    assert "Besloten op 2 maart 2026. Advies van: de privacyfunctionaris." in page
    assert "Petra Smit" in page
    with in_school(HERE):
        assert session.query(ImpactAssessment).count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"decided_on": ""}, "Vul dit in."),
        ({"decided_on": (today() + timedelta(days=1)).isoformat()}, "Deze dag komt nog."),
        ({"advised_by": ""}, "Kies wie advies gaf."),
        ({"advised_by": "de buurman"}, ""),
        ({"reference": "x" * 301}, ""),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept(
    client: PageClient, sign_in: SignIn, without_its_day: None, change: dict[str, str], said: str
) -> None:
    sign_in(client, "privacy_staff")
    answer = client.post(PATH, {**SAID, **change})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert "nog niet vastgelegd op welke dag" in client.get(PATH).get_data(as_text=True)


@pytest.mark.parametrize("role", ["teacher", "administration"])
def test_others_do_not_see_it(client: PageClient, sign_in: SignIn, role: str) -> None:
    sign_in(client, role)
    assert client.get(PATH).status_code == 403
    assert client.post(PATH, SAID).status_code == 403


def test_switching_signals_on_is_refused_in_words_until_then(
    client: PageClient, sign_in: SignIn, without_its_day: None
) -> None:
    sign_in(client, "management")
    rules = {"low_attendance": "70", "absent_in_a_row": "3", "not_seen": "21", "no_contact": "30",
             "hours_running_out": "20", "level_missing": "60"}  # fmt: skip

    refused = client.post("/signalen/regels", {**rules, "is_on": ["no_contact"]})

    assert refused.status_code == 422
    assert "Zet signalen pas aan na een besluit over de DPIA." in refused.get_data(as_text=True)
    assert 'id="assessment"' in client.get("/vandaag").get_data(as_text=True)
    client.post(PATH, SAID)
    assert client.post("/signalen/regels", {**rules, "is_on": ["no_contact"]}).status_code == 303
    assert 'id="assessment"' not in client.get("/vandaag").get_data(as_text=True)
