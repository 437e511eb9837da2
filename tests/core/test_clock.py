"""The day in Amsterdam, its first moment too, in winter and in summer, up to the last moment before midnight."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from portal.core.clock import start_of, today


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-01-31T22:59:59.999999Z", date(2026, 1, 31)),
        ("2026-01-31T23:00:00Z", date(2026, 2, 1)),
        ("2026-06-30T21:59:59.999999Z", date(2026, 6, 30)),
        ("2026-06-30T22:00:00Z", date(2026, 7, 1)),
        ("2026-03-29T21:59:59Z", date(2026, 3, 29)),
        ("2026-10-25T22:59:59Z", date(2026, 10, 25)),
        ("2026-10-25T23:00:00Z", date(2026, 10, 26)),
    ],
)
def test_a_day_begins_at_midnight_in_amsterdam(clock: Callable[[datetime], None], moment: str, day: date) -> None:
    clock(datetime.fromisoformat(moment))
    assert today() == day


@pytest.mark.parametrize(
    ("day", "moment"),
    [(date(2026, 2, 1), "2026-01-31T23:00:00Z"), (date(2026, 7, 1), "2026-06-30T22:00:00Z")],
)
def test_the_first_moment_of_a_day(day: date, moment: str) -> None:
    assert start_of(day) == datetime.fromisoformat(moment)
