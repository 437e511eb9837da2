"""What a scope says of itself: the one learner, until her day, and the categories that it shows and lets change."""

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.core.clock import today
from portal.core.errors import NotAllowed, NotFound
from portal.core.http.access import PORTAL
from portal.core.http.scope import NOTHING, SYSTEM, Reach, Scope
from portal.core.personal_data import CATEGORIES

LEARNER = uuid4()


def test_the_one_learner_until_her_day() -> None:
    for until in (None, today(), today() + timedelta(days=1)):
        scope = Scope(Reach.ONE_LEARNER, learner_id=LEARNER, until=until)
        assert scope.get_own_learner_id() == LEARNER
    over = Scope(Reach.ONE_LEARNER, learner_id=LEARNER, until=today() - timedelta(days=1))
    assert over.own_learner_id is None
    with pytest.raises(NotFound):
        over.get_own_learner_id()


@pytest.mark.parametrize("reach", [reach for reach in Reach if reach is not Reach.ONE_LEARNER])
def test_no_other_reach_has_a_record_of_its_own(reach: Reach) -> None:
    with pytest.raises(NotFound):
        Scope(reach, learner_id=LEARNER).get_own_learner_id()


def test_a_category_beyond_it_is_refused() -> None:
    scope = Scope(Reach.SCHOOL, sees=frozenset({"name", "level"}), changes=frozenset({"level"}))
    scope.must_see("name")
    scope.must_change("level")
    with pytest.raises(NotAllowed, match="category_not_seen"):
        scope.must_see("contact")
    with pytest.raises(NotAllowed, match="category_not_changed"):
        scope.must_change("name")


def test_jobs_work_in_the_whole_school_and_nobody_in_nothing() -> None:
    assert PORTAL.scope is SYSTEM
    assert (SYSTEM.reach, SYSTEM.sees, SYSTEM.changes) == (Reach.SCHOOL, frozenset(CATEGORIES), frozenset(CATEGORIES))
    assert (NOTHING.reach, NOTHING.sees, NOTHING.changes) == (Reach.NOBODY, frozenset(), frozenset())
