"""*Vandaag*: a teacher's lessons and what is still open, the office's counts, each in few statements."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.learners.corrections.services import propose_correction
from portal.purposes.withdrawals.services import withdraw_consent
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.consent import agree, as_learner
from tests.factories.courses import fill_group, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.signing_in import SignIn

LEST_BEST = school_id("lest-best")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


@pytest.fixture
def taught(client: PageClient, sign_in: SignIn) -> Any:
    teacher = sign_in(client, "teacher")
    with in_school(LEST_BEST):
        group = make_group("A2 ochtend")
        make_teacher_of(group, teacher)
        fill_group(group, 3)
    return group


def test_a_teacher_sees_today_what_is_open_and_what_comes(client: PageClient, taught: Any) -> None:
    with in_school(LEST_BEST):
        now_open = make_lesson(taught)
        earlier = make_lesson(taught, held_on=today() - 2 * DAY)
        following = make_lesson(taught, held_on=today() + DAY)
        others = make_lesson(make_group("Van een ander"))

    text = client.get("/vandaag").get_data(as_text=True)

    for lesson in (now_open, earlier, following):
        assert f"/lessen/{lesson.id}/presentie" in text
    assert "Nog in te vullen" in text
    assert "3 van 3 open" in text
    assert str(others.id) not in text


def test_what_is_filled_in_is_no_longer_open(client: PageClient, taught: Any) -> None:
    with in_school(LEST_BEST):
        group = make_group("Twee")
        earlier = make_lesson(taught, held_on=today() - DAY)
        for learner in fill_group(group, 2):
            make_mark(earlier, learner)
        assert earlier.id

    assert "Nog in te vullen" in client.get("/vandaag").get_data(as_text=True)


def test_a_cancelled_lesson_is_not_open(client: PageClient, taught: Any) -> None:
    with in_school(LEST_BEST):
        make_lesson(taught, held_on=today() - DAY, cancelled_at=datetime(2026, 11, 18, tzinfo=UTC))

    text = client.get("/presentie").get_data(as_text=True)

    assert "Alles is ingevuld" in text


def test_a_lesson_that_another_takes_over_is_hers_to_fill_in(
    client: PageClient, client_at: Any, sign_in: SignIn, taught: Any
) -> None:
    other = client_at("lest-best")
    substitute = sign_in(other, "teacher", name="Noor Bakker")
    with in_school(LEST_BEST):
        lesson = make_lesson(taught, held_on=today() - DAY, substitute_id=substitute.account_id)

    assert str(lesson.id) not in client.get("/presentie").get_data(as_text=True)
    assert str(lesson.id) in other.get("/presentie").get_data(as_text=True)


def test_the_office_sees_how_many_are_open(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "administration")
    with in_school(LEST_BEST):
        group = make_group()
        fill_group(group, 1)
        for days in (1, 2, 30):
            make_lesson(group, held_on=today() - days * DAY)
        make_lesson(group, held_on=today(), starts_at=time(13), ends_at=time(15))

    today_page = client.get("/vandaag").get_data(as_text=True)
    listed = client.get("/presentie").get_data(as_text=True)

    assert '<span class="big">3</span>' in today_page
    assert listed.count('<a class="row-link" href="/lessen/') == 3


def _numbers(page: str) -> dict[str, int]:
    """Return each number on the page by the address that it leads to."""
    line = r'<li><span class="main"><a class="row-link" href="([^"]+)">.*?<span class="big">(\d+)<'
    lines = re.findall(line, page, re.S)
    return {address: int(number) for address, number in lines}


@pytest.mark.parametrize("role", ["administration", "coach", "privacy_officer", "management"])
def test_each_number_is_that_of_its_list(client: PageClient, sign_in: SignIn, role: str) -> None:
    with client.app.app_context(), in_school(LEST_BEST):
        amina, bereket = make_learner("Amina"), make_learner("Bereket")
        proposed = {"learner.family_name": "Yusuf", "learner.birth_country": "Marokko", "learner.nationality": "NL"}
        for field, value in proposed.items():
            propose_correction(amina.id, field, value, by=as_learner(amina))
        for learner in (amina, bereket):
            agree(learner, "survey")
            withdraw_consent(learner.id, "survey", by=as_learner(learner))
        make_lesson(make_group(), held_on=today() - 70 * DAY)
    sign_in(client, role)

    told = _numbers(client.get("/vandaag").get_data(as_text=True))

    if "/wijzigingen" in told:
        listed = client.get("/wijzigingen").get_data(as_text=True).count('<article class="card">')
        assert told["/wijzigingen"] == listed
    if "/toestemmingen" in told:
        assert client.get("/toestemmingen").get_data(as_text=True).count("nog 2 te doen") == told["/toestemmingen"] == 2
    assert ("/wijzigingen" in told) == (role != "teacher")
    assert ("/toestemmingen" in told) == (role in {"administration", "privacy_officer"})


def test_management_sees_lessons_and_no_registers(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "management")
    with in_school(LEST_BEST):
        lesson = make_lesson(make_group())

    text = client.get("/vandaag").get_data(as_text=True)

    assert f"/lessen/{lesson.id}" not in text


def test_a_day_without_lessons_says_so(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "teacher")

    assert "Vandaag geen les" in client.get("/vandaag").get_data(as_text=True)


@pytest.mark.parametrize(("role", "most"), [("teacher", 7), ("administration", 12)])
def test_it_takes_few_statements(
    client: PageClient, sign_in: SignIn, count_statements: Callable[[], Any], role: str, most: int
) -> None:
    actor = sign_in(client, role)
    with in_school(LEST_BEST):
        for _ in range(6):
            group = make_group()
            make_teacher_of(group, actor)
            fill_group(group, 2)
            make_lesson(group)
            make_lesson(group, held_on=today() - DAY)
    client.get("/vandaag")

    with count_statements() as statements:
        client.get("/vandaag")

    assert len(statements) <= most, statements


@pytest.mark.parametrize("role", ["teacher", "administration"])
def test_where_the_school_keeps_no_attendance_nothing_is_open(
    client_at: Callable[[str], PageClient], sign_in: SignIn, role: str
) -> None:
    client = client_at("leren-leren")
    actor = sign_in(client, role)
    with in_school(school_id("leren-leren")):
        group = make_group("A2 ochtend")
        make_teacher_of(group, actor)
        fill_group(group, 3)
        make_lesson(group)

    text = client.get("/vandaag").get_data(as_text=True)

    assert "3 cursisten" in text
    assert "van 3 open" not in text
    assert "ingevuld" not in text
