"""Reads of who acts for a learner."""

from datetime import date, timedelta

from portal.core.clock import now, today
from portal.core.http.scope import SYSTEM
from portal.representation.queries import list_representatives
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner, make_representative


def test_those_in_force_come_first_and_then_the_latest(school: SchoolView) -> None:
    learner, day = make_learner(), today()
    ended = make_representative(learner, ends_on=day + timedelta(days=900), ended_at=now())
    first = make_representative(learner, ends_on=day + timedelta(days=10))
    last = make_representative(learner, ends_on=day + timedelta(days=20))
    make_representative(make_learner("Bereket"), ends_on=date(2030, 1, 1))
    assert [each.id for each in list_representatives(learner.id, SYSTEM)] == [last.id, first.id, ended.id]
