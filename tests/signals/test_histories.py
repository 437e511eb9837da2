"""What signals rest on is read in as many statements for any number of learners."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.attendance.models import Status
from portal.core.clock import today
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.courses.models import LearnerGroup
from portal.schools.queries import SchoolView
from portal.signals.histories import list_histories
from tests.factories.attendance import make_mark
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group()


@pytest.mark.parametrize("size", [2, 9])
def test_histories_take_four_statements_for_any_number(
    group: LearnerGroup, count_statements: Callable[[], Any], size: int
) -> None:
    learners = [make_enrolled_learner(group) for _ in range(size)]
    for days in range(1, 4):
        lesson = make_lesson(group, held_on=today() - timedelta(days=days))
        for learner in learners:
            make_mark(lesson, learner, Status.ABSENT)
    session.flush()

    with count_statements() as statements:
        found = list_histories([each.id for each in learners], SYSTEM, today())

    assert {len(history.lessons) for history in found.values()} == {3}
    assert len(statements) == 4
