"""Attendance and hours in figures: of a learner and of a group, with what isn't filled in apart."""

import inspect
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

import portal.attendance
from portal.attendance.models import Status
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.courses.groups.queries import get_group
from portal.courses.models import LearnerGroup
from portal.hours import queries as hours_queries
from portal.hours.queries import (
    hours_by_week,
    hours_of_learner,
    list_hours_of_group,
    list_lessons_of_learner,
    list_minutes_attended,
)
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Act, Trajectory
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.page_client import PageClient
from tests.signing_in import SignIn

DAY = timedelta(days=1)
LEST_BEST = school_id("lest-best")


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group("A2 ochtend")


def fill(group: LearnerGroup, learner: Learner) -> None:
    """Six lessons that were: there, late, away, excused, not filled in, cancelled; and one to come."""
    lessons = [make_lesson(group, held_on=today() - days * DAY) for days in range(1, 7)]
    make_mark(lessons[0], learner)
    make_mark(lessons[1], learner, late_minutes=20, early_minutes=5)
    make_mark(lessons[2], learner, Status.ABSENT)
    make_mark(lessons[3], learner, Status.EXCUSED)
    make_mark(lessons[5], learner)
    lessons[5].cancelled_at = now()
    make_lesson(group, held_on=today() + DAY)


@pytest.mark.promise("MN-06")
def test_hours_of_a_learner(group: LearnerGroup) -> None:
    from portal.core.db.session import session

    learner = make_enrolled_learner(group)
    fill(group, learner)
    session.add(Trajectory(learner_id=learner.id, act=Act.WI2021, starts_on=today() - 90 * DAY, minutes_before=600))
    session.flush()

    hours = hours_of_learner(learner.id, SYSTEM)

    assert (hours.minutes_attended, hours.minutes_offered, hours.minutes_open) == (305, 825, 165)
    assert (hours.present, hours.late, hours.absent, hours.excused, hours.open) == (2, 1, 1, 1, 1)
    assert (hours.minutes_before, hours.minutes_total) == (600, 905)
    assert hours.percent == 46


def test_nothing_filled_in_is_no_percentage(group: LearnerGroup) -> None:
    learner = make_enrolled_learner(group)
    make_lesson(group, held_on=today() - DAY)

    hours = hours_of_learner(learner.id, SYSTEM)

    assert (hours.percent, hours.absent, hours.open) == (None, 0, 1)


def test_weeks_add_up_to_the_whole_and_begin_on_mondays(group: LearnerGroup) -> None:
    learner = make_enrolled_learner(group)
    fill(group, learner)  # from Saturday 14 to Thursday 19 November
    make_mark(make_lesson(group, held_on=today() - 10 * DAY), learner)
    session.add(Trajectory(learner_id=learner.id, act=Act.WI2021, starts_on=today() - 90 * DAY, minutes_before=600))
    session.flush()

    found = hours_by_week(learner.id, SYSTEM)

    assert found.total == hours_of_learner(learner.id, SYSTEM)
    assert [(monday.isoformat(), week.minutes_attended, week.percent) for monday, week in found.weeks.items()] == [
        ("2026-11-09", 165, 100),
        ("2026-11-16", 305, 46),
    ]
    assert sum(week.minutes_offered for week in found.weeks.values()) == found.total.minutes_offered
    assert sum(week.minutes_before for week in found.weeks.values()) == 0


def test_what_came_along_is_told_before_the_first_lesson(group: LearnerGroup) -> None:
    learner = make_enrolled_learner(group)
    session.add(Trajectory(learner_id=learner.id, act=Act.WI2021, starts_on=today() - 90 * DAY, minutes_before=600))
    session.flush()

    found = hours_by_week(learner.id, SYSTEM)

    assert (found.total.minutes_total, found.weeks) == (600, {})


def test_only_lessons_of_the_own_days_count(group: LearnerGroup) -> None:
    learner = make_enrolled_learner(group, starts_on=today() - 2 * DAY, ends_on=today() - 2 * DAY)
    enrol(learner, make_group(), starts_on=today())
    for days in (1, 2, 3):
        make_lesson(group, held_on=today() - days * DAY)

    assert hours_of_learner(learner.id, SYSTEM).open == 1
    assert [each.lesson.held_on for each in list_lessons_of_learner(learner.id, SYSTEM)] == [today() - 2 * DAY]


def test_a_mark_after_leaving_still_counts(group: LearnerGroup) -> None:
    learner = make_enrolled_learner(group, ends_on=today() - 5 * DAY)
    make_mark(make_lesson(group, held_on=today() - DAY), learner)

    assert hours_of_learner(learner.id, SYSTEM).minutes_attended == 165


def test_lessons_say_how_they_stand(group: LearnerGroup) -> None:
    learner = make_enrolled_learner(group)
    fill(group, learner)

    kinds = [each.kind for each in list_lessons_of_learner(learner.id, SYSTEM)]

    assert kinds == ["ahead", "present", "late", "absent", "excused", "open", "cancelled"]


def test_a_lesson_at_night_is_offered_as_long_as_it_lasts(
    group: LearnerGroup, clock: Callable[[datetime], None]
) -> None:
    learner = make_enrolled_learner(group)
    night = datetime(2026, 10, 25, tzinfo=UTC).date()
    lesson = make_lesson(group, held_on=night, starts_at=time(1, 30), ends_at=time(4), break_minutes=0)
    make_mark(lesson, learner)

    hours = hours_of_learner(learner.id, SYSTEM)

    assert (hours.minutes_attended, hours.minutes_offered, hours.percent) == (210, 210, 100)


def test_hours_of_a_group_are_of_its_own_lessons(group: LearnerGroup) -> None:
    learner = make_enrolled_learner(group)
    fill(group, learner)
    elsewhere = make_group()
    enrol(learner, elsewhere)
    make_mark(make_lesson(elsewhere, held_on=today() - DAY, starts_at=time(13), ends_at=time(15)), learner)

    [line] = list_hours_of_group(get_group(group.id, PORTAL))

    assert (line.name, line.hours.minutes_attended, line.hours.open) == ("Amina Yusuf", 305, 1)
    assert hours_of_learner(learner.id, SYSTEM).minutes_attended == 305 + 105


def test_learners_of_a_group_with_the_same_name_are_told_apart(group: LearnerGroup) -> None:
    for number in ("C11", "C12"):
        make_enrolled_learner(group, "Amina", "Yusuf", number=number)
    make_enrolled_learner(group, "Chen", "Li")
    make_lesson(group, held_on=today() - DAY)

    lines = list_hours_of_group(get_group(group.id, PORTAL))

    assert [line.told_name for line in lines] == ["Chen Li", "Amina Yusuf (C11)", "Amina Yusuf (C12)"]


@pytest.mark.promise("MN-06")
def test_a_teacher_sees_the_figures_of_her_group_and_its_learners(client: PageClient, sign_in: SignIn) -> None:
    teacher = sign_in(client, "teacher")
    with in_school(LEST_BEST):
        group, other = make_group("A2 ochtend"), make_group("B1 avond")
        make_teacher_of(group, teacher)
        learner, stranger = make_enrolled_learner(group), make_enrolled_learner(other)
        fill(group, learner)

    of_group = client.get(f"/groepen/{group.id}/presentie").get_data(as_text=True)
    of_learner = client.get(f"/cursisten/{learner.id}/presentie").get_data(as_text=True)

    assert "5,1" in of_group
    assert "46%" in of_group
    assert "<svg" in of_learner
    assert "15 minuten" not in of_learner
    assert "20 minuten te laat, 5 minuten eerder weg" in of_learner
    assert "nog niet ingevuld" in of_learner
    assert client.get(f"/groepen/{other.id}/presentie").status_code == 404
    assert client.get(f"/cursisten/{stranger.id}/presentie").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("management", 403), ("privacy_officer", 200), ("coach", 200)])
def test_who_sees_a_learners_attendance(client: PageClient, sign_in: SignIn, role: str, status: int) -> None:
    sign_in(client, role)
    with in_school(LEST_BEST):
        learner = make_enrolled_learner(make_group())

    assert client.get(f"/cursisten/{learner.id}/presentie").status_code == status


def test_management_sees_figures_of_a_group_and_nobodys_name(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "management")
    with in_school(LEST_BEST):
        group = make_group()
        learners = [make_enrolled_learner(group) for _ in range(5)]
        lesson = make_lesson(group, held_on=today() - DAY)
        for learner in learners:
            make_mark(lesson, learner)

    text = client.get(f"/groepen/{group.id}/presentie").get_data(as_text=True)

    assert "100%" in text
    assert all(learner.given_name not in text for learner in learners)


@pytest.mark.promise("OP-06", "LL-13")
def test_low_attendance_gives_a_figure_and_never_a_measure(
    client: PageClient, sign_in: SignIn, count_statements: Callable[[], Any]
) -> None:
    sign_in(client, "administration")
    with in_school(LEST_BEST):
        group = make_group()
        learner = make_enrolled_learner(group)
        for days in range(1, 20):
            make_mark(make_lesson(group, held_on=today() - days * DAY), learner, Status.ABSENT)

    with count_statements() as statements:
        text = client.get(f"/groepen/{group.id}/presentie").get_data(as_text=True)

    assert "er volgt niets vanzelf uit" in text
    changed = [each for each in statements if each.lstrip().lower().startswith(("insert", "update", "delete"))]
    assert changed == []
    jobs = (Path(portal.attendance.__file__).parent / "jobs.py").read_text()
    assert "hours" not in jobs
    assert "insert" not in inspect.getsource(hours_queries)


@pytest.mark.parametrize("size", [2, 9])
def test_figures_take_as_many_statements_for_any_group(
    client: PageClient, sign_in: SignIn, count_statements: Callable[[], Any], size: int
) -> None:
    sign_in(client, "administration")
    with in_school(LEST_BEST):
        group = make_group()
        for _ in range(size):
            fill_once = make_enrolled_learner(group)
        lesson = make_lesson(group, held_on=today() - DAY)
        make_mark(lesson, fill_once)
    client.get(f"/groepen/{group.id}/presentie")

    with count_statements() as statements:
        client.get(f"/groepen/{group.id}/presentie")

    assert len(statements) <= 5, statements


@pytest.mark.usefixtures("school")
def test_minutes_of_many_are_those_that_each_learners_own_hours_have() -> None:
    group = make_group()
    learners = [make_enrolled_learner(group) for _ in range(3)]
    lessons = [make_lesson(group, held_on=today() - days * DAY) for days in (40, 9, 3)]
    lessons[1].cancelled_at, lessons[1].cancelled_because = now(), "ziek"
    lessons.append(make_lesson(group, held_on=today() + 5 * DAY))
    for at, lesson in enumerate(lessons):
        make_mark(lesson, learners[0], late_minutes=at)
        make_mark(lesson, learners[1], Status.ABSENT)
    session.flush()

    found = list_minutes_attended([each.id for each in learners], SYSTEM)

    assert found == {each.id: hours_of_learner(each.id, SYSTEM).minutes_attended for each in learners}
    assert found[learners[0].id] > 0
    assert found[learners[2].id] == 0
