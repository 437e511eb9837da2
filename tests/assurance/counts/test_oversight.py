"""What management signs for is red once its signature says nothing of today."""

from datetime import timedelta

import pytest

from portal.assurance.counts.oversight import count_access_reviews, count_attested_measures
from portal.assurance.figures.keys import Count
from portal.core.clock import now
from portal.oversight.access_reviews.models import AccessReview, AttestedMeasure, Measure
from portal.schools.queries import SchoolView
from tests.assurance.counts.broken_data import add
from tests.factories.policy import shipped

POLICY = shipped("leren-leren")


def sign(days_ago: int) -> None:
    """Sign so many days ago that every measure is in place."""
    signed_at = now() - timedelta(days=days_ago)
    row = add(AccessReview(signed_at=signed_at, signed_by=None, signed_by_name="Marga", people=1, roles=1, ended=0))
    for measure in Measure:
        add(AttestedMeasure(review_id=row.id, measure=measure, is_in_place=True))


@pytest.mark.parametrize(
    ("days_ago", "reviewed", "in_place"),
    [
        (1, True, True),
        (88, True, True),
        (95, False, True),
        (119, False, True),
        (125, False, False),
        (900, False, False),
    ],
)
def test_measures_stand_for_a_quarter_and_a_month(
    days_ago: int, reviewed: bool, in_place: bool, school: SchoolView
) -> None:
    sign(days_ago)
    assert count_access_reviews(POLICY, "") == Count(int(reviewed), 1)
    assert count_attested_measures(POLICY, "") == Count(len(Measure) if in_place else 0, len(Measure))


def test_without_a_signature_no_measure_is_in_place(school: SchoolView) -> None:
    assert count_attested_measures(POLICY, "") == Count(0, len(Measure))
