"""What a learner missed of the last lessons before one: counted, said beside her name, and to whom."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal.attendance.models import Status
from portal.core.clock import now
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import Lesson
from tests.attendance.registers.test_routes import LEST_BEST, NOON, World, version_in
from tests.factories.attendance import make_mark
from tests.factories.courses import make_lesson
from tests.page_client import PageClient
from tests.signing_in import SignIn


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(NOON)


@pytest.fixture
def world(client: PageClient, sign_in: SignIn) -> World:
    return World(client, sign_in)


def miss(world: World, lessons: int) -> None:
    """Let the first learner miss so many lessons before this one, after one that she was at."""
    with in_school(LEST_BEST):
        for days in range(1, lessons + 1):
            make_mark(
                make_lesson(world.group, held_on=NOON.date() - timedelta(days=days)), world.learners[0], Status.ABSENT
            )
        make_mark(make_lesson(world.group, held_on=NOON.date() - timedelta(days=20)), world.learners[0])
        make_mark(make_lesson(world.group, held_on=NOON.date() + timedelta(days=1)), world.learners[0], Status.ABSENT)
        gone = make_lesson(world.group, held_on=NOON.date() - timedelta(days=9))
        make_mark(gone, world.learners[0], Status.ABSENT)
        gone.cancelled_at = now()


@pytest.mark.parametrize(("lessons", "said"), [(1, ""), (2, "· 2 keer gemist"), (3, "· 3 keer gemist")])
def test_a_row_says_what_she_missed_of_the_lessons_before_this_one(
    client: PageClient, world: World, lessons: int, said: str
) -> None:
    miss(world, lessons)

    text = client.get(world.url).get_data(as_text=True)

    assert said in text
    assert text.count(" keer gemist") == (1 if said else 0)


def test_it_counts_lessons_between_which_she_came_and_no_more_than_the_last_six(
    client: PageClient, world: World
) -> None:
    with in_school(LEST_BEST):
        for days in range(1, 9):
            status = Status.PRESENT if days in {2, 4} else Status.ABSENT
            make_mark(make_lesson(world.group, held_on=NOON.date() - timedelta(days=days)), world.learners[0], status)

    assert "· 4 keer gemist" in client.get(world.url).get_data(as_text=True)


def test_what_she_missed_stays_beside_her_name_after_a_tap_and_its_undoing(client: PageClient, world: World) -> None:
    miss(world, 3)
    seen = version_in(client.get(world.url).get_data(as_text=True), world.learners[0].id)
    key = str(world.learners[0].id)

    tapped = client.post(world.url, {"cursist": key, **world.row(0, "present", seen)}, htmx=True)
    text = tapped.get_data(as_text=True)
    step = re.search(r'name="stap" value="([^"]+)"', text.replace("\n  ", " "))
    assert step is not None
    undone = client.post(f"{world.url}/ongedaan", {"stap": step[1], "cursist": key}, htmx=True)
    again = {"cursist": key, **world.row(0, "late", version_in(text, world.learners[0].id), l="x")}
    refused = client.post(world.url, again, htmx=True)

    assert "3 keer gemist" in text
    assert len(tapped.data) <= 2048
    assert "3 keer gemist" in undone.get_data(as_text=True)
    assert refused.status_code == 422
    assert "3 keer gemist" in refused.get_data(as_text=True)


def test_who_takes_over_one_lesson_is_not_told_of_the_others(client: PageClient, sign_in: SignIn, world: World) -> None:
    miss(world, 3)
    substitute = sign_in(client, "teacher", name="Vera Smit")
    with in_school(LEST_BEST):
        lesson = session.get_one(Lesson, (LEST_BEST, world.lesson.id))
        lesson.substitute_id = substitute.account_id

    text = client.get(world.url).get_data(as_text=True)

    assert world.learners[0].family_name in text
    assert "keer gemist" not in text
