"""The register of incidents: the 72 hours, whom it touched, what was decided and why, and who was told."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.core import audit
from portal.core.clock import local, now
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.mail import Mail
from portal.learners.record.models import Learner
from portal.oversight.incidents.models import Incident
from portal.oversight.incidents.queries import count_reported_in_time
from portal.oversight.incidents.touched import list_touched
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.factories.oversight import make_incident
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE, THERE = school_id("lest-best"), school_id("meester-in-nt2")
PATH = "/incidenten"
HOUR = timedelta(hours=1)


def form(hours_ago: int = 2, **changes: str) -> dict[str, Any]:
    aware = local(now() - hours_ago * HOUR)
    filled = {
        "title": "Lijst naar verkeerd adres", "kind": "sent_wrong", "body": "Een lijst ging naar een verkeerd adres.",
        "aware_on": aware.date().isoformat(), "aware_time": f"{aware:%H:%M}", "categories": "name", "others": "3",
    }  # fmt: skip
    return {**filled, **changes}


@pytest.fixture
def keeper(client: PageClient, sign_in: SignIn) -> Actor:
    return sign_in(client, "privacy_staff", name="Pien Smit")


@pytest.fixture
def learners(database: Any) -> list[Learner]:
    with in_school(HERE):
        return [make_learner("Amina", "Haddad", email="amina@example.org"), make_learner("Bereket", "Tesfay")]


def incident_at(hours_ago: int) -> UUID:
    with in_school(HERE):
        return make_incident(aware_at=now() - hours_ago * HOUR).id


def told() -> list[str]:
    with in_school(HERE):
        return list(session.scalars(select(Mail.template).order_by(Mail.template)))


def test_the_72_hours_count_from_awareness_and_the_clock_shows(client: PageClient, keeper: Actor) -> None:
    answer = client.post(f"{PATH}/nieuw", form())
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "nog 69 uur" in page or "nog 70 uur" in page
    assert "Pien Smit" in page
    assert "1 wacht op een besluit" in client.get("/vandaag").text
    late = incident_at(73)
    assert "De 72 uur zijn voorbij." in client.get(f"{PATH}/{late}").text
    assert "te laat" in client.get(PATH).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "Vul dit in."),
        ({"title": "x" * 201}, ""),
        ({"body": "\x00"}, ""),
        ({"aware_on": ""}, "Vul dit in."),
        ({"aware_on": "2150-01-01"}, "Dit moment komt nog."),
        ({"happened_on": "2150-01-01"}, "Dit is na de dag waarop de school het merkte."),
        ({"happened_until": "2026-01-01"}, "Dit is vóór de eerste dag."),
        ({"kind": "geheim"}, ""),
        ({"categories": "geheim"}, ""),
        ({"others": "-1"}, ""),
        ({"others": "9" * 30}, ""),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept(
    client: PageClient, keeper: Actor, change: dict[str, str], said: str
) -> None:
    answer = client.post(f"{PATH}/nieuw", form(**{"measures": "Adres gecontroleerd.", **change}))
    assert answer.status_code == 422
    assert said in answer.text
    assert "Adres gecontroleerd." in answer.text
    with in_school(HERE):
        assert session.scalar(select(func.count()).select_from(Incident)) == 0


def test_sent_twice_it_is_written_down_once_and_can_be_changed(client: PageClient, keeper: Actor) -> None:
    filled = form()
    first, second = client.post(f"{PATH}/nieuw", filled), client.post(f"{PATH}/nieuw", filled)
    assert (first.status_code, second.location) == (303, first.location)
    assert client.post(f"{first.location}/wijzigen", form(title="Andere titel")).status_code == 303
    assert "Andere titel" in client.get(first.location).text


def test_both_decisions_need_their_reason(client: PageClient, keeper: Actor) -> None:
    path = f"{PATH}/{incident_at(5)}"
    at = local(now() - HOUR)
    moment = {"reported_on": at.date().isoformat(), "reported_time": f"{at:%H:%M}"}
    for wrong in (
        {"is_reported": "nee"}, {"is_reported": "ja", **moment}, {"is_reported": "ja", "reason": "Groot risico."},
        {"is_reported": "ja", "reason": "Groot risico.", "reported_on": "2020-01-01"}, {"reason": "Geen keuze."},
    ):  # fmt: skip
        assert client.post(f"{path}/melding", wrong).status_code == 422, wrong
    assert client.post(f"{path}/vertellen", {"is_told": "nee"}).status_code == 422
    kept = client.post(f"{path}/melding", {"is_reported": "ja", "reason": "Groot risico."}).text
    assert "Groot risico." in kept

    client.post(f"{path}/melding", {"is_reported": "ja", "reason": "Groot risico.", **moment})
    client.post(f"{path}/vertellen", {"is_told": "nee", "told_reason": "De lijst was versleuteld."})

    page = client.get(path).text
    for said in ("op tijd gemeld", "Groot risico.", "De school vertelt het niet.", "De lijst was versleuteld."):
        assert said in page
    with in_school(HERE):
        assert count_reported_in_time() == (1, 1)


def test_whom_it_touched_is_proposed_from_the_log_and_picked_by_name(
    client: PageClient, keeper: Actor, learners: list[Learner]
) -> None:
    amina, bereket = learners
    incident = incident_at(5)
    with in_school(HERE):
        office = Actor(new_id(), "Olga Smit", roles=frozenset({"administration"}))
        audit.record("disclosures.file_made", learner_ids=[amina.id], by=office)
    since, until = local(now() - HOUR), local(now() + HOUR)
    asked = {"van": since.date(), "van_tijd": f"{since:%H:%M}", "tot": until.date(), "tot_tijd": f"{until:%H:%M}"}
    page = client.get(f"{PATH}/{incident}/mensen?" + "&".join(f"{key}={value}" for key, value in asked.items())).text
    assert "Amina Haddad" in page
    assert "Olga Smit" in page
    assert "Bereket" not in page
    assert "Bereket Tesfay" in client.get(f"{PATH}/{incident}/mensen?zoek=Bereket").text

    chosen = {"cursist": [str(amina.id), str(bereket.id)]}
    assert client.post(f"{PATH}/{incident}/mensen", chosen).status_code == 303
    client.post(f"{PATH}/{incident}/mensen", chosen)
    with in_school(HERE):
        assert [each.name for each in list_touched(incident, keeper.scope)] == ["Amina Haddad", "Bereket Tesfay"]
    client.post(f"{PATH}/{incident}/mensen/weg", {"cursist": str(bereket.id)})
    with in_school(HERE):
        assert len(list_touched(incident, keeper.scope)) == 1


def test_people_touched_are_told_once_by_mail_or_letter_and_that_is_kept(
    client: PageClient, keeper: Actor, learners: list[Learner]
) -> None:
    incident = incident_at(5)
    path = f"{PATH}/{incident}"
    client.post(f"{path}/mensen", {"cursist": [str(each.id) for each in learners]})
    client.post(f"{path}/mailen")
    assert told() == []
    client.post(f"{path}/vertellen", {"is_told": "ja", "told_reason": "Er is een hoog risico."})
    for _ in range(2):
        assert client.post(f"{path}/mailen").status_code == 303
    assert told() == ["oversight/incident_told"]
    letters = client.get(f"{path}/brieven").text
    assert "Bereket Tesfay" in letters
    assert "Amina" not in letters
    client.post(f"{path}/brieven")
    page = client.get(path).text
    assert "per e-mail" in page
    assert "per brief" in page
    assert client.post(f"{path}/mensen/weg", {"cursist": str(learners[0].id)}).status_code == 303
    with in_school(HERE):
        assert len(list_touched(incident, keeper.scope)) == 2


def test_the_file_for_the_authority_has_numbers_and_no_names(
    client: PageClient, keeper: Actor, learners: list[Learner]
) -> None:
    incident = incident_at(5)
    client.post(f"{PATH}/{incident}/mensen", {"cursist": [str(each.id) for each in learners]})
    answer = client.post(f"{PATH}/{incident}/bestand")
    found = json.loads(answer.text)
    assert found["aantal_cursisten"] == 2
    assert found["gemerkt_op"] < found["melden_voor"]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "Amina" not in answer.text


def test_the_officer_sees_and_advises_and_decides_nothing(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "privacy_officer", name="Fenna Visser")
    path = f"{PATH}/{incident_at(5)}"
    assert client.post(f"{path}/advies", {"body": "Meld het vandaag."}).status_code == 303
    page = client.get(path).text
    assert "Meld het vandaag." in page
    assert "Fenna Visser" in page
    for refused in ("melding", "vertellen", "mensen", "mailen", "wijzigen"):
        assert client.post(f"{path}/{refused}", {}).status_code == 403
    assert client.post(f"{PATH}/nieuw", form()).status_code == 403


@pytest.mark.parametrize("role", ["teacher", "coach", "administration"])
def test_nobody_else_sees_them(client: PageClient, sign_in: SignIn, role: str) -> None:
    sign_in(client, role)
    assert [client.get(each).status_code for each in (PATH, f"{PATH}/{incident_at(5)}")] == [403, 403]


def test_another_schools_incident_and_learner_are_not_found(
    client: PageClient, keeper: Actor, learners: list[Learner]
) -> None:
    with in_school(THERE):
        there, other = make_incident().id, make_learner()
    assert client.get(f"{PATH}/{there}").status_code == 404
    assert client.post(f"{PATH}/{there}/melding", {"is_reported": "nee", "reason": "x"}).status_code == 404
    here = incident_at(5)
    assert client.post(f"{PATH}/{here}/mensen", {"cursist": str(other.id)}).status_code == 404


def test_the_register_takes_as_many_statements_however_many_there_are(
    client: PageClient, keeper: Actor, count_statements: Callable[[], Any]
) -> None:
    incident_at(5)
    client.get(PATH)
    with count_statements() as few:
        client.get(PATH)
    for hours in range(5):
        incident_at(hours + 1)
    with count_statements() as many:
        client.get(PATH)
    assert len(many) == len(few)
