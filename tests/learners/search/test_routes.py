"""Finding a learner, and adding one."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.session import session
from portal.courses.models import LearnerGroup
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.courses import make_group, make_teacher_of
from tests.factories.learners import (
    make_enrolment,
    make_learner,
    make_organisation,
    make_representative,
    make_trajectory,
)
from tests.page_client import PageClient


def _names(client: PageClient, **asked: str) -> list[str]:
    response = client.get("/cursisten", query_string=asked, htmx=True)
    assert response.status_code == 200
    text = response.get_data(as_text=True)
    return [part.partition("</bdi>")[0] for part in text.split('"><bdi translate="no">')[1:] if "</a>" in part[:200]]


@pytest.fixture
def people(school: SchoolView) -> dict[str, Learner]:
    """A few learners with names that are hard to find."""
    return {
        "berg": make_learner("Fatima", "Berg", name_prefix="van der", email="fatima.berg@example.org", number="26001"),
        "angelo": make_learner("Şükrü", "D'Ángelo-Łuk", birth_date=date(1988, 9, 1), number="26002"),
        "child": make_learner("Bas", "Aa", birth_date=today() - timedelta(days=12 * 365), number="26003"),
    }


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("berg", ["Berg, Fatima van der"]),
        ("van der berg", ["Berg, Fatima van der"]),
        ("FATIMA B", ["Berg, Fatima van der"]),
        ("26001", ["Berg, Fatima van der"]),
        ("fatima.berg@", ["Berg, Fatima van der"]),
        ("sukru", ["D&#39;Ángelo-Łuk, Şükrü"]),
        ("d’angelo luk", ["D&#39;Ángelo-Łuk, Şükrü"]),
        ("1 sept. 1988", ["D&#39;Ángelo-Łuk, Şükrü"]),
        ("01/09/88", ["D&#39;Ángelo-Łuk, Şükrü"]),
        ("2-9-1988", []),
        ("100%", []),
        ("_", []),
        ("", ["Aa, Bas", "Berg, Fatima van der", "D&#39;Ángelo-Łuk, Şükrü"]),
    ],
)
def test_a_learner_is_found_by_any_part(
    client: PageClient, sign_in: Any, people: dict[str, Learner], typed: str, found: list[str]
) -> None:
    sign_in(client, "administration")
    assert _names(client, zoek=typed) == found


def test_the_list_narrows_and_sorts(client: PageClient, sign_in: Any, people: dict[str, Learner]) -> None:
    sign_in(client, "administration")
    group, payer = make_group(), make_organisation()
    make_enrolment(people["berg"], group)
    make_enrolment(people["angelo"], group, ends_on=today() - timedelta(days=1))
    make_trajectory(people["angelo"], client_id=payer.id)
    assert _names(client, groep=str(group.id)) == ["Berg, Fatima van der"]
    assert _names(client, opdrachtgever=str(payer.id), wet="wi2021") == ["D&#39;Ángelo-Łuk, Şükrü"]
    assert _names(client, wet="wi2013") == []
    assert _names(client, **{"onder-16": "1"}) == ["Aa, Bas"]
    assert _names(client, volgorde="number")[0] == "Berg, Fatima van der"
    assert len(_names(client, **{"zonder-account": "1"})) == 3


@pytest.mark.promise("LB-06")
def test_a_teacher_who_is_a_parent_too_reaches_no_further_for_it(
    client: PageClient, sign_in: Any, people: dict[str, Learner]
) -> None:
    teacher, group = sign_in(client, "teacher", "representative"), make_group()
    make_teacher_of(group, teacher)
    make_enrolment(people["angelo"], group)
    make_representative(people["child"], account_id=teacher.account_id)
    assert _names(client) == ["D&#39;Ángelo-Łuk, Şükrü"]
    assert client.get(f"/cursisten/{people['berg'].id}").status_code == 404
    assert client.get(f"/cursisten/{people['child'].id}").status_code == 404
    assert "1 september 1988" not in client.get(f"/cursisten/{people['angelo'].id}").get_data(as_text=True)
    assert client.get("/mijn/gegevens").status_code == 200


@pytest.mark.promise("LB-06")
def test_nobody_narrows_or_sorts_by_what_she_does_not_see(
    client: PageClient, sign_in: Any, people: dict[str, Learner]
) -> None:
    teacher, group, payer = sign_in(client, "teacher"), make_group(), make_organisation("Gemeente Zeist")
    make_teacher_of(group, teacher)
    for learner in people.values():
        make_enrolment(learner, group)
    make_trajectory(people["angelo"], client_id=payer.id)
    by_name = ["Aa, Bas", "Berg, Fatima van der", "D&#39;Ángelo-Łuk, Şükrü"]
    for asked in ({"opdrachtgever": str(payer.id)}, {"wet": "wi2013"}, {"onder-16": "1"}, {"volgorde": "birth"}):
        assert _names(client, **asked) == by_name
    assert "Gemeente Zeist" not in client.get("/cursisten").get_data(as_text=True)


@pytest.mark.parametrize("wrong", [{"groep": "x"}, {"pagina": "nul"}, {"wet": "1998"}, {"pagina": "-3"}])
def test_nonsense_in_the_address_is_left_aside(
    client: PageClient, sign_in: Any, people: dict[str, Learner], wrong: dict[str, str]
) -> None:
    sign_in(client, "administration")
    assert len(_names(client, **wrong)) == 3


def test_the_whole_page_and_the_part_come_from_one_address(
    client: PageClient, sign_in: Any, school: SchoolView
) -> None:
    sign_in(client, "administration")
    assert "Nog geen cursisten" in client.get("/cursisten").get_data(as_text=True)
    part = client.get("/cursisten?zoek=niemand", htmx=True).get_data(as_text=True)
    assert part.lstrip().startswith('<div id="learners"')
    assert "Niemand gevonden" in part


def test_searching_takes_under_five_statements_however_many_there_are(
    client: PageClient, sign_in: Any, school: SchoolView, count_statements: Any
) -> None:
    sign_in(client, "administration")
    group = make_group()
    for at in range(60):
        make_enrolment(make_learner("Ali", f"Naam{at:02d}"), group)
    client.get("/cursisten?zoek=naam", htmx=True)
    with count_statements() as statements:
        client.get("/cursisten?zoek=ali", htmx=True)
    assert len(statements) < 5, statements


def test_a_page_holds_fifty_and_the_rest_follows(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    sign_in(client, "administration")
    for at in range(53):
        make_learner("Ali", f"Naam{at:02d}")
    assert len(_names(client)) == 50
    assert _names(client, pagina="2", zoek="naam") == ["Naam50, Ali", "Naam51, Ali", "Naam52, Ali"]


@pytest.mark.promise("LB-06")
def test_a_teacher_finds_only_who_is_in_her_own_groups(
    client: PageClient, sign_in: Any, people: dict[str, Learner]
) -> None:
    actor = sign_in(client, "teacher")
    own, others = make_group(), make_group()
    make_teacher_of(own, actor)
    make_enrolment(people["berg"], own)
    make_enrolment(people["angelo"], others)
    make_enrolment(people["child"], own, ends_on=today() - timedelta(days=8))
    assert _names(client) == ["Berg, Fatima van der"]
    assert _names(client, zoek="angelo") == []
    page = client.get("/cursisten").get_data(as_text=True)
    assert "Geboortedatum" not in page
    assert _names(client, zoek="4-5-1990") == []


def test_a_search_is_logged_once_a_day_for_each_learner(
    client: PageClient, sign_in: Any, people: dict[str, Learner]
) -> None:
    sign_in(client, "administration")
    _names(client, zoek="berg")
    _names(client, zoek="berg")
    count = session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.event == "record.viewed"))
    assert count == 1


@pytest.mark.parametrize("role", ["learner", "management", "representative"])
def test_who_has_no_business_there_is_refused(client: PageClient, sign_in: Any, school: SchoolView, role: str) -> None:
    learner = make_learner() if role == "learner" else None
    sign_in(client, role, learner=learner)
    assert client.get("/cursisten").status_code in {303, 403}
    assert client.get("/cursisten/nieuw").status_code in {303, 403}


NEW = {"given_name": "Amina", "family_name": "Yilmaz", "birth_date": "4-5-1990", "source": "learner", "channel": ""}


def test_a_learner_is_added(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    sign_in(client, "administration")
    assert client.get("/cursisten/nieuw").status_code == 200
    response = client.post("/cursisten/nieuw", NEW)
    assert response.status_code == 303
    page = client.get(response.headers["Location"]).get_data(as_text=True)
    assert "Amina Yilmaz" in page
    assert "De cursist is toegevoegd" in page


@pytest.mark.parametrize(("slug", "title"), [("lest-best", "Geboorte"), ("onderwijs-pro", "Geboorte en geslacht")])
def test_what_can_be_filled_in_is_called_as_the_school_calls_it(
    client_at: Any, sign_in: Any, slug: str, title: str
) -> None:
    client = client_at(slug)
    sign_in(client, "administration")

    page = client.get("/cursisten/nieuw").get_data(as_text=True)

    assert f"<legend><strong>{title}</strong></legend>" in page


def test_what_is_wrong_is_said_and_what_was_typed_stays(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    sign_in(client, "administration")
    response = client.post("/cursisten/nieuw", {**NEW, "birth_date": "31-2-1990", "phone": "12", "city": "Zeist"})
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "Deze datum bestaat niet" in text
    assert "Dit telefoonnummer klopt niet" in text
    assert 'value="31-2-1990"' in text
    assert 'value="Zeist"' in text


def test_one_who_looks_like_somebody_else_is_added_only_on_purpose(
    client: PageClient, sign_in: Any, school: SchoolView
) -> None:
    sign_in(client, "administration")
    make_learner("Amina", "Yılmaz")
    response = client.post("/cursisten/nieuw", NEW)
    assert response.status_code == 422
    assert "lijkt op iemand die er al is" in response.get_data(as_text=True)
    assert client.post("/cursisten/nieuw", {**NEW, "anyway": "1"}).status_code == 303
    assert session.scalar(select(func.count()).select_from(Learner)) == 2


def test_names_of_groups_stand_beside_a_learner(client: PageClient, sign_in: Any, people: dict[str, Learner]) -> None:
    sign_in(client, "administration")
    group: LearnerGroup = make_group("B1 avond")
    make_enrolment(people["berg"], group)
    assert "B1 avond" in client.get("/cursisten?zoek=berg").get_data(as_text=True)


def test_another_school_finds_nobody_of_this_one(client_at: Any, sign_in: Any, people: dict[str, Learner]) -> None:
    other = client_at("step-inburgering")
    sign_in(other, "administration")
    assert _names(other, zoek="berg") == []
