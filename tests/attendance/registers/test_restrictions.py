"""A register keeps who restricted her data by her name and that lesson's mark; marks go on (ST-08)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.attendance.models import AttendanceMark, Status
from portal.core.clock import today
from portal.core.db.scope import in_school, revealed
from portal.core.db.session import session
from portal.learners.record.models import Learner
from tests.conftest import school_id
from tests.factories.attendance import make_mark, make_notice
from tests.factories.courses import enrol, fill_group, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner
from tests.factories.restrictions import hold
from tests.page_client import PageClient
from tests.signing_in import SignIn

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
LEST_BEST = school_id("lest-best")


class World:
    """A teacher, signed in, with a lesson today of two others and of her who restricted hers, a name with a twin."""

    def __init__(self, client: PageClient, sign_in: SignIn, *categories: str) -> None:
        teacher = sign_in(client, "teacher")
        with in_school(LEST_BEST):
            group = make_group("A2 ochtend")
            make_teacher_of(group, teacher)
            fill_group(group, 2)
            self.hers, twin = make_learner("Amina", "Kwik", number="H4711"), make_learner("Amina", "Kwik")
            for each in (self.hers, twin):
                enrol(each, group, starts_on=today() - timedelta(days=90))
            for days in (3, 4, 5):
                earlier = make_lesson(group, held_on=today() - timedelta(days=days))
                make_mark(earlier, self.hers, status=Status.ABSENT, minutes=0, late_minutes=None)
            self.lesson = make_lesson(group)
            make_notice(self.lesson, self.hers, note="Ik ben bij de tandarts.")
            hold(self.hers.id, *categories)
        self.url = f"/lessen/{self.lesson.id}/presentie"

    def mark(self) -> AttendanceMark | None:
        with in_school(LEST_BEST), revealed():
            statement = select(AttendanceMark).where(AttendanceMark.lesson_id == self.lesson.id)
            return session.scalar(statement.where(AttendanceMark.learner_id == self.hers.id))


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(NOON)


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.parametrize("categories", [(), ("attendance",)])
def test_her_name_stays_and_nothing_else(client: PageClient, sign_in: SignIn, categories: tuple[str, ...]) -> None:
    world = World(client, sign_in, *categories)

    page = client.get(world.url).get_data(as_text=True)

    assert page.count("Amina Kwik") >= 2
    assert "H4711" not in page
    assert "tandarts" not in page
    assert "keer gemist" not in page


@pytest.mark.promise("ST-08", part="shielded")
def test_she_is_marked_taken_back_and_marked_with_the_others(client: PageClient, sign_in: SignIn) -> None:
    world = World(client, sign_in)
    key = world.hers.id

    stored = client.post(world.url, {f"s.{key}": "late", f"v.{key}": "0..0.0.", f"l.{key}": "7"})
    assert stored.status_code == 303
    found = world.mark()
    assert found is not None
    assert (found.status, found.late_minutes) == (Status.PRESENT, 7)
    assert "7 minuten te laat" in client.get(world.url).get_data(as_text=True)
    step = stored.headers["Location"].partition("stap=")[2]
    assert client.post(f"{world.url}/ongedaan", {"stap": step}).status_code == 303
    assert world.mark() is None
    assert client.post(f"{world.url}/iedereen").status_code == 303
    assert world.mark() is None  # she said that she can't come, so that stays for the teacher to say
    with in_school(LEST_BEST):
        marked = session.scalars(select(AttendanceMark.learner_id).where(AttendanceMark.lesson_id == world.lesson.id))
        assert len(marked.all()) == 3


def test_the_register_takes_eight_statements_at_most(
    client: PageClient, sign_in: SignIn, count_statements: Callable[[], Any]
) -> None:
    world = World(client, sign_in)
    client.get(world.url)

    with count_statements() as statements:
        assert "Amina Kwik" in client.get(world.url).get_data(as_text=True)

    assert len(statements) <= 8, statements


def test_contact_with_her_counts(client: PageClient, sign_in: SignIn) -> None:
    world = World(client, sign_in)
    key = world.hers.id
    with in_school(LEST_BEST), revealed():
        session.get_one(Learner, (LEST_BEST, key)).last_contact_on = today() - timedelta(days=9)

    client.post(world.url, {f"s.{key}": "present", f"v.{key}": "0..0.0."})

    with in_school(LEST_BEST), revealed():
        assert session.get_one(Learner, (LEST_BEST, key), populate_existing=True).last_contact_on == today()
