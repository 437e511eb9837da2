"""The matrix of a group: for who teaches it, without names for who sees figures alone, and as a file."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.attendance.models import Status
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.courses.models import LearnerGroup
from portal.learners.lists.services import list_purposes
from portal.permissions import Role
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import fill_group, make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.page_client import PageClient
from tests.signing_in import SignIn

DAY = timedelta(days=1)
LEST_BEST = school_id("lest-best")


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


def address(group: LearnerGroup, more: str = "") -> str:
    return f"/groepen/{group.id}/presentie/lessen{more}"


def make_filled(given_name: str = "Amina") -> tuple[LearnerGroup, Any]:
    """A group with one learner: away yesterday, the day before not filled in, the day before that cancelled."""
    group = make_group("A2 ochtend")
    learner = make_enrolled_learner(group, given_name)
    lessons = [make_lesson(group, held_on=today() - days * DAY) for days in (1, 2, 3)]
    make_mark(lessons[0], learner, Status.ABSENT, is_authorised=True)
    lessons[2].cancelled_at, lessons[2].cancelled_because = now(), "Studiedag"
    return group, lessons


def test_a_teacher_reads_who_missed_what_and_opens_each_register(client: PageClient, sign_in: SignIn) -> None:
    teacher = sign_in(client, "teacher")
    with in_school(LEST_BEST):
        group, lessons = make_filled()
        make_teacher_of(group, teacher)
        other = make_group()

    answer = client.get(address(group))
    text = answer.get_data(as_text=True)

    assert "afwezig, geoorloofd" in text
    assert "Studiedag" in text
    assert text.count(f"/lessen/{lessons[1].id}/presentie") == 2
    assert client.get(address(group, "?maanden=1&tot=2026-10-01")).get_data(as_text=True).count("/lessen/") < 9
    assert client.get(address(other)).status_code == 404
    assert client.get(address(group, "?maanden=5")).status_code == 422


def test_a_register_that_she_does_not_reach_is_no_link(client: PageClient, sign_in: SignIn) -> None:
    teacher = sign_in(client, "teacher")
    with in_school(LEST_BEST):
        group, lessons = make_filled()
        make_teacher_of(group, teacher, starts_on=today() - DAY)

    text = client.get(address(group)).get_data(as_text=True)

    assert f'<a href="/lessen/{lessons[0].id}/presentie"' in text
    assert f'<a href="/lessen/{lessons[1].id}/presentie"' not in text


def test_who_sees_figures_alone_reads_how_far_registers_are_and_no_name(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "management")
    with in_school(LEST_BEST):
        group, _lessons = make_filled("Quirina")

    text = client.get(address(group)).get_data(as_text=True)

    assert "Quirina" not in text
    assert "Studiedag" in text
    assert "1 van 1 open" in text
    assert "afwezig" not in text.lower().replace("telt niet als afwezig", "")
    assert client.get(address(group, "/ophalen")).status_code == 403


@pytest.mark.parametrize("size", [2, 9])
def test_it_takes_as_many_statements_for_any_group(
    client: PageClient, sign_in: SignIn, count_statements: Callable[[], Any], size: int
) -> None:
    sign_in(client, "administration")
    with in_school(LEST_BEST):
        group = make_group()
        learners = fill_group(group, size)
        for at in range(size):
            lesson = make_lesson(group, held_on=today() - at * DAY)
            for learner in learners[:-1]:
                make_mark(lesson, learner)
    client.get(address(group))

    with count_statements() as statements:
        client.get(address(group))

    assert len(statements) <= 7, statements


@pytest.mark.promise("LB-03")
def test_the_matrix_goes_out_as_a_file_and_is_written_down(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, Role.ADMINISTRATION)
    with in_school(LEST_BEST):
        group, _lessons = make_filled()
        purpose = list_purposes()[0].key
    asked = client.get(address(group, "/ophalen")).get_data(as_text=True)

    sent = client.post(address(group, "/ophalen"), {"purpose": purpose, "vorm": "csv"})
    written = sent.get_data().decode("utf-8-sig").splitlines()

    assert "elke les" in asked
    assert sent.status_code == 200, sent.get_data(as_text=True)
    assert written[0].startswith("Nummer;Naam;")
    assert written[1].split(";")[3:] == ["les geannuleerd", "nog niet ingevuld", "afwezig, geoorloofd"]
    assert client.post(address(group, "/ophalen"), {"purpose": "", "vorm": "csv"}).status_code == 422
