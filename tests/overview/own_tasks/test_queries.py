"""What a learner has to do or know now: only what is so, and nothing where there is nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from portal.accounts.actors import actor_of
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import LearnerGroup
from portal.learners.corrections.services import correct_own_field, decide_correction, decided_on
from portal.learners.record.models import Learner
from portal.overview.own_tasks.queries import get_own_tasks
from portal.progress.appointments.models import Appointment
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.consent import as_learner
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson, make_slot, make_teacher_of
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

EARLY = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
OFFICE = actor_of(new_id(), "Anouk Bos", frozenset({"administration"}))
NINE: dict[str, Any] = {"starts_at": time(9), "ends_at": time(12)}
PAGES = ("/mijn/lessen", "/mijn/aanwezigheid", "/mijn/niveau")


@pytest.fixture(autouse=True)
def before_nine(clock: Callable[[datetime], None]) -> None:
    clock(EARLY)


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group("A2 ochtend")


@pytest.fixture
def amina(group: LearnerGroup) -> Learner:
    return make_enrolled_learner(group, "Amina")


def tasks_of(learner: Learner) -> Any:
    return get_own_tasks(as_learner(learner).own)


def test_nothing_is_said_where_there_is_nothing(amina: Learner) -> None:
    tasks = tasks_of(amina)

    assert (tasks.lesson, list(tasks.changed), list(tasks.answers), tasks.is_empty) == (None, [], [], True)


def test_the_lesson_she_has_now_or_next_comes_with_who_gives_it(
    amina: Learner, group: LearnerGroup, clock: Callable[[datetime], None]
) -> None:
    make_teacher_of(group, make_account("Tess Jansen", "teacher"))
    first = make_lesson(group, **NINE)
    second = make_lesson(group, held_on=today() + timedelta(days=1), **NINE)
    second.substitute_id = make_account("Noor Bakker", "teacher").id
    make_lesson(make_group("Een andere"), **NINE)

    tasks = tasks_of(amina)
    assert (tasks.lesson.id, list(tasks.teachers), tasks.is_today) == (first.id, ["Tess Jansen"], True)
    clock(EARLY + timedelta(hours=3, minutes=59))
    assert tasks_of(amina).lesson.id == first.id
    clock(EARLY + timedelta(hours=4))
    tasks = tasks_of(amina)
    assert (tasks.lesson.id, list(tasks.teachers), tasks.is_empty) == (second.id, ["Noor Bakker"], True)


def test_a_lesson_that_is_moved_or_cancelled_is_told_with_when_it_was(amina: Learner, group: LearnerGroup) -> None:
    slot, day = make_slot(group, **NINE), today() + timedelta(days=3)
    moved = make_lesson(group, slot_id=slot.id, slot_on=day, held_on=day + timedelta(days=1), **NINE)
    later = {"starts_at": time(10), "ends_at": time(12)}
    shifted = make_lesson(
        group, slot_id=slot.id, slot_on=day + timedelta(days=7), held_on=day + timedelta(days=7), **later
    )
    cancelled = make_lesson(group, held_on=day, cancelled_at=now(), cancelled_because="Dicht", **NINE)
    make_lesson(group, slot_id=slot.id, slot_on=today(), held_on=today(), **NINE)
    make_lesson(group, held_on=today() + timedelta(days=15), cancelled_at=now(), cancelled_because="Ver weg", **NINE)

    changed = {each.lesson.id: (each.was_on, each.was_at) for each in tasks_of(amina).changed}

    assert changed == {
        cancelled.id: (day, time(9)),
        moved.id: (day, time(9)),
        shifted.id: (day + timedelta(days=7), time(9)),
    }


def test_an_answer_is_told_for_two_weeks(amina: Learner, clock: Callable[[datetime], None]) -> None:
    proposal = correct_own_field(amina.id, "learner.given_name", "Aminah", by=as_learner(amina))
    assert proposal is not None
    assert not tasks_of(amina).answers
    seen = decided_on({"learner.given_name": "Amina"}, "Aminah", proposal.proposed_at)
    decide_correction(proposal.id, accept=False, answer="Uw paspoort zegt iets anders.", seen=seen, by=OFFICE)

    answers = tasks_of(amina).answers

    assert [(each.label, each.is_accepted) for each in answers] == [("Voornaam", False)]
    clock(EARLY + timedelta(days=14, minutes=1))
    assert not tasks_of(amina).answers


@pytest.mark.parametrize("address", PAGES)
def test_her_pages_begin_with_it(client: PageClient, sign_in: SignIn, school: SchoolView, address: str) -> None:
    with in_school(school.id):
        group = make_group()
        amina = make_enrolled_learner(group, "Amina")
    sign_in(client, "learner", learner=amina)
    assert "U hoeft nu niets te doen." in client.get(address).get_data(as_text=True)
    with in_school(school.id):
        make_lesson(group, room="12", **NINE)

    page = client.get(address).get_data(as_text=True)

    assert "Wat moet ik nu?" in page
    assert "Vandaag is er les" in page
    assert "lokaal 12" in page
    assert "Ik kan niet komen" in page
    assert "U hoeft nu niets te doen." not in page


def test_what_is_about_something_else_says_changed_lessons_in_a_line(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    with in_school(school.id):
        group = make_group()
        amina = make_enrolled_learner(group, "Amina")
        for days in (1, 2):
            make_lesson(group, held_on=today() + timedelta(days=days), cancelled_at=now(), **NINE)
    sign_in(client, "learner", learner=amina)

    assert client.get("/mijn/lessen").get_data(as_text=True).count("Een les gaat niet door") == 2
    for address in ("/mijn/niveau", "/mijn/aanwezigheid"):
        page = client.get(address).get_data(as_text=True)
        assert "2 lessen zijn verplaatst of gaan niet door" in page
        assert "Een les gaat niet door" not in page


def test_it_takes_as_many_statements_however_many_lessons(
    amina: Learner, group: LearnerGroup, count_statements: Callable[[], Any]
) -> None:
    own = as_learner(amina).own
    make_lesson(group, **NINE)
    with count_statements() as of_one:
        get_own_tasks(own)
    for days in range(1, 15):
        make_lesson(group, held_on=today() + timedelta(days=days), cancelled_at=now() if days % 2 else None, **NINE)

    with count_statements() as of_many:
        get_own_tasks(own)

    assert len(of_one) == len(of_many) == 6


def test_her_next_appointment_is_there_until_it_began(
    client_at: Callable[[str], PageClient], sign_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    client, step = client_at("step-inburgering"), school_id("step-inburgering")
    with in_school(step):
        amina = make_learner("Amina")
        for days in (2, 9, 60):
            starts_at = EARLY + timedelta(days=days)
            session.add(Appointment(learner_id=amina.id, starts_at=starts_at, subject="Voortgang", place="Kamer 1"))
        session.flush()
        tasks = tasks_of(amina)
        assert (tasks.appointment.starts_at, tasks.is_empty) == (EARLY + timedelta(days=2), False)
        narrow = replace(as_learner(amina).own, sees=frozenset({"attendance"}))
        assert get_own_tasks(narrow).appointment is None
    sign_in(client, "learner", learner=amina)
    text = client.get("/mijn/lessen").text
    assert text.count("Afspraak op school") == 1
    assert "Kamer 1" in text

    clock(EARLY + timedelta(days=10))
    assert "Afspraak op school" not in client.get("/mijn/lessen").text


def test_a_school_that_keeps_no_appointments_shows_none(amina: Learner) -> None:
    session.add(Appointment(learner_id=amina.id, starts_at=EARLY + timedelta(days=1), subject="Voortgang"))
    session.flush()
    assert tasks_of(amina).appointment is None
