"""What a lesson clashes with is said on its form, and it is stored once that is meant."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest

from portal.core.clock import now
from portal.core.db.scope import in_school
from portal.courses.models import LearnerGroup
from tests.conftest import school_id
from tests.factories.courses import enrol, make_enrolled_learner, make_group, make_lesson
from tests.page_client import PageClient
from tests.signing_in import SignIn

LEST_BEST = school_id("lest-best")
MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def on_friday(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


@pytest.fixture
def office(client: PageClient, sign_in: SignIn) -> PageClient:
    sign_in(client, "administration")
    return client


@pytest.fixture
def group(office: PageClient) -> LearnerGroup:
    """A group of two of whom both are in another, which has a lesson in room 3 on Monday morning."""
    with in_school(LEST_BEST):
        group, other = make_group("A2 ochtend"), make_group("B1 <ochtend>")
        for name in ("Quirina", "Quinten"):
            enrol(make_enrolled_learner(group, name), other)
        make_lesson(other, held_on=MONDAY, room="3", starts_at=time(9), ends_at=time(12))
        return group


def test_a_new_lesson_says_the_room_and_the_learners_and_names_nobody(office: PageClient, group: LearnerGroup) -> None:
    url = f"/groepen/{group.id}/lessen/nieuw"
    values = {
        "held_on": MONDAY.isoformat(),
        "starts_at": "10:00",
        "ends_at": "12:00",
        "break_minutes": "0",
        "kind": "nt2",
        "place": "school",
        "room": "3",
    }

    refused = office.post(url, values)
    text = refused.get_data(as_text=True)
    stored = office.post(url, {**values, "despite": "y"})

    when = "op maandag 23 november van 09:00 tot 12:00 ook les"
    assert refused.status_code == 422
    assert f"In lokaal 3 is {when} voor B1 &lt;ochtend&gt;." in text
    assert f"2 cursisten hebben {when} in B1 &lt;ochtend&gt;." in text
    assert "Quirina" not in text
    assert stored.status_code == 303


def test_a_lesson_that_is_put_back_asks_the_same(office: PageClient, group: LearnerGroup) -> None:
    with in_school(LEST_BEST):
        lesson = make_lesson(group, held_on=MONDAY, room="3", starts_at=time(9), ends_at=time(11), cancelled_at=now())
    url = f"/groepen/{group.id}/lessen/{lesson.id}/terugzetten"

    refused = office.post(url)

    assert refused.status_code == 422
    assert "In lokaal 3" in refused.get_data(as_text=True)
    assert office.post(url, {"despite": "y"}).status_code == 303
