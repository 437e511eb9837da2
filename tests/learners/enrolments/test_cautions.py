"""A group that is full and lessons at the same time are asked about, one by one and together; meant, they stand."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import checkpoint, in_school
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.courses.models import LearnerGroup
from portal.learners.enrolments.models import Enrolment
from portal.learners.enrolments.services import join_group
from tests.actors import actor_of
from tests.conftest import school_id
from tests.factories.courses import enrol, fill_group, make_group, make_lesson, make_person
from tests.page_client import PageClient, hidden_in
from tests.racing import Race
from tests.signing_in import SignIn

LEST_BEST = school_id("lest-best")
DAY = timedelta(days=1)
ON = "2026-11-23"
ASKED = "Er zijn 2 van de 2 plaatsen bezet. Zo worden het er %s."
AT_ONCE = "1 cursist heeft op maandag 23 november van 10:00 tot 13:00 ook les in A2 avond."


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


class World:
    """A full group of two places, another with a lesson at the time of one of the first, and somebody in that one."""

    def __init__(self, client: PageClient, sign_in: SignIn) -> None:
        self.client, self.office = client, sign_in(client, "administration")
        with in_school(LEST_BEST):
            self.full, self.other = make_group("A2 ochtend", capacity=2), make_group("A2 avond", capacity=20)
            fill_group(self.full, 2)
            self.learner, self.busy = make_person("Amina", "Yusuf"), make_person("Bilal", "Haddad")
            self.row = enrol(self.busy, self.other)
            make_lesson(self.full, held_on=date(2026, 11, 23), starts_at=time(9), ends_at=time(12))
            make_lesson(self.other, held_on=date(2026, 11, 23), starts_at=time(10), ends_at=time(13))

    def join(self, learner: Any, **given: str) -> Any:
        url = f"/groepen/{self.full.id}/cursisten/{learner.id}/inschrijven"
        return self.client.post(url, {**hidden_in(self.client.get(url)), "starts_on": ON, **given})

    def joined(self) -> list[Any]:
        with in_school(LEST_BEST):
            wanted = select(Enrolment.learner_id).where(
                Enrolment.group_id == self.full.id, Enrolment.starts_on == date(2026, 11, 23)
            )
            return list(session.scalars(wanted))


@pytest.fixture
def world(client: PageClient, sign_in: SignIn) -> World:
    return World(client, sign_in)


def test_places_stand_on_the_pages_of_a_group(world: World) -> None:
    listed = world.client.get("/groepen").get_data(as_text=True)
    assert "2 van 2" in listed
    assert "1 van 20" in listed
    for page in ("", "/cursisten", f"/cursisten/{world.learner.id}/inschrijven"):
        assert "2 van 2 plaatsen" in world.client.get(f"/groepen/{world.full.id}{page}").get_data(as_text=True)
    assert "1 van 20" in world.client.get(f"/cursisten/{world.learner.id}/groep").get_data(as_text=True)


def test_one_more_than_fits_is_asked_about_and_stands_where_it_is_meant(world: World) -> None:
    refused = world.join(world.learner)
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert ASKED % 3 in text
    assert "Toch inschrijven" in text
    assert f'value="{ON}"' in text
    assert world.joined() == []

    assert world.join(world.learner, despite="y").status_code == 303
    assert world.joined() == [world.learner.id]


def test_a_lesson_at_the_same_time_is_asked_about_too(world: World) -> None:
    text = world.join(world.busy).get_data(as_text=True)
    assert ASKED % 3 in text
    assert AT_ONCE in text
    assert world.joined() == []
    assert world.join(world.busy, despite="y").status_code == 303


def test_who_moves_leaves_the_lessons_of_the_old_group_and_is_asked_about_places_alone(world: World) -> None:
    url = f"/groepen/{world.other.id}/inschrijvingen/{world.row.id}"
    given = {"to_group_id": str(world.full.id), "on": ON}

    def move(**more: str) -> Any:
        page = world.client.get(url)
        return world.client.post(f"{url}/verhuizen", {**hidden_in(page, f"{url}/verhuizen"), **given, **more})

    refused = move()
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert ASKED % 3 in text
    assert "Toch verplaatsen" in text
    assert "ook les in" not in text
    assert world.joined() == []
    assert move(despite="y").status_code == 303
    assert world.joined() == [world.busy.id]


@pytest.mark.parametrize("change", ["inschrijven", "verplaatsen"])
def test_many_at_once_are_asked_about_before_and_once_more_without_the_tick(world: World, change: str) -> None:
    client, people = world.client, [world.learner, world.busy]
    if change == "verplaatsen":
        with in_school(LEST_BEST):
            enrol(world.learner, world.other)
    ids = {"cursist": [str(each.id) for each in people]}
    asked = client.post(f"/cursisten/samen/{change}", ids)
    day = {"inschrijven": ("group_id", "starts_on"), "verplaatsen": ("to_group_id", "on")}[change]
    given = {day[0]: str(world.full.id), day[1]: ON, "nakijken": "1"}
    hidden = hidden_in(asked, f"/cursisten/samen/{change}")
    checked = client.post(f"/cursisten/samen/{change}", {**hidden, **ids, **given})
    text = checked.get_data(as_text=True)
    assert ASKED % 4 in text
    assert (AT_ONCE in text) == (change == "inschrijven")
    assert 'name="despite"' in text

    do = f"/groepen/{world.full.id}/cursisten" if change == "inschrijven" else f"/cursisten/samen/{change}/doen"
    sent = {**hidden_in(checked, do), **ids}
    refused = client.post(do, sent)
    assert refused.status_code == 422
    assert ASKED % 4 in refused.get_data(as_text=True)
    assert refused.get_data(as_text=True).count(str(world.busy.id)) >= 1
    assert world.joined() == []

    again = {**sent, "despite": "y"}
    assert client.post(do, again).status_code == 303
    assert set(world.joined()) == {each.id for each in people}
    assert client.post(do, again).status_code == 303
    assert len(world.joined()) == 2


def test_a_group_without_a_number_of_places_takes_everybody(world: World) -> None:
    with in_school(LEST_BEST):
        fill_group(world.other, 40)
        session.merge(world.other).capacity = None
        join_group(world.learner.id, world.other.id, starts_on=today(), by=world.office)
    assert "2 van 2 plaatsen" not in world.client.get(f"/groepen/{world.other.id}").get_data(as_text=True)


@pytest.mark.parametrize("value", ["0", "501", "-3", "zestien", "9" * 30])
def test_a_number_of_places_that_cannot_be_is_refused_beside_its_field(world: World, value: str) -> None:
    url = f"/groepen/{world.full.id}/wijzigen"
    given = {"name": "A2 ochtend", "course_id": str(world.full.course_id), "starts_on": "2026-01-05"}
    refused = world.client.post(url, {**hidden_in(world.client.get(url)), **given, "capacity": value})
    assert refused.status_code == 422
    assert 'id="capacity-error"' in refused.get_data(as_text=True)

    assert world.client.post(url, {**hidden_in(refused), **given, "capacity": "16"}).status_code == 303
    with in_school(LEST_BEST):
        group = session.get(LearnerGroup, (LEST_BEST, world.full.id), populate_existing=True)
        entry = session.scalars(select(AuditEvent).where(AuditEvent.event == "courses.group_saved")).one()
    assert group is not None
    assert group.capacity == 16
    assert entry.facts["capacity"] == 16


@pytest.mark.parametrize("size", [1, 12])
def test_many_take_no_more_statements_to_look_at(world: World, size: int, count_statements: Callable[[], Any]) -> None:
    with in_school(LEST_BEST):
        ids = [str(make_person("Cursist", f"{at:03d}").id) for at in range(size)]
    given = {"group_id": str(world.full.id), "starts_on": ON, "nakijken": "1", "cursist": ids}
    hidden = hidden_in(
        world.client.post("/cursisten/samen/inschrijven", {"cursist": ids}), "/cursisten/samen/inschrijven"
    )
    with count_statements() as statements:
        page = world.client.post("/cursisten/samen/inschrijven", {**hidden, **given})
    assert page.status_code == 200
    assert len(statements) <= 17, statements


def test_of_two_who_want_the_last_place_at_once_one_is_asked(race: Race) -> None:
    with in_school(race.school_id):
        by: Actor = actor_of(None, "Anouk Bos", frozenset({"administration"}))
        group_id = make_group(capacity=1).id
        people = [make_person(name).id for name in ("Amina", "Bilal")]
        checkpoint()

    def join(learner_id: Any) -> bool:
        try:
            join_group(learner_id, group_id, starts_on=today(), by=by)
        except Invalid as refusal:
            return refusal.code != "asked_first"
        return True

    with race.held(people[0]):
        first = race.start(lambda: join(people[0]))
        assert race.stand_still(1)
        second = race.start(lambda: join(people[1]))
        assert second.result(timeout=20)
    assert not first.result(timeout=20)
