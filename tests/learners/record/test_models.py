"""What is true of one learner's row, in Python and in a statement alike."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner


@pytest.mark.parametrize(
    ("given", "prefix", "family", "name"),
    [
        ("Amina", None, "Yilmaz", "Amina Yilmaz"),
        ("Anna", "van der", "Berg", "Anna van der Berg"),
        ("Sam", "", "Bos", "Sam Bos"),
        ("ليلى", None, "حداد", "ليلى حداد"),
    ],
)
def test_the_full_name_is_the_same_in_both(
    school: SchoolView, given: str, prefix: str | None, family: str, name: str
) -> None:
    learner = make_learner(given, family, name_prefix=prefix)
    assert learner.full_name == name
    assert session.scalar(select(Learner.full_name).where(Learner.id == learner.id)) == name


def test_a_record_that_became_part_of_another_is_not_in_use(school: SchoolView) -> None:
    kept, other = make_learner("Amina"), make_learner("Emine")
    other.merged_into_id = kept.id
    session.flush()
    assert (kept.is_in_use, other.is_in_use) == (True, False)
    assert session.scalars(select(Learner.id).where(Learner.is_in_use)).all() == [kept.id]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(birth=st.dates(date(2000, 1, 1), date(2020, 12, 31)), years=st.integers(15, 17), days=st.integers(-2, 2))
@example(birth=date(2012, 2, 29), years=16, days=0)
@example(birth=date(2010, 2, 28), years=16, days=0)
@example(birth=date(2010, 3, 1), years=16, days=-1)
def test_python_and_the_database_agree_on_who_is_a_child(
    school: SchoolView, birth: date, years: int, days: int
) -> None:
    learner = session.scalar(select(Learner)) or make_learner("Amina")
    learner.birth_date = birth
    session.flush()
    day = date(birth.year + years, birth.month, min(birth.day, 28)) + timedelta(days=days)

    assert session.scalar(select(Learner.is_child_on(day))) is learner.is_child_on(day)
    assert learner.is_child_on(birth)
    assert not learner.is_child_on(date(birth.year + 17, 1, 1))


def test_of_an_unknown_age_nobody_is_a_child(school: SchoolView) -> None:
    learner = make_learner("Amina", birth_date=None)

    assert session.scalar(select(Learner.is_child_on(date(2026, 11, 20)))) is False
    assert learner.is_child_on(date(2026, 11, 20)) is False
