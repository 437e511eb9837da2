"""Which week an address asks for, and by what."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from portal.core.errors import Invalid
from portal.overview.weeks.forms import By, by_asked, week_asked


@pytest.fixture(autouse=True)
def on_friday(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("arguments", "monday"),
    [
        ({}, date(2026, 11, 16)),
        ({"rond": "2026-11-22"}, date(2026, 11, 16)),
        ({"rond": "2026-11-23"}, date(2026, 11, 23)),
        ({"rond": "1900-01-01"}, date(2000, 1, 3)),
        ({"rond": "2999-01-01"}, date(2100, 1, 4)),
    ],
)
def test_a_week_is_the_one_of_a_day(arguments: dict[str, str], monday: date) -> None:
    week = week_asked(arguments)

    assert week.first == monday
    assert (week.last - week.first).days == 6
    assert week.is_current == (monday == date(2026, 11, 16))
    assert (week.first - week.earlier).days == (week.later - week.first).days == 7


@pytest.mark.parametrize("asked", ["morgen", "2026-13-01", ""])
def test_what_is_no_day_is_refused(asked: str) -> None:
    with pytest.raises(Invalid) as refusal:
        week_asked({"rond": asked})

    assert refusal.value.code == "unknown_day"


def test_by_what_a_week_is_put_together() -> None:
    assert by_asked({}) is By.TEACHER
    assert by_asked({"per": "lokaal"}) is By.ROOM
    with pytest.raises(Invalid):
        by_asked({"per": "cursist"})
