"""A teacher at two places at once is said wherever it comes about, and stands only where it is meant."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from portal.accounts.models import Account
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.courses.groups.services import add_teacher
from portal.courses.lessons.services import save_lesson
from portal.courses.models import LearnerGroup
from portal.courses.teachers.queries import find_clash
from portal.courses.timetable.services import add_slot
from portal.permissions import Permission
from portal.schools.queries import SchoolView
from tests.factories.courses import make_group, make_lesson, make_teacher_of
from tests.signing_in import make_account

OFFICE = Actor(None, "Kantoor", permissions=frozenset({Permission.TIMETABLE_KEEP.value}), scope=SYSTEM)
MONDAY = date(2026, 11, 23)
AT_NINE = {"starts_at": time(9), "ends_at": time(12), "break_minutes": 0, "room": None}


@pytest.fixture(autouse=True)
def on_friday(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


@pytest.fixture
def teacher(school: SchoolView) -> Account:
    """Return who gives a group a lesson on Monday from nine to twelve."""
    account, group = make_account("Tess Jansen", "teacher"), make_group("A2 ochtend")
    make_teacher_of(group, account)
    make_lesson(group, held_on=MONDAY, starts_at=time(9), ends_at=time(12))
    return account


@pytest.fixture
def other(teacher: Account) -> LearnerGroup:
    return make_group("B1 ochtend")


def becomes_teacher(group: LearnerGroup, teacher: Account, **values: Any) -> Any:
    make_lesson(group, held_on=MONDAY, starts_at=time(11), ends_at=time(13))
    facts = {"starts_on": date(2026, 11, 20), "ends_on": None, "is_substitute": False}
    return add_teacher(group.id, teacher.id, **facts, **values, by=OFFICE)


def gets_weekly_lesson(group: LearnerGroup, teacher: Account, **values: Any) -> Any:
    make_teacher_of(group, teacher)
    return add_slot(group.id, weekday=0, from_on=MONDAY, until_on=None, **AT_NINE, **values, by=OFFICE)


def gets_lesson(group: LearnerGroup, teacher: Account, **values: Any) -> Any:
    make_teacher_of(group, teacher)
    return save_lesson(group.id, None, held_on=MONDAY, substitute_id=None, **AT_NINE, **values, by=OFFICE)


def takes_lesson_over(group: LearnerGroup, teacher: Account, **values: Any) -> Any:
    lesson = make_lesson(group, held_on=MONDAY, starts_at=time(9), ends_at=time(12), break_minutes=0)
    return save_lesson(group.id, lesson.id, held_on=MONDAY, substitute_id=teacher.id, **AT_NINE, **values, by=OFFICE)


@pytest.mark.parametrize("happens", [becomes_teacher, gets_weekly_lesson, gets_lesson, takes_lesson_over])
def test_two_lessons_at_once_are_said_and_stand_where_they_are_meant(
    teacher: Account, other: LearnerGroup, happens: Callable[..., Any]
) -> None:
    with pytest.raises(Invalid) as refusal:
        happens(make_group("B2 ochtend"), teacher)
    happens(other, teacher, despite=True)

    assert (refusal.value.field, refusal.value.code) == ("despite", "teaches_at_once")
    assert refusal.value.facts["teacher"] == "Tess Jansen"
    assert refusal.value.facts["group"] == "A2 ochtend"
    assert refusal.value.facts["day"] == MONDAY


@pytest.mark.parametrize(
    "facts",
    [
        {"starts_at": time(12), "ends_at": time(14)},
        {"held_on": MONDAY + timedelta(days=1)},
        {"held_on": MONDAY - timedelta(days=7)},
        {"cancelled_at": datetime(2026, 11, 19, tzinfo=UTC)},
    ],
)
def test_lessons_that_are_not_given_at_once_are_no_clash(
    teacher: Account, other: LearnerGroup, facts: dict[str, Any]
) -> None:
    make_teacher_of(other, teacher)
    make_lesson(other, **{"held_on": MONDAY, **facts})

    assert find_clash() is None


def test_whoever_is_replaced_has_no_clash_and_who_replaces_has(teacher: Account, other: LearnerGroup) -> None:
    substitute = make_account("Vera Smit", "teacher")
    make_teacher_of(other, teacher)
    make_lesson(other, held_on=MONDAY, substitute_id=substitute.id)
    assert find_clash() is None

    make_lesson(make_group(), held_on=MONDAY, substitute_id=substitute.id)
    clash = find_clash()

    assert clash is not None
    assert (clash.teacher, clash.held_on) == ("Vera Smit", MONDAY)
    assert now().date() < clash.held_on
