"""Which months are asked for: whole ones, none that is to come, and earlier and later from there."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from portal.core.errors import Invalid
from portal.hours.matrix.forms import Period, period_asked


@pytest.fixture(autouse=True)
def in_november(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("arguments", "until", "first", "last"),
    [
        ({}, None, date(2026, 9, 1), date(2026, 11, 20)),
        ({}, date(2027, 6, 30), date(2026, 9, 1), date(2026, 11, 20)),
        ({}, date(2026, 6, 12), date(2026, 4, 1), date(2026, 6, 30)),
        ({"maanden": "1"}, None, date(2026, 11, 1), date(2026, 11, 20)),
        ({"maanden": "6", "tot": "2026-03-15"}, None, date(2025, 10, 1), date(2026, 3, 31)),
        ({"tot": "2030-01-01"}, None, date(2026, 9, 1), date(2026, 11, 20)),
        ({"tot": "1900-01-01", "maanden": "1"}, None, date(2000, 1, 1), date(2000, 1, 31)),
    ],
)
def test_a_period_has_whole_months_until_today(
    arguments: dict[str, str], until: date | None, first: date, last: date
) -> None:
    period = period_asked(arguments, until)

    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    "arguments", [{"maanden": "2"}, {"maanden": "veel"}, {"tot": "gisteren"}, {"tot": "2026-02-30"}]
)
def test_a_period_that_is_not_offered_is_refused(arguments: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refusal:
        period_asked(arguments, None)

    assert refusal.value.code == "unknown_period"


def test_earlier_and_later_follow_on_each_other() -> None:
    period = Period(date(2026, 6, 1), 3)
    later = Period(period.later or date.max, 3)

    assert Period(period.earlier, 3).last == date(2026, 3, 31)
    assert later.first == date(2026, 7, 1)
    assert Period(date(2026, 10, 1), 3).later == date(2026, 11, 1)
    assert Period(date(2026, 11, 1), 3).later is None
