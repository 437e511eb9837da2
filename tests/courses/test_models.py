"""What is true of a lesson and of a weekly slot: Python and PostgreSQL say the same, also when the clock changes."""

from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from portal.core.clock import now
from portal.core.db.session import session
from portal.courses.models import Lesson, TimetableSlot, moment_of
from portal.schools.queries import SchoolView
from tests.factories.courses import make_group, make_lesson, make_slot

SHARED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CLOCK_CHANGES = [date(2026, 3, 29), date(2026, 10, 25)]
any_day = st.sampled_from(CLOCK_CHANGES) | st.dates(date(2020, 1, 1), date(2035, 12, 31))


@SHARED
@given(day=any_day, start=st.integers(0, 1438), length=st.integers(1, 1439), pause=st.integers(0, 240))
def test_a_lesson_lasts_as_long_in_both(school: SchoolView, *, day: date, start: int, length: int, pause: int) -> None:
    lesson = session.scalar(select(Lesson)) or make_lesson()
    end = min(1439, start + length)
    times = {"starts_at": time(*divmod(start, 60)), "ends_at": time(*divmod(end, 60))}
    session.execute(
        update(Lesson).values(held_on=day, break_minutes=min(pause, end - start - 1), **times),
        execution_options={"synchronize_session": False},
    )
    session.refresh(lesson)

    assert session.scalar(select(Lesson.minutes)) == lesson.minutes


@pytest.mark.parametrize(
    ("held_on", "minutes"), [(date(2026, 10, 25), 210), (date(2026, 3, 29), 90), (date(2026, 3, 28), 150)]
)
def test_the_night_that_the_clock_changes_counts_as_it_passes(school: SchoolView, held_on: date, minutes: int) -> None:
    lesson = make_lesson(held_on=held_on, starts_at=time(1, 30), ends_at=time(4), break_minutes=0)

    assert (lesson.minutes, session.scalar(select(Lesson.minutes))) == (minutes, minutes)


@SHARED
@given(
    held_on=any_day,
    starts_at=st.times(min_value=time(0), max_value=time(22)).map(lambda at: at.replace(fold=0)),
    away=st.timedeltas(timedelta(hours=-3), timedelta(hours=3)),
)
def test_whether_a_lesson_counts_is_a_matter_of_its_moment_in_both(
    school: SchoolView, *, held_on: date, starts_at: time, away: timedelta
) -> None:
    lesson = session.scalar(select(Lesson)) or make_lesson(make_group())
    lesson.held_on, lesson.starts_at, lesson.ends_at = held_on, starts_at.replace(microsecond=0), time(23)
    moment = moment_of(held_on, starts_at.replace(microsecond=0)) + away
    session.flush()

    assert session.scalar(select(Lesson.counts_by(moment))) == lesson.counts_by(moment) == (away >= timedelta(0))


def test_a_cancelled_lesson_never_counts(school: SchoolView) -> None:
    group = make_group()
    given, cancelled = make_lesson(group), make_lesson(group, ends_at=time(23), starts_at=time(8), cancelled_at=now())
    later = now() + timedelta(days=1)

    assert session.scalars(select(Lesson.id).where(Lesson.counts_by(later))).all() == [given.id]
    assert not cancelled.counts_by(later)
    assert session.scalars(select(Lesson.id).where(Lesson.is_cancelled)).all() == [cancelled.id]


def test_a_weekly_slot_lasts_through_its_last_day(school: SchoolView) -> None:
    day, group = date(2026, 11, 20), make_group(starts_on=date(2026, 1, 5))
    lasts = (None, day - timedelta(days=1), day, day + timedelta(days=1))
    slots = [make_slot(group, at, until_on=until) for at, until in enumerate(lasts)]
    lasting = session.scalars(select(TimetableSlot.id).where(TimetableSlot.lasts_until(day))).all()

    assert set(lasting) == {slot.id for slot in slots if slot.lasts_until(day)}
    assert [slot.lasts_until(day) for slot in slots] == [True, False, True, True]
