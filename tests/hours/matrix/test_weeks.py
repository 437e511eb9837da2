"""The weeks of a group: what share of the lesson time each learner followed, drawn and as a table."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from portal.attendance.models import Status
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.courses.groups.queries import get_group
from portal.courses.models import LearnerGroup
from portal.hours.matrix.queries import list_group_learners, list_group_lessons, marks_of_group
from portal.hours.matrix.weeks import MOST_WEEKS, Weeks, list_steps, present_weeks
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.page_client import PageClient
from tests.signing_in import SignIn

DAY = timedelta(days=1)
LEST_BEST = school_id("lest-best")


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))  # a Friday


@pytest.fixture
def weeks_of(app: Flask) -> Callable[[LearnerGroup], Weeks]:
    def weeks(group: LearnerGroup) -> Weeks:
        found, days = get_group(group.id, PORTAL), {"first": today() - 200 * DAY, "last": today()}
        with app.test_request_context("/"):
            return present_weeks(
                list_group_lessons(found, SYSTEM, **days),
                list_group_learners(found, **days),
                marks_of_group(found, **days),
            )

    return weeks


def test_a_week_is_the_share_of_what_is_filled_in(
    school: SchoolView, weeks_of: Callable[[LearnerGroup], Weeks]
) -> None:
    group = make_group()
    amina = make_enrolled_learner(group, "Amina", starts_on=today() - 60 * DAY)
    make_enrolled_learner(group, "Bilal", starts_on=today() - 60 * DAY)
    this_week, before = make_lesson(group, held_on=today() - DAY), make_lesson(group, held_on=today() - 8 * DAY)
    other = make_lesson(group, held_on=today() - 9 * DAY)
    cancelled = make_lesson(group, held_on=today() - 15 * DAY)
    cancelled.cancelled_at, cancelled.cancelled_because = now(), "Studiedag"
    make_lesson(group, held_on=today() + DAY)
    make_mark(this_week, amina)
    make_mark(before, amina)
    make_mark(other, amina, Status.ABSENT)

    found = weeks_of(group)

    assert [week.number for week in found.weeks] == [46, 47]
    first, second = found.rows
    assert [(cell.percent, cell.step) for cell in first.cells] == [(50, 1), (100, 3)]
    assert [cell.percent for cell in second.cells] == [None, None]
    assert list_steps()[0] == (0, "0–49%")


def test_the_last_thirteen_weeks_are_drawn(school: SchoolView, weeks_of: Callable[[LearnerGroup], Weeks]) -> None:
    group = make_group()
    make_enrolled_learner(group, starts_on=today() - 190 * DAY)
    for weeks in range(15):
        make_lesson(group, held_on=today() - (1 + 7 * weeks) * DAY)

    found = weeks_of(group)

    assert (len(found.weeks), found.left_out) == (MOST_WEEKS, 2)


def test_a_teacher_reads_the_weeks_of_her_group_alone(client: PageClient, sign_in: SignIn) -> None:
    teacher = sign_in(client, "teacher")
    with in_school(LEST_BEST):
        group, other = make_group("A2 ochtend"), make_group()
        learner = make_enrolled_learner(group, "Quirina")
        make_mark(make_lesson(group, held_on=today() - DAY), learner)
        make_teacher_of(group, teacher)

    text = client.get(f"/groepen/{group.id}/presentie/weken").get_data(as_text=True)

    assert "Quirina" in text
    assert "<svg" in text
    assert "week 47, vanaf" in text
    assert client.get(f"/groepen/{other.id}/presentie/weken").status_code == 404


def test_who_sees_figures_alone_reads_no_names(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "management")
    with in_school(LEST_BEST):
        group = make_group()
        make_enrolled_learner(group, "Quirina")

    answer = client.get(f"/groepen/{group.id}/presentie/weken")

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/groepen/{group.id}/presentie/lessen")
