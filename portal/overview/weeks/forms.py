"""Which week is asked for, by what its lessons are put together, and of which one alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.core.clock import today
from portal.core.errors import Invalid

_WEEK = timedelta(days=7)
_EARLIEST, _LATEST = date(2000, 1, 3), date(2100, 1, 4)


class By(StrEnum):
    """By what the lessons of a week are put together, as the address has it."""

    ROOM = "lokaal"
    TEACHER = "docent"
    GROUP = "groep"


@dataclass(frozen=True)
class Week:
    """A week from Monday to Sunday."""

    first: date

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + timedelta(days=6)

    @property
    def days(self) -> list[date]:
        """Its days, from Monday on."""
        return [self.first + timedelta(days=at) for at in range(7)]

    @property
    def earlier(self) -> date:
        """The Monday before."""
        return self.first - _WEEK

    @property
    def later(self) -> date:
        """The Monday after."""
        return self.first + _WEEK

    @property
    def is_current(self) -> bool:
        """Say whether today is in it."""
        return self.first <= today() <= self.last


def week_asked(arguments: Mapping[str, str]) -> Week:
    """Return the week of the day that an address asks for by `rond`; this week without one. Raises Invalid."""
    try:
        day = date.fromisoformat(arguments["rond"]) if "rond" in arguments else today()
    except ValueError:
        raise Invalid("rond", "unknown_day") from None
    day = min(max(day, _EARLIEST), _LATEST)
    return Week(day - timedelta(days=day.weekday()))


def by_asked(arguments: Mapping[str, str]) -> By:
    """Return by what an address asks a week by `per`; by teacher without one. Raises Invalid."""
    try:
        return By(arguments.get("per", By.TEACHER))
    except ValueError:
        raise Invalid("per", "unknown_order") from None
