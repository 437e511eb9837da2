"""What a cell of the matrix says, how far a register is, and what a learner's row adds up to."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.attendance.models import Status
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.courses.groups.queries import get_group
from portal.courses.models import LearnerGroup
from portal.hours.matrix.presenters import Cell, CellKind, Matrix, cell_text, present_matrix
from portal.hours.matrix.queries import list_group_learners, list_group_lessons, marks_of_group
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group("A2 ochtend")


@pytest.fixture
def matrix_of(app: Flask) -> Callable[[LearnerGroup], Matrix]:
    def matrix(group: LearnerGroup) -> Matrix:
        found, days = get_group(group.id, PORTAL), {"first": today() - 60 * DAY, "last": today()}
        with app.test_request_context("/"):
            return present_matrix(
                list_group_lessons(found, SYSTEM, **days),
                list_group_learners(found, **days),
                marks_of_group(found, **days),
            )

    return matrix


def test_a_cell_for_each_thing_that_a_register_can_say(
    group: LearnerGroup, matrix_of: Callable[[LearnerGroup], Matrix]
) -> None:
    learner = make_enrolled_learner(group, starts_on=today() - 8 * DAY)
    lessons = [make_lesson(group, held_on=today() - days * DAY) for days in range(9, 0, -1)]
    make_mark(lessons[1], learner)
    make_mark(lessons[2], learner, late_minutes=20, early_minutes=5)
    make_mark(lessons[3], learner).late_minutes = None
    make_mark(lessons[4], learner, Status.ABSENT, is_authorised=True)
    make_mark(lessons[5], learner, Status.EXCUSED, is_authorised=False)
    make_mark(lessons[6], learner)
    lessons[6].cancelled_at = now()
    make_lesson(group, held_on=today(), starts_at=time(15), ends_at=time(17))
    session.flush()

    matrix = matrix_of(group)
    [row] = matrix.rows

    assert [matrix.texts[cell] for cell in row.cells] == [
        "niet in de groep",
        "aanwezig",
        "20 minuten te laat, 5 minuten eerder weg",
        "te laat, minuten nog niet ingevuld",
        "afwezig, geoorloofd",
        "afgemeld, ongeoorloofd",
        "les geannuleerd",
        "nog niet ingevuld",
        "nog niet ingevuld",
        "nog niet begonnen",
    ]
    assert row.percent == round(100 * (165 + 140 + 165) / (5 * 165))
    assert matrix.says_authorised
    assert [(state.open, state.marks) for state in matrix.states[5:]] == [(0, 1), (0, 1), (1, 0), (1, 0), (1, 0)]
    unfinished = [state.lesson.held_on for state in matrix.unfinished]
    assert unfinished == [today() - DAY, today() - 2 * DAY, today() - 3 * DAY]


@pytest.mark.parametrize(
    ("marks", "missed"),
    [
        ("paa", 2),
        ("aaa", 3),
        ("ae ", 2),
        ("aap", 0),
        ("ppa", 0),
        ("   ", 0),
    ],
)
def test_the_last_lessons_missed_are_counted_from_two_on(
    group: LearnerGroup, matrix_of: Callable[[LearnerGroup], Matrix], marks: str, missed: int
) -> None:
    learner = make_enrolled_learner(group)
    said: dict[str, Any] = {"p": Status.PRESENT, "a": Status.ABSENT, "e": Status.EXCUSED}
    for at, mark in enumerate(marks):
        lesson = make_lesson(group, held_on=today() - (5 - at) * DAY)
        if mark != " ":
            make_mark(lesson, learner, said[mark])

    [row] = matrix_of(group).rows

    assert row.missed == missed


def test_months_and_days_with_two_lessons_are_told(
    group: LearnerGroup, matrix_of: Callable[[LearnerGroup], Matrix]
) -> None:
    make_lesson(group, held_on=date(2026, 10, 30))
    for hour in (9, 13):
        make_lesson(group, held_on=date(2026, 11, 2), starts_at=time(hour), ends_at=time(hour + 2))

    matrix = matrix_of(group)

    assert matrix.months == [(date(2026, 10, 1), 1), (date(2026, 11, 1), 2)]
    assert matrix.busy_days == {date(2026, 11, 2)}
    assert matrix.rows == []


def test_every_kind_of_cell_has_words(app: Flask) -> None:
    with app.test_request_context("/"):
        assert all(cell_text(Cell(kind)) for kind in CellKind)
