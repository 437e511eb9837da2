"""Reads of who acts for a learner."""

from datetime import date, timedelta

import pytest

from portal.core.clock import now, today
from portal.core.http.scope import SYSTEM
from portal.representation.models import RepresentativeKind
from portal.representation.queries import list_deciding, list_representatives, taken_over
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner, make_representative


def test_those_in_force_come_first_and_then_the_latest(school: SchoolView) -> None:
    learner, day = make_learner(), today()
    ended = make_representative(learner, ends_on=day + timedelta(days=900), ended_at=now())
    first = make_representative(learner, ends_on=day + timedelta(days=10))
    last = make_representative(learner, ends_on=day + timedelta(days=20))
    make_representative(make_learner("Bereket"), ends_on=date(2030, 1, 1))
    assert [each.id for each in list_representatives(learner.id, SYSTEM)] == [last.id, first.id, ended.id]


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.parametrize(
    ("kind", "categories", "is_hers"),
    [
        (RepresentativeKind.CURATOR, {"name", "contact"}, True),
        (RepresentativeKind.CURATOR, {"finance", "attendance"}, True),
        (RepresentativeKind.ADMINISTRATOR, {"name", "finance"}, True),
        (RepresentativeKind.ADMINISTRATOR, {"name", "contact"}, False),
        (RepresentativeKind.ADMINISTRATOR, {"finance", "attendance"}, False),
        (RepresentativeKind.MENTOR, {"name", "attendance"}, True),
        (RepresentativeKind.MENTOR, {"finance", "attendance"}, False),
    ],
)
def test_whom_a_court_appointed_decides_within_what_it_said(
    school: SchoolView, kind: RepresentativeKind, categories: set[str], is_hers: bool
) -> None:
    learner = make_learner()
    row = make_representative(learner, kind=kind)

    assert [each.id for each in list_deciding(learner.id, categories, SYSTEM)] == ([row.id] if is_hers else [])


@pytest.mark.usefixtures("school")
def test_who_was_appointed_for_a_part_leaves_the_rest_to_the_learner() -> None:
    learner = make_learner()
    make_representative(learner, kind=RepresentativeKind.ADMINISTRATOR, categories=["finance"])
    make_representative(learner, kind=RepresentativeKind.MENTOR, categories=["attendance"], ends_on=today())
    make_representative(learner, kind=RepresentativeKind.MENTOR, categories=["level"], ended_at=now())

    assert taken_over(learner.id, SYSTEM) == {"finance", "attendance"}
