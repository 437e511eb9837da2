"""The page on which somebody hands over: what it shows, stores once, and refuses."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.clock import now
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import GroupTeacher
from portal.learners.caseloads.models import Coaching
from portal.progress.appointments.models import Appointment
from portal.signals.models import Signal, SignalKind
from tests.conftest import school_id
from tests.factories.accounts import make_account
from tests.factories.caseloads import make_coach, make_coach_substitute, make_coaching
from tests.factories.courses import enrol, make_group, make_lesson, make_teacher_of
from tests.factories.evaluations import make_joint_evaluation
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("step-inburgering")  # which keeps appointments


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


@pytest.fixture
def client(client_at: Callable[[str], PageClient]) -> PageClient:
    return client_at("step-inburgering")


class World:
    """Tess teaches a group, takes over a lesson and coaches one learner; Noor teaches, Daan coaches."""

    def __init__(self) -> None:
        with in_school(HERE):
            self.tess = make_account("Tess Jansen", "teacher", "coach", email="tess@example.org")
            self.noor = make_account("Noor Bakker", "teacher", email="noor@example.org")
            self.daan, self.roos = make_coach("Daan Smit"), make_coach("Roos Willems")
            self.group, self.amina = make_group("A2 ochtend"), make_learner()
            self.row = make_teacher_of(self.group, self.tess)
            make_lesson(self.group, held_on=date(2026, 12, 7))
            make_lesson(make_group("B1"), held_on=date(2026, 12, 4), substitute_id=self.tess.id)
            make_coaching(self.amina, self.tess)
            self.stands_in = make_coach_substitute(self.tess, self.roos, ends_on=date(2026, 12, 20))
            self._waits()

    def _waits(self) -> None:
        evaluation = make_joint_evaluation(self.amina)
        evaluation.enrolment_id = enrol(self.amina, self.group).id
        signal = Signal(
            learner_id=self.amina.id, kind=SignalKind.NO_CONTACT, facts={"days": 40}, raised_at=now(), seen_at=now()
        )
        meets = Appointment(learner_id=self.amina.id, starts_at=now() + timedelta(days=20), subject="Voortgang")
        session.add_all([signal, meets])
        session.flush()

    @property
    def page(self) -> str:
        return f"/overdragen/{self.tess.id}"

    def all(self) -> dict[str, str]:
        return {
            "starts_on": "2026-12-01",
            f"groep-{self.row.id}-to": str(self.noor.id),
            "lessen-to": str(self.noor.id),
            "cursisten-to": str(self.daan.id),
            f"vervanging-{self.stands_in.id}-to": "niemand",
        }


@pytest.fixture
def world(database: Any) -> World:
    return World()


def rows(model: Any) -> list[Any]:
    with in_school(HERE):
        return list(session.scalars(select(model).order_by(model.starts_on, model.id)))


def test_the_page_shows_what_she_has_and_what_goes_along(client: PageClient, sign_in: SignIn, world: World) -> None:
    sign_in(client, "administration")
    assert world.page in client.get("/overdragen").text
    text = client.get(world.page).text
    for said in (
        "A2 ochtend", "1 les gepland · 1 evaluatie wacht, en gaat mee", "1 les, op vrijdag 4 december",
        "1 cursist · 1 open signaal gaat mee · 1 afspraak gaat mee", "Vervangt Roos Willems",
    ):  # fmt: skip
        assert said in text
    assert text.count("Noor Bakker") == 2
    assert "Yusuf" not in text


def test_all_is_handed_over_once_and_said(client: PageClient, sign_in: SignIn, world: World) -> None:
    sign_in(client, "administration")
    first, second = client.post(world.page, world.all()), client.post(world.page, world.all())

    assert (first.status_code, second.status_code) == (303, 303)
    assert second.location == first.location
    assert [row.account_id for row in rows(GroupTeacher)] == [world.tess.id, world.noor.id]
    assert [row.account_id for row in rows(Coaching)] == [world.tess.id, world.daan.id]
    text = client.get(str(first.location)).text
    for said in (
        "A2 ochtend", "1 les als vervanger", "1 cursist", "de vervanging van", "aan niemand", "Daan Smit",
    ):  # fmt: skip
        assert said in text
    assert client.get(f"{world.page}?gedaan={new_id()}").status_code == 404


def test_management_sees_groups_and_no_learners(client: PageClient, sign_in: SignIn, world: World) -> None:
    sign_in(client, "management")
    text = client.get(world.page).text
    assert "1 les gepland" in text
    assert "evaluatie" not in text
    assert "cursisten-to" not in text
    assert "draagt de administratie over" in text
    sent = {name: value for name, value in world.all().items() if not name.startswith("vervanging")}
    answer = client.post(world.page, sent)
    assert len(rows(Coaching)) == 1
    assert "A2 ochtend" in client.get(str(answer.location)).text


def test_lessons_at_the_same_time_are_said_and_confirmed(client: PageClient, sign_in: SignIn, world: World) -> None:
    with in_school(HERE):
        other = make_group("B1 avond")
        make_teacher_of(other, world.noor)
        make_lesson(other, held_on=date(2026, 12, 7))
    sign_in(client, "administration")

    asked = client.post(world.page, world.all())

    assert asked.status_code == 422
    assert "Noor Bakker geeft op maandag 7 december" in asked.text
    assert len(rows(Coaching)) == 1
    assert client.post(world.page, {**world.all(), "despite": "y"}).status_code == 303


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"starts_on": "2026-11-19"}, "Kies vandaag of een latere dag."),
        ({"starts_on": ""}, "Kies een dag."),
        ({"starts_on": "2027-01-01"}, "Dit is dan al voorbij."),
        ({"lessen-to": "x" * 2000}, "Kies een van de mogelijkheden."),
        ({"cursisten-to": str(new_id())}, "Kies een van de mogelijkheden."),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_moves(
    client: PageClient, sign_in: SignIn, world: World, changed: dict[str, str], said: str
) -> None:
    sign_in(client, "administration")
    answer = client.post(world.page, {**world.all(), **changed})
    assert answer.status_code == 422
    assert said in answer.text
    assert (len(rows(GroupTeacher)), len(rows(Coaching))) == (1, 1)


def test_nothing_chosen_is_refused(client: PageClient, sign_in: SignIn, world: World) -> None:
    sign_in(client, "administration")
    answer = client.post(world.page, {"starts_on": "2026-12-01"})
    assert answer.status_code == 422
    assert "Kies bij minstens één onderdeel wie het overneemt." in answer.text


def test_who_may_not_and_another_school_get_nothing(
    client: PageClient, sign_in: SignIn, client_at: Callable[[str], PageClient], world: World
) -> None:
    sign_in(client, "coach")
    assert client.get(world.page).status_code in {403, 404}
    assert client.post(world.page, world.all()).status_code in {403, 404}
    other = client_at("meester-in-nt2")
    sign_in(other, "administration")
    assert other.get(world.page).status_code == 404
    assert other.post(world.page, world.all()).status_code == 404
