"""Lessons made from the weekly timetable: once, never on free days, at the same hour in summer and winter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.attendance.models import AttendanceMark, Status
from portal.attendance.registers.queries import Mark
from portal.attendance.registers.recount import recount_minutes
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.core.http.scope import SYSTEM
from portal.courses.lessons.services import cancel_lesson, delete_lesson, restore_lesson, save_lesson
from portal.courses.models import LearnerGroup, Lesson, lesson_minutes
from portal.courses.timetable.services import Cleared, add_holiday, add_slot, end_slot, make_lessons, remove_holiday
from portal.permissions import Permission
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.courses import (
    make_enrolled_learner,
    make_group,
    make_holiday,
    make_lesson,
    make_slot,
)
from tests.signing_in import make_account

MONDAY = date(2026, 10, 19)
OFFICE = Actor(None, "Kantoor", permissions=frozenset({Permission.TIMETABLE_KEEP.value}), scope=SYSTEM)


@pytest.fixture(autouse=True)
def on_monday(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 10, 19, 7, 0, tzinfo=UTC))


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group()


def lessons() -> list[Lesson]:
    session.expire_all()
    return list(session.scalars(select(Lesson).order_by(Lesson.held_on, Lesson.starts_at)))


def slot_values(**values: Any) -> dict[str, Any]:
    facts = {"weekday": 0, "starts_at": time(9), "ends_at": time(12), "break_minutes": 15, "room": "3"}
    return {**facts, "from_on": MONDAY, "until_on": None, **values, "by": OFFICE}


def test_a_weekly_lesson_makes_lessons_twelve_weeks_ahead(group: LearnerGroup) -> None:
    add_slot(group.id, **slot_values())

    made = lessons()
    assert [lesson.held_on for lesson in made] == [MONDAY + timedelta(weeks=week) for week in range(13)]
    assert {(lesson.starts_at, lesson.ends_at, lesson.minutes) for lesson in made} == {(time(9), time(12), 165)}


def test_making_lessons_twice_makes_them_once(group: LearnerGroup) -> None:
    make_slot(group)

    first, second = make_lessons(), make_lessons()

    assert (first, second) == (13, 0)
    assert len(lessons()) == 13


def test_free_days_and_days_outside_the_group_are_skipped(school: SchoolView) -> None:
    group = make_group(ends_on=MONDAY + timedelta(weeks=3))
    make_holiday(MONDAY + timedelta(days=5), MONDAY + timedelta(days=9))
    make_slot(group)

    make_lessons()

    assert [lesson.held_on for lesson in lessons()] == [MONDAY + timedelta(weeks=week) for week in (0, 2, 3)]


def test_a_lesson_keeps_its_hour_when_the_clock_changes(group: LearnerGroup) -> None:
    add_slot(group.id, **slot_values())

    before, after = lessons()[:2]
    assert (before.held_on, after.held_on) == (date(2026, 10, 19), date(2026, 10, 26))
    assert before.starts_at == after.starts_at == time(9)
    assert before.minutes == after.minutes


def test_a_night_lesson_lasts_as_long_as_it_really_does() -> None:
    assert lesson_minutes(date(2026, 10, 25), time(1, 30), time(4), 0) == 210
    assert lesson_minutes(date(2026, 3, 29), time(1, 30), time(4), 0) == 90
    assert lesson_minutes(date(2026, 3, 28), time(1, 30), time(4), 30) == 120


@given(
    day=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    start=st.integers(0, 1438),
    length=st.integers(1, 1439),
    pause=st.integers(0, 240),
    late=st.integers(0, 2000),
    early=st.integers(0, 2000),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_minutes_are_never_negative_nor_more_than_the_lesson(
    *, day: date, start: int, length: int, pause: int, late: int, early: int
) -> None:
    end = min(1439, start + length)
    minutes = lesson_minutes(day, time(*divmod(start, 60)), time(*divmod(end, 60)), pause)

    mark = Mark(learner_id=UUID(int=1), status=Status.PRESENT, late_minutes=late, early_minutes=early)
    counted = mark.contact_minutes(minutes)

    assert 0 <= counted <= minutes <= end - start + 60
    assert replace(mark, status=Status.ABSENT).contact_minutes(minutes) == 0
    assert counted == minutes - late - early or counted == 0
    assert replace(mark, late_minutes=0, early_minutes=0).contact_minutes(minutes) == minutes


def test_a_new_holiday_takes_empty_lessons_away_and_leaves_the_others(group: LearnerGroup) -> None:
    add_slot(group.id, **slot_values())
    marked = lessons()[0]
    make_mark(marked, make_enrolled_learner(group))

    cleared = add_holiday(name="Herfst", starts_on=MONDAY, ends_on=MONDAY + timedelta(days=13), by=OFFICE)

    assert cleared == Cleared(gone=1, kept=1)
    assert [lesson.held_on for lesson in lessons()[:2]] == [MONDAY, MONDAY + timedelta(weeks=2)]


def test_taking_a_holiday_away_brings_its_lessons_back(group: LearnerGroup) -> None:
    holiday = make_holiday(MONDAY + timedelta(weeks=1))
    add_slot(group.id, **slot_values())

    made = remove_holiday(holiday.id, by=OFFICE)

    assert made == 1
    assert len(lessons()) == 13


def test_a_weekly_lesson_that_ends_takes_its_empty_lessons_along(group: LearnerGroup) -> None:
    slot = add_slot(group.id, **slot_values())

    cleared = end_slot(group.id, slot.id, until_on=MONDAY + timedelta(weeks=2), by=OFFICE)

    assert cleared == Cleared(gone=10, kept=0)
    assert len(lessons()) == 3
    assert make_lessons() == 0


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_at": time(9)}, "ends_at"),
        ({"break_minutes": 180}, "break_minutes"),
        ({"break_minutes": -1}, "break_minutes"),
        ({"until_on": MONDAY - timedelta(days=1)}, "until_on"),
    ],
)
def test_a_weekly_lesson_that_cannot_be_is_refused(group: LearnerGroup, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        add_slot(group.id, **slot_values(**values))

    assert refusal.value.field == field


def test_two_weekly_lessons_at_one_time_are_refused(group: LearnerGroup) -> None:
    add_slot(group.id, **slot_values())

    with pytest.raises(Invalid):
        add_slot(group.id, **slot_values(starts_at=time(11), ends_at=time(13)))
    add_slot(group.id, **slot_values(starts_at=time(12), ends_at=time(13)))


def test_a_lesson_with_marks_is_not_deleted(group: LearnerGroup) -> None:
    lesson = make_lesson(group)
    make_mark(lesson, make_enrolled_learner(group))

    with pytest.raises(Conflict) as refusal:
        delete_lesson(group.id, lesson.id, by=OFFICE)

    assert refusal.value.code == "lesson_has_marks"
    delete_lesson(group.id, make_lesson(group, starts_at=time(13), ends_at=time(14)).id, by=OFFICE)
    assert len(lessons()) == 1


def test_cancelling_keeps_the_marks_and_putting_back_counts_them_again(group: LearnerGroup) -> None:
    from portal.hours.queries import hours_of_learner

    learner, lesson = make_enrolled_learner(group), make_lesson(group)
    make_mark(lesson, learner)
    before = hours_of_learner(learner.id, SYSTEM)

    cancel_lesson(group.id, lesson.id, because="De verwarming is stuk", by=OFFICE)
    cancelled = hours_of_learner(learner.id, SYSTEM)
    restore_lesson(group.id, lesson.id, by=OFFICE)

    assert before.minutes_attended == hours_of_learner(learner.id, SYSTEM).minutes_attended == 165
    assert cancelled.minutes_attended == cancelled.minutes_offered == 0


def test_marks_count_by_the_new_times_of_a_lesson(group: LearnerGroup) -> None:
    lesson = make_lesson(group)
    make_mark(lesson, make_enrolled_learner(group), late_minutes=20)
    make_mark(lesson, make_enrolled_learner(group, "Bilal"), Status.ABSENT)

    values = {"held_on": lesson.held_on, "starts_at": time(9), "ends_at": time(11), "break_minutes": 0, "room": None}
    save_lesson(group.id, lesson.id, **values, substitute_id=None, by=OFFICE)
    first, second = recount_minutes(lesson.id), recount_minutes(lesson.id)

    assert (first, second) == (1, 0)
    session.expire_all()
    assert sorted(session.scalars(select(AttendanceMark.minutes))) == [0, 100]


def test_a_substitute_is_a_teacher_of_the_school(group: LearnerGroup) -> None:
    clerk = make_account("Kim", "administration")
    lesson = make_lesson(group)
    values = {"held_on": lesson.held_on, "starts_at": time(9), "ends_at": time(12), "break_minutes": 0, "room": None}

    with pytest.raises(Invalid):
        save_lesson(group.id, lesson.id, **values, substitute_id=clerk.id, by=OFFICE)


def test_only_who_keeps_the_timetable_changes_it(group: LearnerGroup) -> None:
    with pytest.raises(NotAllowed):
        add_slot(group.id, **{**slot_values(), "by": PORTAL})


def test_a_lesson_of_another_group_is_not_found(group: LearnerGroup) -> None:
    with pytest.raises(NotFound):
        cancel_lesson(make_group().id, make_lesson(group).id, because="x", by=OFFICE)
