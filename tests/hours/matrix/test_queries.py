"""What a group's matrix is made of: its lessons, who was in it, their marks; found by keys, whatever their number."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from portal.core.clock import today
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.courses.groups.queries import GroupView, get_group
from portal.courses.models import LearnerGroup
from portal.hours.matrix import queries
from portal.hours.matrix.queries import list_group_learners, list_group_lessons, marks_of_group
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_enrolled_learner, make_group, make_lesson

DAY = timedelta(days=1)
NOVEMBER = {"first": date(2026, 11, 1), "last": date(2026, 11, 20)}


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group("A2 ochtend")


def view(group: LearnerGroup) -> GroupView:
    return get_group(group.id, PORTAL)


def test_lessons_are_the_groups_own_of_these_days_in_order(group: LearnerGroup) -> None:
    days = [date(2026, 11, 2), date(2026, 11, 20), date(2026, 11, 9), date(2026, 10, 31), date(2026, 11, 21)]
    for day in days:
        make_lesson(group, held_on=day, cancelled_at=None)
    make_lesson(make_group(), held_on=date(2026, 11, 3))

    found = list_group_lessons(view(group), SYSTEM, **NOVEMBER)

    assert [each.lesson.held_on.day for each in found] == [2, 9, 20]
    assert all(each.opens for each in found)


def test_who_was_in_the_group_or_has_a_mark_stands_in_it_by_name(group: LearnerGroup) -> None:
    make_enrolled_learner(group, "Amina", "Yusuf", number="C1")
    left = make_enrolled_learner(group, "Chen", "Li", ends_on=date(2026, 11, 3))
    make_enrolled_learner(group, "Weg", "Eerder", ends_on=date(2026, 10, 31))
    guest = make_enrolled_learner(make_group(), "Bilal", "Zaid")
    make_mark(make_lesson(group, held_on=date(2026, 11, 9)), guest)
    enrol(left, group, starts_on=date(2026, 11, 16))

    found = list_group_learners(view(group), **NOVEMBER)

    assert [each.name for each in found] == ["Chen Li", "Amina Yusuf", "Bilal Zaid"]
    assert [found[0].is_in_group_on(date(2026, 11, day)) for day in (3, 4, 15, 16)] == [True, False, False, True]
    assert not found[2].is_in_group_on(date(2026, 11, 9))
    assert all(each.apart_by is None for each in found)


def test_learners_with_the_same_name_are_told_apart(group: LearnerGroup) -> None:
    for number in ("C11", "C12"):
        make_enrolled_learner(group, "Amina", "Yusuf", number=number)
    make_enrolled_learner(group, "Chen", "Li")

    found = list_group_learners(view(group), **NOVEMBER)

    assert [each.apart_by for each in found] == [None, "C11", "C12"]


def test_marks_are_those_of_the_lessons_of_these_days(group: LearnerGroup) -> None:
    learner = make_enrolled_learner(group)
    lesson, before = (make_lesson(group, held_on=date(2026, month, 5)) for month in (11, 10))
    make_mark(lesson, learner, late_minutes=10)
    make_mark(before, learner)
    make_mark(make_lesson(make_group(), held_on=date(2026, 11, 5)), learner)

    found = marks_of_group(view(group), **NOVEMBER)

    assert set(found) == {learner.id}
    assert set(found[learner.id]) == {lesson.id}
    mark = found[learner.id][lesson.id]
    assert (mark.status, mark.late_minutes, mark.minutes) == ("present", 10, 155)


@pytest.mark.parametrize("statement", [queries._learner_statement, queries._mark_statement])
def test_every_row_is_found_by_a_key(group: LearnerGroup, engine: Engine, statement: Callable[[], Any]) -> None:
    learners = [make_enrolled_learner(group) for _ in range(3)]
    for at in range(3):
        lesson = make_lesson(group, held_on=today() - at * DAY)
        for learner in learners:
            make_mark(lesson, learner)
    asked = statement().params(group=group.id, **NOVEMBER)
    written = asked.compile(engine, compile_kwargs={"literal_binds": True})
    session.execute(text("set local enable_seqscan = off"))

    plan = "\n".join(row[0] for row in session.execute(text(f"explain {written}".replace(":", r"\:"))))

    assert "Seq Scan" not in plan
    assert "attendance_mark" in plan
