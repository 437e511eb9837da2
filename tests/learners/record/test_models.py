"""What is true of one learner's row, in Python and in a statement alike."""

import pytest
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
