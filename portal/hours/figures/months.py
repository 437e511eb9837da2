"""Months as figures have them: by their first day."""

from collections.abc import Iterator
from datetime import date


def month_of(day: date) -> date:
    """Return the first day of the month of a day."""
    return day.replace(day=1)


def months_on(month: date, count: int) -> date:
    """Return the month so many months later, or earlier where that is below nothing."""
    at = month.year * 12 + month.month - 1 + count
    return date(at // 12, at % 12 + 1, 1)


def months_between(first: date, last: date) -> Iterator[date]:
    """Yield the months from one to another, both included."""
    month = first
    while month <= last:
        yield month
        month = months_on(month, 1)
