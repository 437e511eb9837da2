"""Several members of a group at once: seen first, done once, taken back within a day for who wasn't changed since."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.mail import Mail
from portal.courses.models import LearnerGroup
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.purposes.objections.services import make_objections
from portal.schools.queries import SchoolView
from tests.factories.consent import as_learner
from tests.factories.courses import enrol, make_group
from tests.factories.learners import make_learner
from tests.page_client import PageClient, hidden_in

DAY = timedelta(days=1)
BEGAN = date(2026, 11, 1)
ON = "2026-11-23"


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


class World:
    """A group with three in it, of whom one begins later, and another group."""

    def __init__(self, client: PageClient) -> None:
        self.client = client
        self.group, self.other = make_group("A2 ochtend"), make_group("A2 avond")
        self.group_id = self.group.id
        self.people = [self.learner(name) for name in ("Amina", "Bilal", "Chen")]
        begins = (BEGAN, BEGAN, date(2026, 12, 1))
        rows = zip(self.people, begins, strict=True)
        self.rows = [enrol(learner, self.group, starts_on=day) for learner, day in rows]
        self.ids = [str(row.id) for row in self.rows]
        checkpoint()

    @staticmethod
    def learner(name: str, **values: Any) -> Learner:
        return make_learner(name, "Haddad", **{"email": f"{name.lower()}@example.org", **values})

    def url(self, change: str) -> str:
        return f"/groepen/{self.group_id}/samen/{change}"

    def check(self, change: str, ids: list[str] | None = None, **given: str) -> Any:
        """Tick people, fill in the form, and return the page that shows whom it concerns."""
        ticked = {"inschrijving": self.ids if ids is None else ids}
        asked = self.client.post(self.url(change), ticked)
        hidden = hidden_in(asked, self.url(change)) if asked.status_code == 200 else {}
        return self.client.post(self.url(change), {**hidden, **ticked, "nakijken": "1", **given})

    def do(self, change: str, checked: Any) -> Any:
        """Press the button of that page."""
        text = checked.get_data(as_text=True)
        hidden = hidden_in(checked, self.url(f"{change}/doen"))
        named = [each for each in self.ids if f'value="{each}"' in text]
        return self.client.post(self.url(f"{change}/doen"), {**hidden, "inschrijving": named})

    def places(self) -> list[tuple[str, str, date | None]]:
        """Who is in which group until when."""
        session.expire_all()
        wanted = (
            select(Learner.given_name, LearnerGroup.name, Enrolment.ends_on)
            .join(Learner, Learner.id == Enrolment.learner_id)
            .join(LearnerGroup, LearnerGroup.id == Enrolment.group_id)
            .order_by(Learner.given_name, Enrolment.starts_on)
        )
        return [tuple(row) for row in session.execute(wanted)]


@pytest.fixture
def world(client: PageClient, sign_in: Any, school: SchoolView) -> World:
    sign_in(client, "administration")
    return World(client)


BEFORE = [("Amina", "A2 ochtend", None), ("Bilal", "A2 ochtend", None), ("Chen", "A2 ochtend", None)]


def taken_back(world: World, done: Any) -> str:
    """Press "Ongedaan maken" on the page that follows, and return what the page after that says."""
    text = world.client.get(done.headers["Location"]).get_data(as_text=True)
    path = text.split(f'action="/groepen/{world.group_id}/samen/terug/')[1].split('"')[0]
    answer = world.client.post(world.url(f"terug/{path}"))
    return str(world.client.get(answer.headers["Location"]).get_data(as_text=True))


def test_many_move_after_a_page_that_says_who_and_who_not(world: World) -> None:
    checked = world.check("verplaatsen", to_group_id=str(world.other.id), on=ON)
    text = checked.get_data(as_text=True)
    assert "2 cursisten doen mee" in text
    assert "Chen Haddad</bdi>: is dan nog niet begonnen in deze groep" in text
    assert world.places() == BEFORE

    done = world.do("verplaatsen", checked)
    assert done.status_code == 303
    moved = [("A2 ochtend", date(2026, 11, 22)), ("A2 avond", None)]
    assert world.places() == [(name, *place) for name in ("Amina", "Bilal") for place in moved] + BEFORE[2:]
    world.do("verplaatsen", checked)
    assert len(world.places()) == 5

    assert "Ongedaan gemaakt voor 2 cursisten" in taken_back(world, done)
    assert world.places() == BEFORE


def test_who_was_changed_since_stays_as_she_is(world: World) -> None:
    done = world.do("verplaatsen", world.check("verplaatsen", to_group_id=str(world.other.id), on=ON))
    [changed] = [row for row in session.scalars(select(Enrolment)) if row.group_id == world.other.id][:1]
    changed.ends_on = date(2026, 12, 24)
    checkpoint()
    said = taken_back(world, done)
    assert "Ongedaan gemaakt voor 1 cursist" in said
    assert "Niet ongedaan gemaakt voor 1 cursist" in said
    assert len(world.places()) == 4


def test_many_end_with_a_reason_and_come_back(world: World) -> None:
    assert world.check("uitschrijven", ends_on=ON, reason="").status_code == 422
    checked = world.check("uitschrijven", ends_on=ON, reason="finished")
    assert "klaar met de cursus" in checked.get_data(as_text=True)
    done = world.do("uitschrijven", checked)
    ended = date(2026, 11, 23)
    assert world.places() == [("Amina", "A2 ochtend", ended), ("Bilal", "A2 ochtend", ended), BEFORE[2]]
    [entry] = session.scalars(select(AuditEvent).where(AuditEvent.event == "learners.left_together"))
    assert entry.facts["reason"] == "finished"
    assert "Ongedaan gemaakt voor 2 cursisten" in taken_back(world, done)
    assert world.places() == BEFORE


def test_after_a_day_nothing_is_taken_back(world: World, clock: Callable[[datetime], None], sign_in: Any) -> None:
    done = world.do("uitschrijven", world.check("uitschrijven", ends_on=ON, reason="other"))
    page = world.client.get(done.headers["Location"]).get_data(as_text=True)
    path = page.split("/samen/terug/")[1].split('"')[0]
    clock(datetime(2026, 11, 21, 11, 1, tzinfo=UTC))
    sign_in(world.client, "administration")
    late = world.client.post(world.url(f"terug/{path}"))
    assert "niet meer ongedaan worden gemaakt" in world.client.get(late.headers["Location"]).get_data(as_text=True)
    assert world.places()[0][2] is not None


def test_enrolling_many_is_taken_back(world: World) -> None:
    new = World.learner("Dilan")
    checkpoint()
    url = f"/groepen/{world.group_id}/cursisten?groep=geen"
    hidden = hidden_in(world.client.get(url))
    done = world.client.post(url, {**hidden, "starts_on": today().isoformat(), "cursist": [str(new.id)]})
    assert len(world.places()) == 4
    assert "Ongedaan gemaakt voor 1 cursist" in taken_back(world, done)
    assert world.places() == BEFORE


def test_each_gets_a_mail_of_her_own_after_a_page_that_says_who(world: World) -> None:
    extra = {"Eva": {"email": None}, "Femke": {"birth_date": date(2015, 1, 1)}, "Gita": {"email": "amina@example.org"}}
    rows = [enrol(World.learner(name, **values), world.group, starts_on=BEGAN) for name, values in extra.items()]
    checkpoint()
    ids = [*world.ids, *(str(row.id) for row in rows)]
    text = "De les begint om 10 uur.\nNeem uw boek mee."
    checked = world.check("mailen", ids, purpose="course", subject="Morgen later", text=text)
    shown = checked.get_data(as_text=True)
    assert "2 cursisten doen mee" in shown
    for why in (
        "Eva Haddad</bdi>: heeft geen e-mailadres",
        "Femke Haddad</bdi>: jonger dan 16",
        "Gita Haddad</bdi>: deelt",
    ):
        assert why in shown
    assert not list(session.scalars(select(Mail)))

    assert world.do("mailen", checked).status_code == 303
    world.do("mailen", checked)
    sent = list(session.scalars(select(Mail).where(Mail.template == "learners/message")))
    assert {mail.learner_id for mail in sent} == {world.people[1].id, world.people[2].id}
    [entry] = session.scalars(select(AuditEvent).where(AuditEvent.event == "learners.mailed"))
    assert set(entry.learner_ids) == {mail.learner_id for mail in sent}


def test_nobody_too_many_and_strangers_are_refused(world: World) -> None:
    stranger, other_id = enrol(World.learner("Hana"), world.other, starts_on=BEGAN), world.other.id
    too_many = [str(new_id()) for _ in range(201)]
    stranger_id = str(stranger.id)
    checkpoint()
    nobody = world.client.post(world.url("verplaatsen"), {})
    assert nobody.status_code == 422
    assert "Zet een vinkje bij wie u bedoelt." in nobody.get_data(as_text=True)
    many = world.client.post(world.url("mailen"), {"inschrijving": too_many})
    assert many.status_code == 422
    assert world.client.post(world.url("mailen"), {"inschrijving": [stranger_id]}).status_code == 404
    late = world.check("verplaatsen", to_group_id=str(other_id), on="")
    assert late.status_code == 422


def test_a_teacher_changes_nobody(client: PageClient, sign_in: Any, world: World) -> None:
    sign_in(client, "teacher")
    for change in ("verplaatsen", "uitschrijven", "mailen"):
        assert client.post(world.url(change), {"inschrijving": world.ids}).status_code == 403
        assert client.post(world.url(f"{change}/doen"), {"inschrijving": world.ids}).status_code == 403


def test_who_said_no_to_the_purpose_gets_no_mail(world: World) -> None:
    chen = world.people[2]
    make_objections(chen.id, ["efficiency"], data_request_id=None, by=as_learner(chen))
    checkpoint()
    wanted = {"subject": "Nieuw", "text": "Wij werken nu sneller."}
    assert world.check("mailen", **wanted).status_code == 422
    assert world.check("mailen", purpose="duo", **wanted).status_code == 422
    checked = world.check("mailen", purpose="efficiency", **wanted)
    assert "Chen Haddad</bdi>: zei nee tegen dit doel" in checked.get_data(as_text=True)
    assert world.do("mailen", checked).status_code == 303
    sent = set(session.scalars(select(Mail.learner_id).where(Mail.template == "learners/message")))
    assert sent == {each.id for each in world.people[:2]}
