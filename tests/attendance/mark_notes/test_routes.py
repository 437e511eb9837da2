"""A note at a mark: who writes and reads it, what is refused, and what it costs the register."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.attendance.mark_notes.models import LONGEST, MarkNote
from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import LearnerGroup, Lesson
from portal.learners.record.models import Learner
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn

LEST_BEST, DAY = school_id("lest-best"), timedelta(days=1)


class World:
    """A teacher, signed in, with a lesson of this morning and a learner who is in it."""

    def __init__(self, client: PageClient, sign_in: SignIn) -> None:
        self.teacher = sign_in(client, "teacher")
        with in_school(LEST_BEST):
            self.group: LearnerGroup = make_group("A2 ochtend")
            self.amina: Learner = make_enrolled_learner(self.group, "Amina", "Yilmaz")
            self.lesson: Lesson = make_lesson(self.group, starts_at=time(9), ends_at=time(12))
            make_mark(self.lesson, self.amina)
            make_teacher_of(self.group, self.teacher)
        self.register = f"/lessen/{self.lesson.id}/presentie"
        self.url = f"{self.register}/notitie/{self.amina.id}"

    @property
    def notes(self) -> list[MarkNote]:
        with in_school(LEST_BEST):
            return list(session.scalars(select(MarkNote)))

    @property
    def events(self) -> list[str]:
        with in_school(LEST_BEST):
            found = select(AuditEvent.event).where(AuditEvent.event.startswith("attendance.note"))
            return list(session.scalars(found.order_by(AuditEvent.id)))


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


@pytest.fixture
def world(client: PageClient, sign_in: SignIn) -> World:
    return World(client, sign_in)


def write(client: PageClient, world: World, body: str, **more: str) -> int:
    """Send the form as it is shown, with this text in it; return the status."""
    return client.post(world.url, {**hidden_in(client.get(world.url), world.url), "body": body, **more}).status_code


def test_a_note_is_written_changed_read_and_taken_away(client: PageClient, world: World) -> None:
    assert "✎ notitie" not in client.get(world.register).get_data(as_text=True)

    assert write(client, world, " Ging eerder naar haar werk. ") == 303
    assert write(client, world, "Werkte goed mee.") == 303
    assert client.post(world.url, {"body": "Werkte goed mee."}).status_code == 303, "sent twice, stored once"

    (note,) = world.notes
    assert note.is_visible
    assert b"Werkte" not in note.body  # sealed
    assert "✎ notitie" in client.get(world.register).get_data(as_text=True)
    assert "Werkte goed mee." in client.get(world.url).get_data(as_text=True)
    assert "met een notitie" in client.get(f"/groepen/{world.group.id}/presentie/lessen").get_data(as_text=True)
    write(client, world, "")
    write(client, world, "")
    assert world.notes == []
    assert world.events == ["attendance.note_written", "attendance.note_written", "attendance.note_removed"]


def test_what_somebody_else_wrote_meanwhile_is_shown_and_not_lost(client: PageClient, world: World) -> None:
    stale = hidden_in(client.get(world.url), world.url)
    write(client, world, "Ging eerder naar haar werk.")

    answer = client.post(world.url, {**stale, "body": "Werkte goed mee."})

    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "<q>Ging eerder naar haar werk.</q>" in re.sub(r"</?bdi[^>]*>", "", text)
    assert "Werkte goed mee.</textarea>" in text
    again = hidden_in(answer, world.url)
    assert client.post(world.url, {**again, "body": "Werkte goed mee."}).status_code == 303
    write(client, world, "")
    gone = client.post(world.url, {**again, "body": "Toch niet."})
    assert gone.status_code == 409
    assert "Er staat geen notitie meer." in gone.get_data(as_text=True)
    assert world.notes == []


def test_the_partial_stands_alone(client: PageClient, world: World) -> None:
    partial = {"HX-Request": "true", "HX-Request-Type": "partial"}
    shown = client.get(world.url, headers=partial).get_data(as_text=True)
    assert 'id="mark_note"' in shown
    assert "<html" not in shown
    stored = client.post(world.url, {"body": "Vroeg om hulp."}, headers=partial).get_data(as_text=True)
    assert "De notitie is opgeslagen." in stored


def test_the_button_of_a_row_leads_to_its_note(client: PageClient, world: World) -> None:
    key = str(world.amina.id)[-9:]
    assert f"name=c value={key}" in client.get(world.register).get_data(as_text=True)
    assert "Amina" in client.get(f"{world.register}/notitie?c={key}").get_data(as_text=True)
    assert client.get(f"{world.register}/notitie?c=123456789").status_code == 404
    assert client.get(f"{world.register}/notitie").status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"body": "Zij was ziek."}, "Haal dit woord weg: ziek"),
        ({"body": "x" * (LONGEST + 1)}, "niet meer dan 300 tekens"),
        ({"body": "Komt later.", "is_hidden": "y"}, "Schrijf waarom"),
        ({"body": "Komt later.", "is_hidden": "y", "hidden_because": "heeft griep"}, "Haal dit woord weg: griep"),
    ],
)
def test_what_is_refused_stands_beside_the_field_and_keeps_what_was_typed(
    client: PageClient, world: World, sent: dict[str, str], said: str
) -> None:
    answer = client.post(world.url, sent)

    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert said in text
    assert sent["body"] in text
    assert world.notes == []


def test_a_note_at_a_lesson_that_is_not_open_is_refused(client: PageClient, world: World) -> None:
    with in_school(LEST_BEST):
        ahead = make_lesson(world.group, held_on=today() + DAY)
        cancelled = make_lesson(world.group, held_on=today() - DAY)
        cancelled.cancelled_at, cancelled.cancelled_because = now(), "Studiedag"
    for lesson in (ahead, cancelled):
        url = f"/lessen/{lesson.id}/presentie/notitie/{world.amina.id}"
        assert client.post(url, {"body": "Komt later."}).status_code == 409
    assert world.notes == []


def test_another_group_learner_or_role_is_not_reached(client: PageClient, sign_in: SignIn, world: World) -> None:
    with in_school(LEST_BEST):
        other = make_group()
        stranger = make_enrolled_learner(other, "Bilal")
        beyond = make_lesson(other, starts_at=time(9), ends_at=time(12))
    for url in (f"{world.register}/notitie/{stranger.id}", f"/lessen/{beyond.id}/presentie/notitie/{stranger.id}"):
        assert client.get(url).status_code == 404
        assert client.post(url, {"body": "Komt later."}).status_code == 404
    sign_in(client, "coach")
    assert client.post(world.url, {"body": "Komt later."}).status_code in {403, 404}
    assert world.notes == []


def test_she_reads_it_herself_and_of_a_hidden_one_why_not(client: PageClient, sign_in: SignIn, world: World) -> None:
    client.post(world.url, {"body": "Werkte goed mee."})
    sign_in(client, "learner", learner=world.amina)
    assert "Werkte goed mee." in client.get("/mijn/aanwezigheid").get_data(as_text=True)
    sign_in(client, "administration")
    write(client, world, "Over haar broer.", is_hidden="y", hidden_because="gaat over een ander")
    sign_in(client, "learner", learner=world.amina)
    text = client.get("/mijn/aanwezigheid").get_data(as_text=True)
    assert "Over haar broer." not in text
    assert "gaat over een ander" in text


def test_the_register_takes_no_more_statements_with_notes(
    client: PageClient, world: World, count_statements: Callable[[], Any]
) -> None:
    client.get(world.register)
    with count_statements() as before:
        client.get(world.register)
    client.post(world.url, {"body": "Werkte goed mee."})
    with count_statements() as after:
        client.get(world.register)
    assert len(after) == len(before)
