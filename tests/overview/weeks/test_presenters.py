"""Lessons of a week by day, and by teacher, room and group; two at the same time are said."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from flask import Flask

from portal.attendance.open_registers.queries import list_lessons_between
from portal.core.clock import now
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.courses.groups.queries import list_holidays_between
from portal.courses.models import LessonPlace
from portal.overview.weeks.forms import By, Week
from portal.overview.weeks.presenters import WeekDay, WeekRow, days_of_week, rows_of_week
from portal.schools.queries import SchoolView
from tests.factories.courses import make_group, make_holiday, make_lesson, make_teacher_of
from tests.signing_in import make_account

OFFICE = Actor(None, "Kantoor", permissions=frozenset(), scope=SYSTEM)
WEEK = Week(date(2026, 11, 16))
MONDAY, TUESDAY, SATURDAY = date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 21)


@pytest.fixture(autouse=True)
def on_friday(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


@pytest.fixture
def rows_by(app: Flask, school: SchoolView) -> Callable[[By], list[WeekRow]]:
    def rows(by: By) -> list[WeekRow]:
        with app.test_request_context("/"):
            return rows_of_week(days(), by)

    return rows


def days() -> list[WeekDay]:
    return days_of_week(
        WEEK,
        list_lessons_between(OFFICE, WEEK.first, WEEK.last),
        list_holidays_between(WEEK.first, WEEK.last),
    )


def said(rows: list[WeekRow]) -> dict[str, list[list[str]]]:
    """What stands where: by row the groups of each day, with a mark where two are at once."""
    return {
        row.label: [[each.state.lesson.group_name + "!" * each.is_at_once for each in of_day] for of_day in row.days]
        for row in rows
    }


def test_a_week_has_its_workdays_and_the_weekend_where_there_is_a_lesson(school: SchoolView) -> None:
    make_lesson(make_group(), held_on=MONDAY)
    make_holiday(TUESDAY, name="Studiedag")
    assert [each.day.day for each in days()] == [16, 17, 18, 19, 20]

    make_lesson(make_group(), held_on=SATURDAY)
    week = days()

    assert [each.day.day for each in week] == [16, 17, 18, 19, 20, 21]
    assert [len(each.lessons) for each in week] == [1, 0, 0, 0, 0, 1]
    assert [each.holiday for each in week][:3] == [None, "Studiedag", None]


def test_by_teacher_a_lesson_stands_at_whoever_gives_it(rows_by: Callable[[By], list[WeekRow]]) -> None:
    one, other = make_group("A1"), make_group("B1")
    tess, vera = make_account("Tess", "teacher"), make_account("Vera", "teacher")
    for group in (one, other):
        make_teacher_of(group, tess)
    make_lesson(one, held_on=MONDAY, starts_at=time(9), ends_at=time(11))
    make_lesson(other, held_on=MONDAY, starts_at=time(10), ends_at=time(12))
    make_lesson(one, held_on=TUESDAY, substitute_id=vera.id)
    make_lesson(make_group("C1"), held_on=TUESDAY)

    rows = rows_by(By.TEACHER)

    empty: list[str] = []
    assert said(rows) == {
        "Tess": [["A1!", "B1!"], empty, empty, empty, empty],
        "Vera": [empty, ["A1"], empty, empty, empty],
        "nog geen docent": [empty, ["C1"], empty, empty, empty],
    }
    assert [row.is_nobodys for row in rows] == [False, False, True]


def test_by_room_and_by_group(rows_by: Callable[[By], list[WeekRow]]) -> None:
    one, other = make_group("A1"), make_group("B1")
    make_lesson(one, held_on=MONDAY, room="Lokaal 3", starts_at=time(9), ends_at=time(11))
    make_lesson(other, held_on=MONDAY, room="Lokaal 3", starts_at=time(11), ends_at=time(12))
    make_lesson(one, held_on=TUESDAY, room="Lokaal 4", place=LessonPlace.DISTANCE)
    make_lesson(other, held_on=TUESDAY)
    gone = make_lesson(make_group("C1"), held_on=MONDAY, room="Lokaal 3", starts_at=time(9), ends_at=time(12))
    gone.cancelled_at = now()
    session.flush()

    by_room, by_group = (rows_by(by) for by in (By.ROOM, By.GROUP))

    assert {label: of_days[:2] for label, of_days in said(by_room).items()} == {
        "Lokaal 3": [["A1", "C1", "B1"], []],
        "op afstand": [[], ["A1"]],
        "nog geen lokaal": [[], ["B1"]],
    }
    assert [row.label for row in by_group] == ["A1", "B1", "C1"]
