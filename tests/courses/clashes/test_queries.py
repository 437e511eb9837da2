"""A teacher, room or learner with two lessons at once is said wherever it comes about, and stands where it is meant."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from portal.accounts.models import Account
from portal.core.clock import now
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.courses.clashes.queries import ClashKind, find_clash, find_clashes
from portal.courses.groups.services import add_teacher
from portal.courses.lessons.services import restore_lesson, save_lesson
from portal.courses.models import LearnerGroup, Lesson, LessonPlace
from portal.courses.timetable.services import add_slot
from portal.permissions import Permission
from portal.schools.queries import SchoolView
from tests.factories.courses import enrol, make_enrolled_learner, make_group, make_lesson, make_teacher_of
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

    assert (refusal.value.field, refusal.value.code) == ("despite", "at_once")
    [clash] = refusal.value.facts["clashes"]
    assert (clash.kind, clash.shared, clash.group) == (ClashKind.TEACHER, "Tess Jansen", "A2 ochtend")
    assert clash.held_on == MONDAY


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
    assert (clash.shared, clash.held_on) == ("Vera Smit", MONDAY)
    assert now().date() < clash.held_on


def test_a_room_that_is_taken_is_said(other: LearnerGroup) -> None:
    group = make_group("C1 ochtend")
    make_lesson(other, held_on=MONDAY, room="Lokaal 3", starts_at=time(10), ends_at=time(12))
    planned = make_lesson(group, held_on=MONDAY, room="lokaal 3", starts_at=time(11), ends_at=time(13))

    [clash] = find_clashes(Lesson.id == planned.id)

    assert (clash.kind, clash.shared, clash.group) == (ClashKind.ROOM, "lokaal 3", "B1 ochtend")
    planned.place = LessonPlace.DISTANCE
    session.flush()
    assert not find_clashes(Lesson.id == planned.id)


def test_learners_in_two_groups_at_one_hour_are_counted_and_not_named(other: LearnerGroup) -> None:
    group = make_group("C1 ochtend")
    both = [make_enrolled_learner(group, name) for name in ("Amina", "Bilal")]
    left = make_enrolled_learner(group, "Chen")
    for learner in both:
        enrol(learner, other)
    enrol(left, other, ends_on=MONDAY - timedelta(days=1))
    make_lesson(other, held_on=MONDAY, starts_at=time(10), ends_at=time(12))
    make_lesson(group, held_on=MONDAY, starts_at=time(9), ends_at=time(11))

    [clash] = find_clashes(Lesson.group_id == group.id)

    assert (clash.kind, clash.count, clash.shared) == (ClashKind.LEARNERS, 2, "")
    assert (clash.group, clash.held_on) == ("B1 ochtend", MONDAY)


def test_a_weekly_lesson_says_every_clash_of_its_lessons(teacher: Account, other: LearnerGroup) -> None:
    make_teacher_of(other, teacher)
    make_lesson(make_group("C1"), held_on=MONDAY + timedelta(days=7), room="3", starts_at=time(9), ends_at=time(12))
    make_lesson(other, held_on=MONDAY + timedelta(days=14), starts_at=time(11), ends_at=time(13))

    with pytest.raises(Invalid) as refusal:
        add_slot(other.id, weekday=0, from_on=MONDAY, until_on=None, **AT_NINE | {"room": "3"}, by=OFFICE)

    clashes = [(clash.kind, clash.held_on) for clash in refusal.value.facts["clashes"]]
    days = [MONDAY + timedelta(days=at) for at in (0, 7, 14)]
    assert clashes == list(zip((ClashKind.TEACHER, ClashKind.ROOM, ClashKind.GROUP), days, strict=True))


@pytest.mark.parametrize("despite", [False, True])
@pytest.mark.parametrize(("starts", "ends"), [(9, 12), (10, 11), (11, 14), (8, 10)])
def test_a_group_never_has_two_lessons_at_one_moment(
    other: LearnerGroup, starts: int, ends: int, despite: bool
) -> None:
    make_lesson(other, held_on=MONDAY, starts_at=time(9), ends_at=time(12))
    hours = {**AT_NINE, "starts_at": time(starts), "ends_at": time(ends)}

    with pytest.raises(Invalid) as refusal:
        save_lesson(other.id, None, held_on=MONDAY, substitute_id=None, **hours, despite=despite, by=OFFICE)

    assert (refusal.value.field, refusal.value.code) == ("starts_at", "lesson_twice")


def test_a_lesson_that_moves_to_a_room_that_is_taken_is_asked_about_once(other: LearnerGroup) -> None:
    make_lesson(make_group("C1"), held_on=MONDAY, room="3", starts_at=time(9), ends_at=time(12))
    lesson = make_lesson(other, held_on=MONDAY, starts_at=time(9), ends_at=time(12), break_minutes=0)
    values = {**AT_NINE, "held_on": MONDAY, "substitute_id": None, "room": "3"}

    with pytest.raises(Invalid) as refusal:
        save_lesson(other.id, lesson.id, **values, by=OFFICE)
    save_lesson(other.id, lesson.id, **values, despite=True, by=OFFICE)
    save_lesson(other.id, lesson.id, **values | {"break_minutes": 10}, by=OFFICE)

    assert refusal.value.code == "at_once"
    assert (lesson.room, lesson.break_minutes) == ("3", 10)


def test_a_lesson_that_is_put_back_is_asked_about_too(other: LearnerGroup) -> None:
    make_lesson(make_group("C1"), held_on=MONDAY, room="3", starts_at=time(9), ends_at=time(12))
    lesson = make_lesson(other, held_on=MONDAY, room="3", starts_at=time(9), ends_at=time(12), cancelled_at=now())

    with pytest.raises(Invalid) as refusal:
        restore_lesson(other.id, lesson.id, by=OFFICE)
    restore_lesson(other.id, lesson.id, despite=True, by=OFFICE)

    assert [clash.kind for clash in refusal.value.facts["clashes"]] == [ClashKind.ROOM]
    assert not lesson.is_cancelled


def test_a_lesson_is_not_put_back_where_its_group_has_another_now(other: LearnerGroup) -> None:
    lesson = make_lesson(other, held_on=MONDAY, starts_at=time(9), ends_at=time(12), cancelled_at=now())
    make_lesson(other, held_on=MONDAY, starts_at=time(11), ends_at=time(13))

    with pytest.raises(Invalid) as refusal:
        restore_lesson(other.id, lesson.id, despite=True, by=OFFICE)

    assert refusal.value.code == "lesson_twice"
