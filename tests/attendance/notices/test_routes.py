"""A learner says beforehand that she can't come: what she may say, what is kept, who reads it, and what it changes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.attendance.models import AttendanceMark
from portal.attendance.notices.models import AbsenceNotice, AbsenceReason
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import LearnerGroup, Lesson
from portal.learners.record.models import Learner
from tests.conftest import school_id
from tests.factories.attendance import make_notice
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_representative
from tests.page_client import PageClient
from tests.signing_in import SignIn

EARLY = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
LEST_BEST = school_id("lest-best")


class World:
    """A learner, signed in, with a lesson this morning, that hasn't begun, and what she says of it."""

    def __init__(self, client: PageClient, sign_in: SignIn) -> None:
        with in_school(LEST_BEST):
            self.group: LearnerGroup = make_group("A2 ochtend")
            self.amina: Learner = make_enrolled_learner(self.group, "Amina", "Yilmaz")
            self.lesson: Lesson = make_lesson(self.group, starts_at=time(9), ends_at=time(12))
        sign_in(client, "learner", learner=self.amina)
        self.url = f"/mijn/lessen/{self.lesson.id}/afmelden"
        self.after_all = f"/mijn/lessen/{self.lesson.id}/toch-komen"

    @property
    def said(self) -> AbsenceNotice | None:
        with in_school(LEST_BEST):
            return session.scalar(select(AbsenceNotice))

    @property
    def events(self) -> list[str]:
        with in_school(LEST_BEST):
            found = select(AuditEvent.event).where(AuditEvent.event.startswith("attendance."))
            return list(session.scalars(found.order_by(AuditEvent.id)))


@pytest.fixture(autouse=True)
def before_nine(clock: Callable[[datetime], None]) -> None:
    clock(EARLY)


@pytest.fixture
def world(client: PageClient, sign_in: SignIn) -> World:
    return World(client, sign_in)


def test_she_says_it_changes_it_and_takes_it_back(client: PageClient, world: World) -> None:
    assert "Ik kan niet komen" in client.get("/mijn/lessen").get_data(as_text=True)
    client.get(world.url)

    assert client.post(world.url, {"reason": "work", "note": " Ik begin om negen uur. "}).status_code == 303

    said = world.said
    assert said is not None
    assert (said.reason, said.note) == (AbsenceReason.WORK, "Ik begin om negen uur.")
    page = client.get("/mijn/lessen").get_data(as_text=True)
    assert "Uw docent ziet dat u niet komt." in page
    assert "werk · Ik begin om negen uur." in page
    assert "Ik begin om negen uur." in client.get(world.url).get_data(as_text=True)
    assert client.post(world.url, {"reason": ""}).status_code == 303
    said = world.said
    assert said is not None
    assert (said.reason, said.note) == (None, None)
    client.get("/mijn/lessen")
    assert client.post(world.after_all).status_code == 303
    assert world.said is None
    assert "Uw docent ziet dat u komt." in client.get("/mijn/lessen").get_data(as_text=True)
    assert world.events == [
        "attendance.absence_reported",
        "attendance.absence_reported",
        "attendance.absence_taken_back",
    ]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"reason": "work", "note": "Ik heb koorts."}, "Haal dit woord weg: koorts."),
        ({"reason": "work", "note": "x" * 201}, "Gebruik niet meer dan 200 tekens."),
        ({"reason": "sick", "note": "Tot morgen"}, "Kies een van de mogelijkheden."),
    ],
)
def test_what_is_refused_keeps_what_was_typed_and_stores_nothing(
    client: PageClient, world: World, sent: dict[str, str], words: str
) -> None:
    client.get(world.url)

    refused = client.post(world.url, sent)

    assert refused.status_code == 422
    text = refused.get_data(as_text=True)
    assert words in text
    assert sent["note"] in text
    assert world.said is None
    assert world.events == []


def test_a_diagnosis_is_refused_in_arabic_in_its_own_words(client: PageClient, world: World) -> None:
    client.post("/taal", {"taal": "ar", "terug": "/mijn/lessen"})
    client.get(world.url)

    text = client.post(world.url, {"note": "أنا مريضة"}).get_data(as_text=True)

    assert "احذف هذه الكلمة: مريضة" in text
    assert world.said is None


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"cancelled_at": EARLY}, "Deze les gaat niet door."),
        ({"starts_at": time(7, 30)}, "De les is al begonnen."),
    ],
)
def test_it_is_too_late_once_it_began_or_was_cancelled(
    client: PageClient, world: World, facts: dict[str, Any], words: str
) -> None:
    with in_school(LEST_BEST):
        lesson = session.get_one(Lesson, (LEST_BEST, world.lesson.id))
        for name, value in facts.items():
            setattr(lesson, name, value)

    page = client.get(world.url)
    refused = client.post(world.url, {"reason": "work"})

    assert (page.status_code, refused.status_code, client.post(world.after_all).status_code) == (200, 409, 409)
    assert words in page.get_data(as_text=True)
    assert "Meld mij af" not in page.get_data(as_text=True)
    assert world.said is None


def test_a_lesson_that_is_not_hers_or_not_near_is_not_found(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        others = [
            make_lesson(make_group(), held_on=today()),
            make_lesson(world.group, held_on=today() + timedelta(days=15)),
            make_lesson(world.group, held_on=today() - timedelta(days=1)),
        ]

    for lesson in others:
        assert client.get(f"/mijn/lessen/{lesson.id}/afmelden").status_code == 404
        assert client.post(f"/mijn/lessen/{lesson.id}/afmelden", {"reason": "work"}).status_code == 404
        assert client.post(f"/mijn/lessen/{lesson.id}/toch-komen").status_code == 404
    assert world.said is None


def test_a_representative_says_it_within_what_she_may(client: PageClient, sign_in: SignIn, world: World) -> None:
    parent = sign_in(client, "representative", name="Samira Haddad")
    with in_school(LEST_BEST):
        authority = make_representative(world.amina, account_id=parent.account_id)
    page = client.get(world.url).get_data(as_text=True)
    assert "Amina kan niet komen · Lest" in page

    assert client.post(world.url, {"reason": "care"}).status_code == 303

    assert world.said is not None
    assert "De docent ziet dat Amina niet komt." in client.get("/mijn/lessen").get_data(as_text=True)
    with in_school(LEST_BEST):
        session.merge(authority).categories = ["level"]
    assert client.get(world.url).status_code == 403
    assert client.post(world.after_all).status_code == 403
    assert world.said is not None


def test_the_teacher_reads_it_and_still_chooses_herself(
    client: PageClient, sign_in: SignIn, world: World, clock: Callable[[datetime], None]
) -> None:
    clock(EARLY + timedelta(minutes=50))
    with in_school(LEST_BEST):
        make_notice(world.lesson, world.amina, reason=AbsenceReason.CARE, note="Tot morgen")
    teacher = sign_in(client, "teacher")
    with in_school(LEST_BEST):
        make_teacher_of(world.group, teacher)
    register = f"/lessen/{world.lesson.id}/presentie"

    page = client.get(register).get_data(as_text=True)

    assert "heeft zich afgemeld" in page
    assert "zorg voor een kind · Tot morgen" in page
    with in_school(LEST_BEST):
        assert session.scalar(select(AttendanceMark)) is None
    key = world.amina.id
    row = {"cursist": str(key), f"s.{key}": "excused", f"v.{key}": "0..0.0."}
    assert "heeft zich afgemeld" in client.post(register, row, htmx=True).get_data(as_text=True)


def test_the_coach_reads_it_in_the_record(client: PageClient, sign_in: SignIn, world: World) -> None:
    with in_school(LEST_BEST):
        coming = make_lesson(world.group, held_on=today() + timedelta(days=3), starts_at=time(9), ends_at=time(12))
        make_notice(coming, world.amina, reason=AbsenceReason.WORK)
    sign_in(client, "coach")

    record = client.get(f"/cursisten/{world.amina.id}").get_data(as_text=True)
    attendance = client.get(f"/cursisten/{world.amina.id}/presentie").get_data(as_text=True)

    assert "Afgemeld voor" in record
    assert "ma 23 nov" in record
    assert "Zegt niet te kunnen komen" in attendance
    assert "werk" in attendance


def test_her_reason_is_not_read_on_from_that_she_does_not_come(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        make_notice(world.lesson, world.amina, reason=AbsenceReason.WORK)

    page = " ".join(re.sub("<[^>]+>", " ", client.get("/mijn/lessen").get_data(as_text=True)).split())

    assert "u komt niet Reden: werk" in page


def test_a_moved_lesson_is_one_of_which_she_said_nothing(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        make_notice(world.lesson, world.amina)
        session.get_one(Lesson, (LEST_BEST, world.lesson.id)).held_on = today() + timedelta(days=1)

    page = client.get("/mijn/lessen").get_data(as_text=True)

    assert "u komt niet" not in page
    assert "Ik kan niet komen" in page


def test_what_the_school_decided_stands_in_plain_words(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        make_notice(world.lesson, world.amina, reason=AbsenceReason.WORK)
        mark = AttendanceMark(
            lesson_id=world.lesson.id, learner_id=world.amina.id, status="excused", minutes=0,
            marked_by_name="Tess Jansen", marked_at=EARLY,
        )  # fmt: skip
        session.add(mark)

    page = client.get("/mijn/aanwezigheid").get_data(as_text=True)
    assert "vooraf afgemeld op" in page
    assert "de school beslist nog of de reden geldig is" in page
    with in_school(LEST_BEST):
        session.merge(mark).is_authorised = False
    page = client.get("/mijn/aanwezigheid").get_data(as_text=True)
    assert "ongeoorloofd: zonder geldige reden" in page
    assert "beslist nog" not in page
