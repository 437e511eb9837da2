"""The pages on which a group is assessed: a tap, a plain form, a column, undo, refusals, and what they cost."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.courses.models import LearnerGroup
from portal.progress.models import ExamResult, Level
from portal.schools.queries import SchoolView
from tests.factories.courses import fill_group, make_enrolled_learner, make_group, make_teacher_of
from tests.factories.learners import make_learner
from tests.house.rows import make_row
from tests.page_client import PageClient
from tests.signing_in import SignIn


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    """A group."""
    return make_group("A2 ochtend")


@pytest.fixture
def members(group: LearnerGroup) -> list[UUID]:
    """Three learners in the group, by id."""
    return [learner.id for learner in fill_group(group, 3)]


@pytest.fixture
def teacher(client: PageClient, sign_in: SignIn, group: LearnerGroup) -> Actor:
    """The group's teacher, signed in."""
    actor = sign_in(client, "teacher")
    make_teacher_of(group, actor)
    return actor


@pytest.fixture
def url(teacher: Actor, group: LearnerGroup, members: list[UUID]) -> str:
    return f"/groepen/{group.id}/niveau"


def row(learner_id: UUID, value: str, seen: str = "0.", *, only: bool = False) -> dict[str, str]:
    sent = {f"s.{learner_id}": value, f"v.{learner_id}": seen}
    return {"cursist": str(learner_id), **sent} if only else sent


def stored(school_id: UUID) -> dict[UUID, str]:
    with in_school(school_id):
        return {each.learner_id: each.level.value for each in session.scalars(select(Level))}


def test_a_tap_answers_with_its_row(client: PageClient, url: str, group: LearnerGroup, members: list[UUID]) -> None:
    client.get(f"{url}/invullen")

    response = client.post(f"{url}/invullen?wat=spreken", row(members[0], "A2", only=True), htmx=True)

    text = response.get_data(as_text=True)
    assert response.status_code == 200
    assert text.lstrip().startswith("<li")
    assert "opgeslagen" in text
    assert len(response.data) <= 2600
    assert stored(group.school_id) == {members[0]: "A2"}


def test_without_script_only_changed_rows_are_stored_and_the_page_says_so(
    client: PageClient, url: str, group: LearnerGroup, members: list[UUID]
) -> None:
    client.get(f"{url}/invullen")

    sent = row(members[0], "A1") | row(members[1], "") | row(members[2], "B1", "5.B1")
    answer = client.post(f"{url}/invullen?wat=lezen&bron=test", sent)
    text = client.get(answer.headers["Location"]).get_data(as_text=True)

    assert answer.status_code == 303
    assert stored(group.school_id) == {members[0]: "A1"}
    assert text.count("✓ opgeslagen") == 1
    assert "Opgeslagen: 1" in text
    assert "Toets</summary>" in text


def test_what_another_stored_meanwhile_is_shown(client: PageClient, url: str, members: list[UUID]) -> None:
    client.get(f"{url}/invullen")
    client.post(f"{url}/invullen", row(members[0], "A1", only=True), htmx=True)

    response = client.post(f"{url}/invullen", row(members[0], "B1", only=True), htmx=True)

    text = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "in een ander venster, in: A1. Hier koos u: B1." in text
    assert re.search(r'value="A1" checked', text)


@pytest.mark.parametrize("htmx", [True, False])
def test_a_whole_column_and_back(
    client: PageClient, url: str, group: LearnerGroup, members: list[UUID], htmx: bool
) -> None:
    client.get(f"{url}/invullen")
    client.post(f"{url}/invullen", row(members[0], "B1", only=True), htmx=True)

    def send(path: str, sent: dict[str, str]) -> str:
        answer = client.post(f"{url}/{path}", sent, htmx=htmx)
        if not htmx:
            answer = client.get(answer.headers["Location"])
        return answer.get_data(as_text=True)

    text = send("iedereen?wat=lezen", {"waarde": "A2"})
    assert "Alle 2 ongedaan maken" in text
    assert "3 van 3 ingevuld" in text
    assert sorted(stored(group.school_id).values()) == ["A2", "A2", "B1"]
    step = re.search(r'form="undo" name="stap" value="(\d+)"', text)
    assert step is not None
    returned = client.get(f"{url}/invullen?wat=lezen").get_data(as_text=True)
    assert f'form="undo" name="stap" value="{step[1]}"' in returned

    assert "1 van 3 ingevuld" in send("ongedaan?wat=lezen", {"stap": step[1]})
    assert stored(group.school_id) == {members[0]: "B1"}
    assert 'form="undo" name="stap"' not in client.get(f"{url}/invullen?wat=lezen").get_data(as_text=True)


def test_one_row_is_taken_back(client: PageClient, url: str, group: LearnerGroup, members: list[UUID]) -> None:
    client.get(f"{url}/invullen")
    text = client.post(f"{url}/invullen", row(members[0], "B1", only=True), htmx=True).get_data(as_text=True)
    step = re.search(r'name="stap" value="(\d+)"', text)
    assert step is not None
    sent = {"stap": step[1], "cursist": str(members[0])}

    assert client.post(f"{url}/ongedaan?wat=lezen", sent, htmx=True).status_code == 200
    assert stored(group.school_id) == {}
    again = client.post(f"{url}/ongedaan?wat=lezen", sent, htmx=True)
    assert again.status_code == 409
    assert "Dit kan niet meer ongedaan worden gemaakt" in again.get_data(as_text=True)


def test_results_are_stored_the_same_way(
    client: PageClient, url: str, group: LearnerGroup, members: list[UUID]
) -> None:
    client.get(f"{url}/invullen?wat=ona")

    for learner_id, value in zip(members, ("passed", "failed", "unknown"), strict=True):
        client.post(f"{url}/invullen?wat=ona", row(learner_id, value, only=True), htmx=True)

    with in_school(group.school_id):
        found = session.execute(select(ExamResult.learner_id, ExamResult.is_passed, ExamResult.source))
        assert {tuple(each) for each in found} == {
            (members[0], True, "exam"), (members[1], False, "exam"), (members[2], None, "exam"),
        }  # fmt: skip
    text = client.get(f"{url}/invullen?wat=ona").get_data(as_text=True)
    assert "3 van 3 ingevuld" in text


@pytest.mark.parametrize("asked", ["dag=2099-01-01", "dag=gisteren", "bron=buurvrouw"])
def test_on_a_day_or_from_a_source_that_cannot_be_nothing_is_stored(
    client: PageClient, url: str, group: LearnerGroup, members: list[UUID], asked: str
) -> None:
    assert client.get(f"{url}/invullen?{asked}").status_code == 422

    assert client.post(f"{url}/invullen?{asked}", row(members[0], "A1")).status_code == 422
    assert client.post(f"{url}/invullen?{asked}", row(members[0], "A1", only=True), htmx=True).status_code == 422
    assert client.post(f"{url}/iedereen?{asked}", {"waarde": "A1"}).status_code == 422
    assert stored(group.school_id) == {}


def test_a_value_that_is_none_is_refused(client: PageClient, url: str, members: list[UUID]) -> None:
    client.get(f"{url}/invullen")

    assert client.post(f"{url}/invullen", row(members[0], "Z9", only=True), htmx=True).status_code == 422
    assert client.post(f"{url}/iedereen", {"waarde": "Z9"}).status_code == 422
    unchosen = client.post(f"{url}/iedereen", {"waarde": ""}, htmx=True)
    assert unchosen.status_code == 422
    assert "Kies eerst wat iedereen krijgt" in unchosen.get_data(as_text=True)


def test_who_is_no_longer_in_the_group(client: PageClient, url: str, members: list[UUID]) -> None:
    client.get(f"{url}/invullen")
    stranger = make_learner("Vreemd").id

    tapped = client.post(f"{url}/invullen", row(stranger, "A1", only=True), htmx=True)
    plain = client.post(f"{url}/invullen", row(stranger, "A1") | row(members[0], "A1"))

    assert (tapped.status_code, plain.status_code) == (422, 422)
    assert "Deze cursist zit niet meer in de groep" in tapped.get_data(as_text=True)
    assert "1 cursist zit niet meer in de groep" in plain.get_data(as_text=True)


def test_what_was_found_earlier_and_what_she_contests_stand_in_her_row(
    client: PageClient, url: str, members: list[UUID]
) -> None:
    before = today() - timedelta(days=30)
    facts = {"skill": "reading", "level": "A1", "source": "intake", "found_on": before}
    level = make_row("level", learner_id=members[0], **facts)
    make_row("correction", learner_id=members[0], field="level.level", entry_id=level["id"], state="proposed")

    text = client.get(f"{url}/invullen").get_data(as_text=True)

    assert "laatst A1, " in text
    assert ", eerste gesprek" in text
    assert text.count("betwist") == 1


@pytest.mark.promise("LB-06")
def test_another_teachers_group_is_not_there(
    client: PageClient, sign_in: SignIn, group: LearnerGroup, members: list[UUID]
) -> None:
    sign_in(client, "teacher")
    url = f"/groepen/{group.id}/niveau"

    answers = [
        client.get(f"{url}/invullen"),
        client.post(f"{url}/invullen", row(members[0], "A1", only=True), htmx=True),
        client.post(f"{url}/invullen", {}),
        client.post(f"{url}/iedereen", {"waarde": "A1"}),
        client.post(f"{url}/ongedaan", {"stap": "1"}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert stored(group.school_id) == {}
    with in_school(group.school_id):
        refused = session.scalars(select(AuditEvent.event).where(AuditEvent.event == "access.refused")).all()
        assert len(refused) == 5


def test_a_page_and_a_tap_ask_as_much_for_three_as_for_twenty(
    client: PageClient,
    url: str,
    group: LearnerGroup,
    members: list[UUID],
    count_statements: Callable[[], Any],
) -> None:
    def cost(at: int) -> tuple[int, int]:
        with count_statements() as page:
            client.get(f"{url}/invullen")
        with count_statements() as one:
            client.post(f"{url}/invullen", row(members[at], "A1", only=True), htmx=True)
        return len(page), len(one)

    client.get(f"{url}/invullen")
    few = cost(0)
    for at in range(17):
        make_enrolled_learner(group, "Cursist", f"Z{at}")
    many = cost(1)

    assert many == few
    assert many <= (7, 4)
