"""What is true of a row that lasts: Python and PostgreSQL say the same of any day."""

from datetime import date, timedelta
from itertools import product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core.clock import now
from portal.core.db.session import session
from portal.courses.models import LearnerGroup, Lesson
from portal.representation.models import Representative
from portal.schools.queries import SchoolView
from tests.factories.courses import make_group, make_lesson
from tests.factories.learners import make_learner, make_representative

FIRST = date(2026, 2, 27)
DAYS = [FIRST + timedelta(days=at) for at in range(4)]
any_day = st.integers(-3, 7).map(lambda days: FIRST + timedelta(days=days)) | st.dates()
SHARED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def make_periods() -> None:
    """Make a group of each first and last day, and of each first day without a last one."""
    if session.scalar(select(LearnerGroup.id).limit(1)) is None:
        for starts, ends in product(DAYS, [*DAYS, None]):
            if ends is None or ends >= starts:
                make_group(f"{starts} {ends}", starts_on=starts, ends_on=ends)


@SHARED
@given(day=any_day)
def test_python_and_the_database_agree_on_any_day(school: SchoolView, day: date) -> None:
    make_periods()
    groups = session.scalars(select(LearnerGroup)).all()
    lasting = session.scalars(select(LearnerGroup.id).where(LearnerGroup.lasts_until(day))).all()
    holding = session.scalars(select(LearnerGroup.id).where(LearnerGroup.holds_on(day))).all()
    assert set(lasting) == {group.id for group in groups if group.lasts_until(day)}
    assert set(holding) == {group.id for group in groups if group.holds_on(day)}
    assert set(holding) <= set(lasting)


def test_what_has_no_last_day_is_open_ended(school: SchoolView) -> None:
    make_periods()
    found = session.scalars(select(LearnerGroup.id).where(LearnerGroup.is_open_ended)).all()
    assert set(found) == {group.id for group in session.scalars(select(LearnerGroup)) if group.is_open_ended}
    assert len(found) == len(DAYS)


def test_the_first_and_the_last_day_count(school: SchoolView) -> None:
    group = make_group(starts_on=DAYS[0], ends_on=DAYS[1])
    day = timedelta(days=1)
    said = [group.holds_on(each) for each in (DAYS[0] - day, DAYS[0], DAYS[1], DAYS[1] + day)]
    assert said == [False, True, True, False]


def test_the_day_can_be_a_column_and_the_table_an_alias(school: SchoolView) -> None:
    lesson = make_lesson()
    group: Any = aliased(LearnerGroup)
    statement = select(Lesson.id).join(group, group.id == Lesson.group_id).where(group.holds_on(Lesson.held_on))
    assert session.scalars(statement).all() == [lesson.id]


def test_what_was_ended_is_no_longer_in_force(school: SchoolView) -> None:
    learner = make_learner()
    kept, ended = make_representative(learner), make_representative(learner, ended_at=now())
    assert (kept.is_in_force, ended.is_in_force) == (True, False)
    assert session.scalars(select(Representative.id).where(Representative.is_in_force)).all() == [kept.id]
