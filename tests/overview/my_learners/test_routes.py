"""The coach's list: whom it shows, what of them, how it is kept and taken, and what it costs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.attendance.models import Status
from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.learners.caseloads.models import CoachSubstitute
from portal.learners.record.models import Learner
from portal.progress.appointments.models import Appointment
from portal.progress.models import Level, LevelSource, Rung, Skill
from portal.schools.queries import SchoolView
from portal.signals.models import SignalKind
from tests.factories.attendance import make_mark
from tests.factories.caseloads import make_coach, make_coach_substitute, make_coaching
from tests.factories.courses import enrol, make_group, make_lesson
from tests.factories.learners import make_learner, make_trajectory
from tests.house.rows import make_row
from tests.page_client import PageClient
from tests.signing_in import SignIn

PAGE = "/mijn/cursisten"


class World:
    """A coach with Amina, who came to one of her two lessons; her colleague has Chen."""

    def __init__(self, me: Any) -> None:
        self.me, self.roos = me, make_coach()
        self.group = make_group("A2 ochtend")
        self.lessons = [make_lesson(self.group, held_on=today() - timedelta(days=days)) for days in (9, 7, 2)]
        self.amina, self.chen = self.learner("Amina"), make_learner("Chen", "Wei")
        make_coaching(self.amina, me)
        make_coaching(self.chen, self.roos)

    def learner(self, name: str) -> Learner:
        learner = make_learner(name, "Haddad")
        enrol(learner, self.group, starts_on=today() - timedelta(days=30))
        make_mark(self.lessons[0], learner, minutes=165)
        make_mark(self.lessons[1], learner, Status.ABSENT, minutes=0)
        make_trajectory(learner, hours_bought=200, minutes_before=60)
        for level, days in ((Rung.A1, 90), (Rung.A2, 5)):
            signed = {"entered_by_name": "Tess", "entered_at": now()}
            found_on = today() - timedelta(days=days)
            session.add(
                Level(learner_id=learner.id, skill=Skill.READING, level=level, source=LevelSource.TEST,
                      found_on=found_on, **signed)
            )  # fmt: skip
        session.add(Appointment(learner_id=learner.id, starts_at=now() + timedelta(hours=50), subject="Voortgang"))
        session.flush()
        return learner


@pytest.fixture
def world(client: PageClient, sign_in: SignIn, school: SchoolView) -> World:
    made = World(sign_in(client, "coach"))
    checkpoint()
    return made


def test_her_learners_stand_there_with_what_is_known(client: PageClient, world: World) -> None:
    text = client.get(PAGE).text
    assert "Amina Haddad" in text
    assert "Chen" not in text
    assert "Laatste 3 lessen: 1 keer aanwezig, 1 keer afwezig, 1 les nog niet ingevuld" in text
    assert "50%" in text
    assert "A1 → A2" in text
    assert "4 van 200 uur" in text
    assert "A2 ochtend" in text
    assert client.get("/").headers["Location"] == PAGE
    [entry] = session.scalars(select(AuditEvent).where(AuditEvent.facts["what"].astext == "overview.my_learners"))
    assert entry.learner_ids == [world.amina.id]


def test_who_stands_in_sees_both_lists_for_as_long(client: PageClient, world: World) -> None:
    make_coach_substitute(world.me, world.roos)
    checkpoint()
    text = client.get(f"{PAGE}?toon=vervanging").text
    assert 'voor <bdi translate="no">Roos Willems</bdi>' in text
    assert "Chen Wei" in text
    assert "Amina" not in text
    session.execute(update(CoachSubstitute).values(ends_on=today() - timedelta(days=1)))
    checkpoint()
    assert "Chen" not in client.get(PAGE).text


def test_a_pill_narrows_in_place(client: PageClient, world: World) -> None:
    part = client.get(f"{PAGE}?toon=eindigt", htmx=True).text
    assert part.lstrip().startswith('<div id="my_learners"')
    assert "Er is nu geen cursist die hierbij past." in part
    assert client.get(f"{PAGE}?volgorde=onzin").status_code == 422


def test_who_asks_attention_comes_first(client: PageClient, world: World) -> None:
    bilal = world.learner("Bilal")
    make_coaching(bilal, world.me)
    make_row("signal", learner_id=bilal.id, kind=SignalKind.NOT_SEEN, facts={"lessons": 4})
    checkpoint()
    text = client.get(PAGE).text
    assert text.index("Bilal Haddad") < text.index("Amina Haddad")
    assert "niet gezien" in text
    assert "Een signaal is een vraag aan u, nooit een maatregel." in text
    assert "Amina" not in client.get(f"{PAGE}?toon=aandacht", htmx=True).text


def test_a_view_is_kept(client: PageClient, world: World) -> None:
    answer = client.post(f"{PAGE}/weergave?toon=alle&volgorde=-name")
    text = client.get(answer.headers["Location"]).text
    assert "Zo vindt u de lijst voortaan." in text
    assert 'aria-sort="descending"' in text


def test_the_list_goes_out_as_a_file(client: PageClient, world: World) -> None:
    page = client.get(f"{PAGE}/ophalen?volgorde=name").text
    assert "Laatst aanwezig" in page
    answer = client.post(f"{PAGE}/ophalen?volgorde=name", {"purpose": "guidance", "vorm": "csv"})
    if answer.status_code == 422:
        purpose = page.partition('name="purpose"')[2].partition('value="')[2].partition('"')[0]
        answer = client.post(f"{PAGE}/ophalen?volgorde=name", {"purpose": purpose, "vorm": "csv"})
    assert "Amina Haddad;A2 ochtend" in answer.get_data(as_text=True)


def test_an_empty_list_says_what_to_do(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    sign_in(client, "coach")
    assert "U hebt nog geen cursisten" in client.get(PAGE).text


@pytest.mark.parametrize("role", ["teacher", "administration", "management", "privacy_officer"])
def test_the_list_is_for_coaches(client: PageClient, sign_in: SignIn, school: SchoolView, role: str) -> None:
    sign_in(client, role)
    assert client.get(PAGE).status_code == 403


def test_attendance_opens_for_a_coach(client: PageClient, world: World) -> None:
    assert "165" in client.get(f"/cursisten/{world.amina.id}/presentie").text
    today_page = client.get("/vandaag").text
    assert "wie u begeleidt" in today_page
    assert f'href="{PAGE}"' in today_page


def test_the_statements_do_not_grow_with_her_learners(
    client: PageClient, world: World, count_statements: Callable[[], Any]
) -> None:
    client.get(PAGE)
    with count_statements() as of_one:
        client.get(PAGE)
    for number in range(5):
        make_coaching(world.learner(f"Bilal{number}"), world.me)
    client.get(PAGE)
    with count_statements() as of_six:
        client.get(PAGE)
    assert len(of_six) == len(of_one) <= 10
