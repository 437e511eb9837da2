"""The waiting list: who waits is put on it once, placed from it or taken off it, and reads of it herself."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.enrolments.models import Enrolment
from portal.learners.trajectories.models import Route
from portal.learners.waiting_list.models import WaitingEnd, WaitingEntry
from tests.conftest import school_id
from tests.factories.courses import enrol, make_course, make_group, make_person, make_teacher_of
from tests.factories.learners import make_organisation, make_trajectory
from tests.factories.waiting_list import make_waiting
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn

LEST_BEST = school_id("lest-best")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


class World:
    """A course with a full group of one place; somebody who waits for it since 1 November, and somebody else."""

    def __init__(self, client: PageClient, sign_in: SignIn) -> None:
        self.client, self.office = client, sign_in(client, "administration")
        with in_school(LEST_BEST):
            self.course = make_course("NT2 A2")
            self.group = make_group("A2 ochtend", course=self.course, capacity=1)
            self.other = make_group("B1 avond")
            self.waiting, self.new = make_person("Amina", "Yusuf"), make_person("Bilal", "Haddad")
            self.entry = make_waiting(self.waiting, self.course, since_on=date(2026, 11, 1), wish="Liefst in de avond.")

    def url(self, entry: WaitingEntry | None = None) -> str:
        return f"/wachtlijst/{(entry or self.entry).id}"

    def send(self, what: str, **given: str) -> Any:
        url = f"{self.url()}/{what}"
        return self.client.post(url, {**hidden_in(self.client.get(self.url()), url), **given})

    def add(self, **given: str) -> Any:
        url = f"/cursisten/{self.new.id}/wachtlijst"
        return self.client.post(url, {**hidden_in(self.client.get(url)), **given})

    def row(self) -> WaitingEntry:
        with in_school(LEST_BEST):
            return session.get_one(WaitingEntry, (LEST_BEST, self.entry.id), populate_existing=True)

    def enrolled(self) -> list[Any]:
        with in_school(LEST_BEST):
            return list(session.scalars(select(Enrolment.learner_id).where(Enrolment.group_id == self.group.id)))


@pytest.fixture
def world(client: PageClient, sign_in: SignIn) -> World:
    return World(client, sign_in)


def test_the_list_says_who_waits_for_what_and_how_long(world: World) -> None:
    text = world.client.get("/wachtlijst").get_data(as_text=True)
    for said in ("Amina Yusuf", "NT2 A2", "1 nov 2026", "19 dagen", "Liefst in de avond."):
        assert said in text
    assert "Wachtlijst" in world.client.get(f"/cursisten/{world.waiting.id}").get_data(as_text=True)


def test_for_which_group_she_waits_stands_where_she_is_placed_and_in_her_record(world: World) -> None:
    world.add(course_id=str(world.course.id), group_id=str(world.group.id), since_on="2026-11-10")
    with in_school(LEST_BEST):
        entry_id = session.scalars(select(WaitingEntry.id).where(WaitingEntry.learner_id == world.new.id)).one()
    asked, record = (
        world.client.get(f"/wachtlijst/{entry_id}").text,
        world.client.get(f"/cursisten/{world.new.id}").text,
    )
    assert "A2 ochtend" in asked.partition('class="data card"')[2].partition("</dl>")[0]
    assert "A2 ochtend" in record


def test_it_is_sorted_by_waiting_time_and_narrowed(world: World) -> None:
    with in_school(LEST_BEST):
        longer, client = make_person("Chen", "Wu"), make_organisation("Gemeente Zeist")
        make_waiting(longer, since_on=date(2026, 9, 1))
        make_trajectory(longer, client_id=client.id, route=Route.Z)

    def names(**asked: Any) -> list[str]:
        text = world.client.get("/wachtlijst", query_string=asked).get_data(as_text=True)
        places = {name: text.find(f">{name}</bdi></a>") for name in ("Amina Yusuf", "Chen Wu")}
        return sorted((name for name, at in places.items() if at >= 0), key=lambda name: places[name])

    assert names() == ["Chen Wu", "Amina Yusuf"]
    assert names(volgorde="-since") == ["Amina Yusuf", "Chen Wu"]
    assert names(cursus=str(world.course.id)) == ["Amina Yusuf"]
    assert names(opdrachtgever=str(client.id)) == ["Chen Wu"]
    assert names(leerroute="z") == ["Chen Wu"]
    assert names(leerroute="b1") == []
    assert names(cursus="geen-id", leerroute="x\0") == ["Chen Wu", "Amina Yusuf"]


def test_somebody_is_put_on_it_once(world: World) -> None:
    given = {"course_id": str(world.course.id), "group_id": str(world.group.id), "since_on": "2026-11-10"}
    assert world.add(**given, wish=" Snel ").status_code == 303
    with in_school(LEST_BEST):
        row = session.scalars(select(WaitingEntry).where(WaitingEntry.learner_id == world.new.id)).one()
        added = session.scalars(select(AuditEvent.event).where(AuditEvent.event == "learners.waiting_added")).all()
    assert (row.course_id, row.group_id, row.since_on, row.wish) == (
        world.course.id, world.group.id, date(2026, 11, 10), "Snel",
    )  # fmt: skip
    assert row.added_by_name == world.office.name
    assert len(added) == 1

    again = world.add(**given)
    assert again.status_code == 422
    assert "wacht al op deze cursus" in again.get_data(as_text=True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"course_id": ""}, "Kies een cursus."),
        ({"since_on": "2026-11-21"}, "Kies vandaag of een eerdere dag."),
        ({"since_on": "31-2"}, "geen datum"),
        ({"wish": "x" * 201}, "200"),
        ({"wish": "Kan niet lang zitten door rugpijn."}, "Haal dit woord weg: rugpijn."),
        ({"group_id": "other"}, "volgt een andere cursus"),
        ({"group_id": str(new_id())}, "Kies een van de mogelijkheden."),
        ({"course_id": str(new_id())}, "Kies een van de mogelijkheden."),
    ],
)
def test_what_cannot_be_is_refused_and_kept(world: World, given: dict[str, str], said: str) -> None:
    sent = {"course_id": str(world.course.id), "since_on": "2026-11-10", "wish": "Liefst overdag", **given}
    if sent.get("group_id") == "other":
        sent["group_id"] = str(world.other.id)
    refused = world.add(**sent)
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert said in text
    assert sent["wish"][:14] in text
    with in_school(LEST_BEST):
        assert len(session.scalars(select(WaitingEntry)).all()) == 1


def test_placing_enrols_her_and_takes_her_off_in_one(world: World) -> None:
    assert world.send("plaatsen", group_id=str(world.group.id), starts_on="2026-11-23").status_code == 303
    row = world.row()
    assert (row.ended_on, row.end_reason) == (today(), WaitingEnd.PLACED)
    assert world.enrolled() == [world.waiting.id]
    assert "Amina Yusuf" not in world.client.get("/wachtlijst").get_data(as_text=True)


def test_a_full_group_is_asked_about_and_meanwhile_she_waits(world: World) -> None:
    with in_school(LEST_BEST):
        enrol(world.new, world.group)
    given = {"group_id": str(world.group.id), "starts_on": "2026-11-23"}
    refused = world.send("plaatsen", **given)
    assert refused.status_code == 422
    assert "Er zijn 1 van de 1 plaatsen bezet" in refused.get_data(as_text=True)
    assert world.row().is_waiting
    assert world.enrolled() == [world.new.id]

    assert world.send("plaatsen", **given, despite="y").status_code == 303
    assert not world.row().is_waiting


def test_a_stale_form_places_or_takes_off_nobody_twice(world: World) -> None:
    hidden = hidden_in(world.client.get(world.url()), f"{world.url()}/plaatsen")
    assert world.send("eraf", reason="withdrawn").status_code == 303
    given = {**hidden, "group_id": str(world.group.id), "starts_on": "2026-11-23"}
    late = world.client.post(f"{world.url()}/plaatsen", given)
    assert late.status_code == 422
    assert "staat niet meer op de wachtlijst" in late.get_data(as_text=True)
    assert world.enrolled() == []
    assert world.client.post(f"{world.url()}/eraf", {"reason": "other"}).status_code == 422
    assert world.row().end_reason is WaitingEnd.WITHDRAWN


@pytest.mark.parametrize("reason", ["", "placed", "ziek", "x" * 500])
def test_she_is_taken_off_with_a_reason_of_the_list_alone(world: World, reason: str) -> None:
    assert world.send("eraf", reason=reason).status_code == 422
    assert world.row().is_waiting


def test_a_teacher_may_not_and_another_school_finds_nothing(
    world: World, client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    teacher, other = client_at("lest-best"), client_at("meester-in-nt2")
    by = sign_in(teacher, "teacher")
    sign_in(other, "administration")
    with in_school(LEST_BEST):
        make_teacher_of(world.group, by)
    for client, status in ((teacher, 403), (other, 404)):
        assert client.get(world.url()).status_code == status
        assert client.post(f"{world.url()}/eraf", {"reason": "other"}).status_code == status
        assert client.get(f"/cursisten/{world.waiting.id}/wachtlijst").status_code == status
    assert teacher.get("/wachtlijst").status_code == 403
    assert "Amina" not in other.get("/wachtlijst").get_data(as_text=True)
    assert world.row().is_waiting


def test_the_learner_reads_that_she_waits_and_for_what(
    world: World, client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    own = client_at("lest-best")
    sign_in(own, "learner", learner=world.waiting)
    lessons = own.get("/mijn/lessen").get_data(as_text=True)
    assert "U staat op de wachtlijst voor <bdi" in lessons
    assert "1 november 2026" in lessons
    data = own.get("/mijn/gegevens/alles").get_data(as_text=True)
    assert "Liefst in de avond." in data
    world.send("eraf", reason="elsewhere")
    assert "wachtlijst voor" not in own.get("/mijn/lessen").get_data(as_text=True)
    assert "gaat naar een andere school" in own.get("/mijn/gegevens/alles").get_data(as_text=True)


@pytest.mark.parametrize("size", [1, 12])
def test_the_list_takes_as_many_statements_whatever_its_length(
    world: World, size: int, count_statements: Callable[[], Any]
) -> None:
    with in_school(LEST_BEST):
        for at in range(size):
            make_waiting(make_person("Cursist", f"{at:03d}"), world.course)
    world.client.get("/wachtlijst")
    with count_statements() as statements:
        world.client.get("/wachtlijst")
    assert len(statements) <= 9, statements
