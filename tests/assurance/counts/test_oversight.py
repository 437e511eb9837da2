"""What management signs for, and what the hosting tries, is red once it says nothing of today."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from portal.assurance.counts.oversight import (
    count_access_reviews,
    count_attested_measures,
    count_made_backups,
    count_tried_restores,
)
from portal.assurance.figures.keys import Count
from portal.config import settings
from portal.core.alarms.hosting_notes import Task, note
from portal.core.clock import now
from portal.core.redis import key, redis
from portal.oversight.access_reviews.models import AccessReview, AttestedMeasure, Measure
from portal.schools.queries import SchoolView
from tests.assurance.counts.broken_data import add
from tests.factories.policy import shipped

Clock = Callable[[datetime], None]
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


@pytest.fixture
def drills(school: SchoolView, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """No drill is known, and none is afterwards."""
    redis().delete(key("hosting", Task.DRILL))
    yield monkeypatch
    redis().delete(key("hosting", Task.DRILL))
    settings.cache_clear()


def let_drills_be(monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    """Set how old a drill may be."""
    monkeypatch.setenv("PORTAL_DRILL_HOURS", str(hours))
    settings.cache_clear()


def test_without_a_drill_there_is_nothing_to_measure_unless_one_was_to_be(drills: pytest.MonkeyPatch) -> None:
    assert count_tried_restores(POLICY, "") == Count(0, 0)
    let_drills_be(drills, 26)
    assert count_tried_restores(POLICY, "") == Count(0, 1)


def test_a_drill_that_failed_or_is_too_old_is_red(drills: pytest.MonkeyPatch, clock: Clock) -> None:
    let_drills_be(drills, 26)
    note(settings(), Task.DRILL)
    assert count_tried_restores(POLICY, "") == Count(1, 1)
    clock(datetime.now(UTC) + timedelta(hours=27))
    assert count_tried_restores(POLICY, "") == Count(0, 1)
    let_drills_be(drills, 0)
    assert count_tried_restores(POLICY, "") == Count(1, 1)
    note(settings(), Task.DRILL, "what was erased stands there")
    assert count_tried_restores(POLICY, "") == Count(0, 1)


def test_backups_say_nothing_of_drills(drills: pytest.MonkeyPatch) -> None:
    note(settings(), Task.DRILL, "boom")
    made = count_made_backups(POLICY, "")
    assert made.total == 1
