"""Several of the learners that were found at once: enrolled, moved, invited, written to, over the pages of a search."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.db.base import new_id
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.mail import Mail
from portal.courses.models import LearnerGroup
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.courses import enrol, make_group
from tests.factories.learners import make_learner, make_organisation, make_trajectory
from tests.page_client import PageClient, hidden_in

BEGAN = date(2026, 11, 1)
ON = "2026-11-23"


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


class World:
    """Two groups; one learner in the first, one in both, one in none."""

    def __init__(self, client: PageClient) -> None:
        self.client = client
        self.morning, self.evening = make_group("A2 ochtend"), make_group("A2 avond")
        self.amina, self.bilal, self.chen = (self.learner(name) for name in ("Amina", "Bilal", "Chen"))
        enrol(self.amina, self.morning, starts_on=BEGAN)
        for group in (self.morning, self.evening):
            enrol(self.bilal, group, starts_on=BEGAN)
        self.ids = [str(each.id) for each in (self.amina, self.bilal, self.chen)]
        self.evening_id, self.morning_id = str(self.evening.id), str(self.morning.id)
        checkpoint()

    @staticmethod
    def learner(name: str, **values: Any) -> Learner:
        return make_learner(name, "Haddad", **{"email": f"{name.lower()}@example.org", **values})

    def check(self, change: str, ids: list[str] | None = None, asked: str = "", **given: str) -> Any:
        """Tick people, fill in the form, and return the page that shows whom it concerns."""
        url = f"/cursisten/samen/{change}{asked}"
        ticked = {"cursist": self.ids if ids is None else ids} | ({"allen": "1"} if ids == [] else {})
        first = self.client.post(url, ticked)
        assert first.status_code == 200, first.text
        shown = re.findall(r'name="cursist" value="([^"]*)"', first.text)
        return self.client.post(url, {**hidden_in(first, url), "cursist": shown, "nakijken": "1", **given})

    def do(self, checked: Any) -> Any:
        """Press the button of that page."""
        url = re.findall(r'<form method="post" action="([^"]*)"', checked.text)[-1].replace("&amp;", "&")
        named = re.findall(r'name="cursist" value="([^"]*)"', checked.text)
        return self.client.post(url, {**hidden_in(checked, url), "cursist": named})

    def places(self, learner: Learner) -> list[tuple[str, date | None]]:
        wanted = (
            select(LearnerGroup.name, Enrolment.ends_on)
            .join(LearnerGroup, LearnerGroup.id == Enrolment.group_id)
            .where(Enrolment.learner_id == learner.id)
            .order_by(Enrolment.starts_on, LearnerGroup.name)
        )
        session.expire_all()
        return [tuple(row) for row in session.execute(wanted)]

    def take_back(self, done: Any) -> str:
        text = self.client.get(done.headers["Location"]).text
        path = re.findall(r'action="(/groepen/[^"]*/samen/terug/[^"]*)"', text)[0]
        return str(self.client.get(self.client.post(path).headers["Location"]).text)


@pytest.fixture
def world(client: PageClient, sign_in: Any, school: SchoolView) -> World:
    sign_in(client, "administration")
    return World(client)


def test_the_list_offers_what_can_be_done(world: World, sign_in: Any) -> None:
    text = world.client.get("/cursisten?zoek=haddad").text
    assert re.findall(r'name="cursist" value="([^"]*)" form="found"', text) == world.ids
    for change in ("inschrijven", "verplaatsen", "mailen"):
        assert f'action="/cursisten/samen/{change}?zoek=haddad"' in text
    assert 'action="/cursisten/uitnodigen/nakijken?zoek=haddad"' in text
    sign_in(world.client, "privacy_officer")
    assert 'name="cursist"' not in world.client.get("/cursisten?zoek=haddad").text


def test_who_was_found_is_enrolled_after_a_page_that_says_who_not(world: World) -> None:
    for name in ("Gemeente Utrecht", "Gemeente Zeist"):
        make_trajectory(world.bilal, client_id=make_organisation(name).id)
    checkpoint()
    checked = world.check("inschrijven", group_id=world.morning_id, starts_on=ON)
    assert "1 cursist doet mee" in checked.text
    assert "Amina Haddad</bdi>: zit dan al in die groep" in checked.text
    assert "Bilal Haddad</bdi>: meer opdrachtgevers betalen" in checked.text
    assert world.places(world.chen) == []

    done = world.do(checked)
    assert done.headers["Location"].startswith(f"/groepen/{world.morning_id}/cursisten?gedaan=")
    assert world.places(world.chen) == [("A2 ochtend", None)]
    assert "Ongedaan gemaakt voor 1 cursist" in world.take_back(done)
    assert world.places(world.chen) == []


def test_who_was_found_moves_from_the_group_that_she_is_in(world: World) -> None:
    checked = world.check("verplaatsen", to_group_id=world.evening_id, on=ON)
    assert "1 cursist doet mee" in checked.text
    assert "Bilal Haddad</bdi>: zit in meer groepen" in checked.text
    assert "Chen Haddad</bdi>: zit in geen groep" in checked.text

    done = world.do(checked)
    assert world.places(world.amina) == [("A2 ochtend", date(2026, 11, 22)), ("A2 avond", None)]
    world.do(checked)
    assert len(world.places(world.amina)) == 2
    assert "Ongedaan gemaakt voor 1 cursist" in world.take_back(done)
    assert world.places(world.amina) == [("A2 ochtend", None)]


FREE = {"purpose": "course", "subject": "Vrij", "text": "Morgen is er geen les."}


def test_who_was_found_gets_a_mail_of_her_own(world: World) -> None:
    child = World.learner("Dilan", birth_date=date(2016, 1, 1))
    checkpoint()
    checked = world.check("mailen", [*world.ids, str(child.id)], **FREE)
    assert "3 cursisten doen mee" in checked.text
    assert "Dilan Haddad</bdi>: jonger dan 16" in checked.text
    assert not list(session.scalars(select(Mail)))

    assert world.do(checked).headers["Location"] == "/cursisten"
    world.do(checked)
    sent = session.scalars(select(Mail.learner_id).where(Mail.template == "learners/message")).all()
    assert {str(each) for each in sent} == set(world.ids)
    assert len(sent) == 3
    [entry] = session.scalars(select(AuditEvent).where(AuditEvent.event == "learners.mailed"))
    assert {str(each) for each in entry.learner_ids} == set(world.ids)


def test_from_her_own_list_a_mail_leads_back_to_it(world: World) -> None:
    checked = world.check("mailen", asked="?vanuit=mijn", **FREE)
    assert 'href="/mijn/cursisten"' in checked.text
    assert world.do(checked).headers["Location"] == "/mijn/cursisten"


def test_all_who_were_found_are_meant_over_the_pages(world: World) -> None:
    for number in range(60):
        make_learner(f"Omar {number:02}", "Tesfaye", email=f"omar{number}@example.org")
    checkpoint()
    text = world.client.get("/cursisten?zoek=tesfaye").text
    assert "Alle 60 die gevonden zijn" in text

    checked = world.check("mailen", [], asked="?zoek=tesfaye", **FREE)
    assert "60 cursisten doen mee" in checked.text
    assert "Haddad" not in checked.text
    invited = world.client.post("/cursisten/uitnodigen/nakijken?zoek=tesfaye", {"allen": "1"})
    assert "60 cursisten krijgen een e-mail" in invited.text


def test_nobody_too_many_and_strangers_are_refused(world: World, sign_in: Any) -> None:
    url = "/cursisten/samen/mailen"
    nobody = world.client.post(url, {})
    assert (nobody.status_code, "Zet een vinkje bij wie u bedoelt." in nobody.text) == (422, True)
    assert world.client.post(url, {"cursist": [str(new_id()) for _ in range(201)]}).status_code == 422
    assert world.client.post(url, {"cursist": [str(new_id())]}).status_code == 404
    sign_in(world.client, "teacher")
    for change in ("inschrijven", "verplaatsen", "mailen", "verplaatsen/doen", "mailen/doen"):
        assert world.client.post(f"/cursisten/samen/{change}", {"cursist": world.ids}).status_code == 403
