"""What time it is: the only place that reads the clock, so that a test can set it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


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


def today() -> date:
    """Return the date in Amsterdam."""
    return local(now()).date()
