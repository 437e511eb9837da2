"""The pages of progress: a group at once, a learner's, refusals, and who may."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
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
from portal.schools.queries import SchoolView
from tests.factories.courses import enrol, fill_group, make_enrolled_learner, make_group, make_teacher_of
from tests.factories.learners import make_learner
from tests.house.rows import make_row
from tests.page_client import PageClient, hidden_in
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


def test_a_groups_page_shows_what_was_found_last_and_leads_to_what_enters_it(
    client: PageClient, teacher: Actor, group: LearnerGroup, members: list[UUID]
) -> None:
    for days, level in ((30, "A1"), (3, "A2")):
        found_on = today() - timedelta(days=days)
        make_row("level", learner_id=members[0], skill="reading", level=level, source="test", found_on=found_on)
    make_row("exam_result", learner_id=members[1], part="knm", is_passed=True, taken_on=today())

    text = client.get(f"/groepen/{group.id}/niveau").get_data(as_text=True)

    assert text.count("<strong><bdi>A") == 1
    assert "<strong><bdi>A2</bdi></strong>" in text
    assert text.count("<strong><bdi>geslaagd</bdi></strong>") == 1
    assert f'href="/groepen/{group.id}/niveau/invullen?wat=luisteren"' in text


@pytest.mark.parametrize(("days", "is_there"), [(7, True), (8, False)])
def test_who_left_last_week_still_gets_her_level(
    client: PageClient, teacher: Actor, group: LearnerGroup, days: int, is_there: bool
) -> None:
    left = make_enrolled_learner(group, "Zeynep", "Kaya", ends_on=today() - timedelta(days=days))

    page = client.get(f"/groepen/{group.id}/niveau").get_data(as_text=True)

    assert (f"/cursisten/{left.id}/voortgang" in page) is is_there
    assert ("tot en met" in page) is is_there


def test_a_result_says_from_where_it_is(client: PageClient, teacher: Actor, members: list[UUID]) -> None:
    address = f"/cursisten/{members[0]}/voortgang"
    client.get(address)
    day = today().isoformat()
    values = {"part": "knm", "taken_on": day, "outcome": "passed", "source": "intake"}

    assert (
        client.post(f"{address}/uitslagen", {f"uitslag-{name}": value for name, value in values.items()}).status_code
        == 303
    )

    assert " · Eerste gesprek" in client.get(address).get_data(as_text=True)


def test_the_page_of_a_group_asks_as_much_for_three_as_for_twenty(
    client: PageClient,
    teacher: Actor,
    group: LearnerGroup,
    members: list[UUID],
    count_statements: Callable[[], Any],
) -> None:
    address = f"/groepen/{group.id}/niveau"
    client.get(address)
    with count_statements() as few:
        client.get(address)
    fill_group(group, 17)
    with count_statements() as many:
        client.get(address)

    assert len(many) == len(few)
    assert len(many) <= 7


def test_a_learners_page_takes_notes_results_and_evaluations(
    client: PageClient, teacher: Actor, members: list[UUID]
) -> None:
    address = f"/cursisten/{members[0]}/voortgang"
    client.get(address)

    assert client.post(f"{address}/notities", {"notitie-body": "leest graag"}).status_code == 303
    assert (
        client.post(
            f"{address}/uitslagen",
            {"uitslag-part": "knm", "uitslag-taken_on": today().isoformat(), "uitslag-outcome": "passed"},
        ).status_code
        == 303
    )
    assert (
        client.post(
            f"{address}/evaluaties",
            {"evaluatie-kind": "final", "evaluatie-held_on": today().isoformat(), "evaluatie-body": "klaar"},
        ).status_code
        == 303
    )

    page = client.get(address).get_data(as_text=True)
    assert '<p class="lines" dir="auto">leest graag</p>' in page
    assert '<p class="lines" dir="auto">klaar</p>' in page
    for said in ("De notitie is opgeslagen.", "De uitslag is opgeslagen.", "De evaluatie is opgeslagen."):
        assert said in page
    assert "geslaagd" in page
    assert "Eindevaluatie" in page


def test_hiding_a_note_asks_why_and_keeps_the_text(client: PageClient, teacher: Actor, members: list[UUID]) -> None:
    address = f"/cursisten/{members[0]}/voortgang"
    client.get(address)

    refused = client.post(f"{address}/notities", {"notitie-body": "eerst bespreken", "notitie-is_hidden": "y"})

    assert refused.status_code == 422
    text = refused.get_data(as_text=True)
    assert "Schrijf waarom de cursist dit niet mag zien" in text
    assert "eerst bespreken" in text


@pytest.mark.parametrize(("what", "prefix"), [("notities", "notitie"), ("evaluaties", "evaluatie")])
def test_a_word_about_health_asks_whether_it_is_about_work(
    client: PageClient, sign_in: SignIn, members: list[UUID], what: str, prefix: str
) -> None:
    sign_in(client, "coach")
    address = f"/cursisten/{members[0]}/voortgang"
    evaluation = {"evaluatie-held_on": today().isoformat(), "evaluatie-kind": "progress"}
    given = {f"{prefix}-body": "Wil in een ziekenhuis werken.", **evaluation}

    refused = client.post(f"{address}/{what}", given)

    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Haal dit woord weg: ziekenhuis" in text
    assert "Wil in een ziekenhuis werken." in text
    assert f'name="{prefix}-is_about_work"' in text
    assert f'<a href="{address}" aria-current="page">' in text
    assert client.post(f"{address}/{what}", {**given, f"{prefix}-is_about_work": "y"}).status_code == 303
    stored = client.get(address).get_data(as_text=True)
    assert "Wil in een ziekenhuis werken." in stored
    assert "is_about_work" not in stored


def test_a_note_says_all_who_read_it(client: PageClient, sign_in: SignIn, members: list[UUID]) -> None:
    sign_in(client, "coach")
    address = f"/cursisten/{members[0]}/voortgang"
    sent = {"notitie-body": "belt liever in de avond", "notitie-readers": "coaching"}
    assert client.post(f"{address}/notities", sent).status_code == 303
    assert "alleen wie begeleidt, en de administratie" in client.get(address).get_data(as_text=True)


@pytest.mark.promise("LB-06")
def test_another_teachers_group_and_learner_are_not_there(
    client: PageClient, sign_in: SignIn, group: LearnerGroup, members: list[UUID]
) -> None:
    other = sign_in(client, "teacher")
    addresses = [f"/groepen/{group.id}/niveau", f"/cursisten/{members[0]}/voortgang"]

    assert [client.get(address).status_code for address in addresses] == [404, 404]

    with in_school(group.school_id):
        refused = session.scalars(select(AuditEvent).where(AuditEvent.event == "access.refused")).all()
        assert sorted(entry.facts["address"] for entry in refused) == sorted(addresses)
        assert {entry.actor_id for entry in refused} == {other.account_id}


def test_another_schools_learner_is_not_there(
    client_at: Callable[[str], PageClient], sign_in: SignIn, members: list[UUID]
) -> None:
    other = client_at("step-inburgering")
    sign_in(other, "coach")

    assert other.get(f"/cursisten/{members[0]}/voortgang").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("management", 403), ("privacy_officer", 200), ("administration", 200)])
def test_who_sees_progress(client: PageClient, sign_in: SignIn, school: SchoolView, role: str, status: int) -> None:
    learner = make_learner()
    sign_in(client, role)

    assert client.get(f"/cursisten/{learner.id}/voortgang").status_code == status
    assert client.post(f"/cursisten/{learner.id}/voortgang/notities", {"notitie-body": "x"}).status_code == 403


def test_another_learners_name_is_told_of_once_and_the_text_is_kept(
    client: PageClient, teacher: Actor, group: LearnerGroup, school: SchoolView
) -> None:
    amina, yusuf = make_learner("Amina", "Haddad"), make_learner("Yusuf", "Berg")
    for each in (amina, yusuf):
        enrol(each, group)
    page = f"/cursisten/{amina.id}/voortgang"
    address = f"{page}/notities"
    given = {"notitie-body": "Zij helpt Yusuf Berg met lezen.", "notitie-readers": "progress"}

    told = client.post(address, given)
    text = unescape(told.get_data(as_text=True))
    assert told.status_code == 422
    assert "In deze tekst staat de naam van een andere cursist" in text
    assert given["notitie-body"] in text
    assert "Er is nog niets opgeslagen" in text
    hidden = hidden_in(told, address)

    assert client.post(address, {**given, **hidden}).status_code == 303
    assert "In deze tekst staat" not in client.get(page).get_data(as_text=True)
    more = {**given, **hidden, "notitie-body": "Yusuf en meneer Berg"}
    assert client.post(address, more).status_code == 422
    plain = {"evaluatie-body": "Het gaat goed.", "evaluatie-kind": "progress", "evaluatie-held_on": today().isoformat()}
    assert client.post(f"{page}/evaluaties", plain).status_code == 303
