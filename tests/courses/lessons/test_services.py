"""What somebody changed in a weekly lesson stays: it isn't made again, and no holiday or end takes it away."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.courses.forms import CoursesForm
from portal.courses.groups.services import save_group
from portal.courses.lessons.services import cancel_lesson, check_times, delete_lesson, restore_lesson, save_lesson
from portal.courses.models import Holiday, LearnerGroup, Lesson, TimetableSlot
from portal.courses.timetable.services import Cleared, add_holiday, add_slot, end_slot, make_lessons, remove_holiday
from portal.notifications.models import NotificationKind
from portal.permissions import Permission
from portal.schools.queries import SchoolView
from tests.factories.courses import make_group, make_lesson
from tests.factories.notifications import told_of
from tests.signing_in import make_account

MONDAY = date(2026, 10, 19)
WEEK = timedelta(weeks=1)
OFFICE = Actor(None, "Kantoor", permissions=frozenset({Permission.TIMETABLE_KEEP.value}), scope=SYSTEM)
Change = Callable[[Lesson], object]


@pytest.fixture(autouse=True)
def on_monday(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 10, 19, 7, 0, tzinfo=UTC))


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group()


@pytest.fixture
def slot(group: LearnerGroup) -> TimetableSlot:
    """Mondays from nine to twelve: thirteen lessons, the first today."""
    return weekly(group)


def weekly(group: LearnerGroup, **values: Any) -> TimetableSlot:
    facts = {"weekday": 0, "starts_at": time(9), "ends_at": time(12), "break_minutes": 15, "room": None}
    return add_slot(group.id, **{**facts, "from_on": MONDAY, "until_on": None, **values}, by=OFFICE)


def lessons() -> list[Lesson]:
    session.expire_all()
    return list(session.scalars(select(Lesson).order_by(Lesson.held_on, Lesson.starts_at)))


def change(lesson: Lesson, **values: Any) -> None:
    names = ("held_on", "starts_at", "ends_at", "break_minutes", "kind", "place", "room", "substitute_id")
    facts = {name: getattr(lesson, name) for name in names}
    save_lesson(lesson.group_id, lesson.id, **{**facts, **values}, by=OFFICE)


def substitute(lesson: Lesson) -> None:
    change(lesson, substitute_id=make_account("Noor Bakker", "teacher").id)


def cancel(lesson: Lesson) -> None:
    cancel_lesson(lesson.group_id, lesson.id, because="De verwarming is stuk", by=OFFICE)


CHANGES: dict[str, Change] = {
    "another day": lambda lesson: change(lesson, held_on=lesson.held_on + timedelta(days=1)),
    "another week": lambda lesson: change(lesson, held_on=lesson.held_on + WEEK, starts_at=time(13), ends_at=time(15)),
    "another hour": lambda lesson: change(lesson, starts_at=time(10)),
    "another room": lambda lesson: change(lesson, room="Aula"),
    "a substitute": substitute,
    "cancelled": cancel,
}


@pytest.mark.parametrize("how", CHANGES)
def test_a_changed_lesson_is_not_made_again(slot: TimetableSlot, how: str) -> None:
    CHANGES[how](lessons()[2])

    assert make_lessons() == 0
    assert len(lessons()) == 13


def test_a_deleted_lesson_is_not_made_again(group: LearnerGroup, slot: TimetableSlot) -> None:
    deleted = lessons()[2].held_on
    delete_lesson(group.id, lessons()[2].id, by=OFFICE)

    assert make_lessons() == 0
    assert make_lessons(since=MONDAY) == 0
    assert deleted not in {lesson.held_on for lesson in lessons()}


def test_a_lesson_can_be_put_by_hand_where_one_was_deleted_or_moved(group: LearnerGroup, slot: TimetableSlot) -> None:
    day = lessons()[2].held_on
    delete_lesson(group.id, lessons()[2].id, by=OFFICE)

    make_lesson(group, held_on=day)

    assert make_lessons() == 0
    assert [lesson.held_on for lesson in lessons()].count(day) == 1


@pytest.mark.parametrize("how", [how for how in CHANGES if how != "another week"])
def test_a_holiday_leaves_what_somebody_changed(slot: TimetableSlot, how: str) -> None:
    lesson = lessons()[1]
    CHANGES[how](lesson)

    cleared = add_holiday(name="Herfst", starts_on=MONDAY, ends_on=MONDAY + timedelta(days=13), by=OFFICE)

    assert cleared == Cleared(gone=1, kept=0 if how == "cancelled" else 1)
    assert lesson.id in {each.id for each in lessons()}


@pytest.mark.parametrize("how", CHANGES)
def test_the_end_of_a_weekly_lesson_leaves_what_somebody_changed(
    group: LearnerGroup, slot: TimetableSlot, how: str
) -> None:
    lesson = lessons()[5]
    CHANGES[how](lesson)

    cleared = end_slot(group.id, slot.id, until_on=MONDAY, by=OFFICE)

    assert cleared == Cleared(gone=11, kept=0 if how == "cancelled" else 1)
    assert [each.id for each in lessons()][1:] == [lesson.id]


def test_a_lesson_that_was_put_back_is_a_weekly_lesson_as_before(group: LearnerGroup, slot: TimetableSlot) -> None:
    lesson = lessons()[1]
    cancel(lesson)
    restore_lesson(group.id, lesson.id, by=OFFICE)

    assert add_holiday(name="Herfst", starts_on=lesson.held_on, ends_on=lesson.held_on, by=OFFICE).gone == 1


def test_storing_a_lesson_as_it_was_changes_nothing(slot: TimetableSlot) -> None:
    change(lessons()[1])

    assert add_holiday(name="Herfst", starts_on=MONDAY + WEEK, ends_on=MONDAY + WEEK, by=OFFICE).gone == 1


def test_a_holiday_that_goes_brings_back_what_it_took_and_nothing_else(
    group: LearnerGroup, slot: TimetableSlot
) -> None:
    change(lessons()[1], held_on=lessons()[1].held_on + timedelta(days=1))
    delete_lesson(group.id, lessons()[2].id, by=OFFICE)
    last = MONDAY + timedelta(days=27)
    add_holiday(name="Herfst", starts_on=MONDAY, ends_on=last, by=OFFICE)
    [holiday] = session.scalars(select(Holiday))

    assert remove_holiday(holiday.id, by=OFFICE) == 2
    assert len(lessons()) == 12


def test_a_changed_timetable_has_each_week_once(group: LearnerGroup, slot: TimetableSlot) -> None:
    moved = lessons()[6]
    change(moved, held_on=moved.held_on + timedelta(days=2))

    end_slot(group.id, slot.id, until_on=MONDAY + 3 * WEEK, by=OFFICE)
    weekly(group, starts_at=time(10), ends_at=time(13), from_on=MONDAY + 4 * WEEK)

    assert make_lessons() == 0
    assert [(lesson.held_on, lesson.starts_at.hour) for lesson in lessons() if lesson.id != moved.id] == [
        (MONDAY + week * WEEK, 9 if week < 4 else 10) for week in range(13)
    ]


def test_a_weekly_lesson_can_last_longer_again_but_not_over_another(group: LearnerGroup, slot: TimetableSlot) -> None:
    end_slot(group.id, slot.id, until_on=MONDAY + WEEK, by=OFFICE)
    end_slot(group.id, slot.id, until_on=MONDAY + 3 * WEEK, by=OFFICE)
    assert len(lessons()) == 4
    weekly(group, starts_at=time(10), ends_at=time(13), from_on=MONDAY + 5 * WEEK)

    with pytest.raises(Invalid) as refusal:
        end_slot(group.id, slot.id, until_on=MONDAY + 6 * WEEK, by=OFFICE)

    assert (refusal.value.field, refusal.value.code) == ("ends_on", "slot_overlaps")


def change_group(group: LearnerGroup, **values: Any) -> None:
    names = ("name", "course_id", "room", "starts_on", "ends_on")
    save_group(group.id, **{**{name: getattr(group, name) for name in names}, **values}, by=OFFICE)


def test_a_group_that_ends_has_no_weekly_lessons_after_it(group: LearnerGroup, slot: TimetableSlot) -> None:
    kept = lessons()[8]
    substitute(kept)

    change_group(group, ends_on=MONDAY + 3 * WEEK)

    assert [lesson.held_on for lesson in lessons()] == [MONDAY + week * WEEK for week in (0, 1, 2, 3, 8)]
    change_group(group, ends_on=None)
    assert [lesson.held_on for lesson in lessons()] == [MONDAY + week * WEEK for week in range(13)]


def test_a_group_in_another_room_has_its_weekly_lessons_there(group: LearnerGroup, slot: TimetableSlot) -> None:
    change(lessons()[1], room="Aula")

    change_group(group, room="4")

    assert [lesson.room for lesson in lessons()[:3]] == ["4", "Aula", "4"]


TIMES = {
    "past midnight": ({"starts_at": time(23), "ends_at": time(1)}, "past_midnight"),
    "no length": ({"starts_at": time(9), "ends_at": time(9)}, "past_midnight"),
    "a break over four hours": (
        {"starts_at": time(9), "ends_at": time(16, 30), "break_minutes": 241},
        "break_too_long",
    ),
    "all break": ({"starts_at": time(9), "ends_at": time(10), "break_minutes": 60}, "break_too_long"),
    "less than no break": ({"break_minutes": -1}, "break_too_long"),
}


@pytest.mark.parametrize(("times", "code"), TIMES.values(), ids=TIMES)
def test_a_weekly_and_a_single_lesson_have_one_set_of_limits(
    group: LearnerGroup, slot: TimetableSlot, times: dict[str, Any], code: str
) -> None:
    with pytest.raises(Invalid) as weekly_refusal:
        weekly(group, weekday=1, **times)
    with pytest.raises(Invalid) as single_refusal:
        change(lessons()[0], **times)

    assert weekly_refusal.value.code == single_refusal.value.code == code
    assert code in CoursesForm.messages
    assert str(CoursesForm.messages[code]) % weekly_refusal.value.facts


NIGHTS = {
    "begins in the hour that is skipped": (date(2026, 3, 29), time(2, 30), time(3, 15), 0, "hour_skipped"),
    "ends in it": (date(2026, 3, 29), time(1, 30), time(2, 30), 0, "hour_skipped"),
    "an hour shorter than its break": (date(2026, 3, 29), time(1, 30), time(3, 30), 60, "break_too_long"),
    "an hour longer, not by the clock": (date(2026, 10, 25), time(2, 30), time(3), 40, "break_too_long"),
}


@pytest.mark.parametrize(("day", "starts", "ends", "pause", "code"), NIGHTS.values(), ids=NIGHTS)
def test_a_lesson_is_at_times_that_come_by(*, day: date, starts: time, ends: time, pause: int, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_times(day, starts, ends, pause)

    assert refusal.value.code == code


@given(
    day=st.sampled_from([date(2026, 3, 29), date(2026, 10, 25)]) | st.dates(date(2026, 1, 1), date(2035, 12, 31)),
    start=st.integers(0, 1439),
    end=st.integers(0, 1439),
    pause=st.integers(-5, 300),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_not_refused_in_words_is_stored(
    group: LearnerGroup, *, day: date, start: int, end: int, pause: int
) -> None:
    times = {"starts_at": time(*divmod(start, 60)), "ends_at": time(*divmod(end, 60)), "break_minutes": pause}
    refused = None
    with session.begin_nested() as savepoint:
        try:
            lesson = save_lesson(group.id, None, held_on=day, room=None, substitute_id=None, by=OFFICE, **times)
            counted = session.scalar(select(Lesson.minutes).where(Lesson.id == lesson.id))
            assert counted == lesson.minutes > 0
        except Invalid as refusal:
            refused = refusal.code
        savepoint.rollback()
    assert refused is None or refused in CoursesForm.messages


def test_a_weekly_night_lesson_leaves_out_the_night_without_its_hour(
    group: LearnerGroup, clock: Callable[[datetime], None]
) -> None:
    clock(datetime(2027, 3, 1, 7, 0, tzinfo=UTC))
    weekly(group, weekday=6, starts_at=time(2, 15), ends_at=time(4), from_on=date(2027, 3, 1))

    days = [lesson.held_on for lesson in lessons()]
    assert date(2027, 3, 21) in days
    assert date(2027, 3, 28) not in days
    assert date(2027, 4, 4) in days


def test_the_reason_of_a_cancelled_lesson_tells_nothing_of_anybodys_health(group: LearnerGroup) -> None:
    lesson = make_lesson(group, held_on=MONDAY + WEEK)

    with pytest.raises(Invalid) as refusal:
        cancel_lesson(group.id, lesson.id, because="De docent heeft griep.", by=OFFICE)

    assert (refusal.value.field, refusal.value.facts) == ("because", {"word": "griep"})
    assert lesson.cancelled_at is None


def test_who_takes_a_lesson_over_is_told_once_and_not_of_the_past(group: LearnerGroup) -> None:
    vera = make_account("Vera Smit", "teacher")
    coming, past = make_lesson(group, held_on=MONDAY + WEEK), make_lesson(group, held_on=MONDAY - WEEK)
    for lesson in (coming, coming, past):
        change(lesson, substitute_id=vera.id)

    assert told_of(vera.id) == [(NotificationKind.LESSON_TAKEN_OVER, coming.id, None)]
