"""What time it is: the only place that reads the clock, so that a test can set it."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_QUARTER = 15 * 60  # seconds


class Clock:
    """The clock in use; a test replaces `read`."""

    def read(self) -> datetime:
        """Return this moment, aware, in UTC."""
        return datetime.now(UTC)


clock = Clock()


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return clock.read()


def local(moment: datetime) -> datetime:
    """Return a moment on the clock of Amsterdam, in which lessons are held."""
    return moment.astimezone(AMSTERDAM)


def start_of(day: date) -> datetime:
    """Return the moment at which a day begins in Amsterdam."""
    return datetime.combine(day, time.min, AMSTERDAM)


def today() -> date:
    """Return the date in Amsterdam."""
    return _day_at(int(now().timestamp()) // _QUARTER)


@lru_cache(maxsize=16)
def _day_at(quarter: int) -> date:
    """Return the day in which a quarter of an hour lies; none there begins on one day and ends on the next."""
    return local(datetime.fromtimestamp(quarter * _QUARTER, UTC)).date()
