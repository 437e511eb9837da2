"""A group's page says which lessons are filled in, and why there are none."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.courses.models import LearnerGroup
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import make_enrolled_learner, make_group, make_holiday, make_lesson, make_slot
from tests.page_client import PageClient
from tests.signing_in import SignIn

LEST_BEST = school_id("lest-best")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


@pytest.fixture
def office(client: PageClient, sign_in: SignIn) -> PageClient:
    sign_in(client, "administration")
    return client


def lessons_of(client: PageClient, group: LearnerGroup) -> str:
    return client.get(f"/groepen/{group.id}").get_data(as_text=True).partition('id="lessons"')[2]


def test_each_lesson_that_began_says_how_far_its_register_is(office: PageClient) -> None:
    with in_school(LEST_BEST):
        group = make_group("A2 ochtend", starts_on=today() - 30 * DAY)
        learners = [make_enrolled_learner(group, starts_on=today() - 5 * DAY) for _ in range(2)]
        done, half, _empty = (make_lesson(group, held_on=today() - days * DAY) for days in (1, 2, 20))
        make_lesson(group, held_on=today() + DAY)
        for learner in learners:
            make_mark(done, learner)
        make_mark(half, learners[0])
    text = lessons_of(office, group)
    assert text.count("ingevuld") == 1
    assert text.count("1 van 2 open") == 1
    assert text.count("geen cursisten") == 1


def test_days_off_stand_between_the_lessons(office: PageClient) -> None:
    with in_school(LEST_BEST):
        group = make_group("A2 ochtend")
        make_lesson(group, held_on=today() + DAY)
        make_holiday(today() + 3 * DAY, today() + 5 * DAY, "Herfstvakantie")
        make_lesson(group, held_on=today() + 8 * DAY)
        make_holiday(today() + 90 * DAY, today() + 95 * DAY, "Verre vakantie")
    text = lessons_of(office, group)
    assert "Verre vakantie" not in text
    assert text.index("Zaterdag 21 november") < text.index("Herfstvakantie") < text.index("Zaterdag 28 november")


def test_no_lessons_says_why(office: PageClient) -> None:
    with in_school(LEST_BEST):
        later = make_group("Later", starts_on=today() + 60 * DAY)
        over = make_group("Voorbij", starts_on=today() - 90 * DAY, ends_on=today() - 60 * DAY)
        bare = make_group("Kaal")
        stopped = make_group("Gestopt")
        make_slot(stopped)
        closed = make_group("Dicht")
        make_slot(closed)
    for group, words in (
        (later, "De groep begint op 19 januari 2027"),
        (over, "De groep was er tot en met 21 september 2026"),
        (bare, "nog geen vaste lessen"),
        (stopped, "nog niet begonnen, of al gestopt"),
    ):
        assert words in lessons_of(office, group), words
    with in_school(LEST_BEST):
        make_holiday(today() - 60 * DAY, today() + 60 * DAY, "Verbouwing")
    assert "Alle dagen van deze groep vallen vrij" in lessons_of(office, closed)


def test_a_new_group_opens(office: PageClient) -> None:
    with in_school(LEST_BEST):
        course = make_group("Een").course_id
    office.get("/groepen/nieuw")
    made = office.post("/groepen/nieuw", {"name": "Nieuw", "course_id": str(course), "starts_on": today().isoformat()})
    assert made.status_code == 303
    assert '<h1><bdi translate="no">Nieuw</bdi></h1>' in office.get(made.headers["Location"]).get_data(as_text=True)
