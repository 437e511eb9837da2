"""Which months of a group's lessons are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.core.clock import today
from portal.core.errors import Invalid

LENGTHS = (1, 3, 6)
"""How many months a period may have."""
_USUAL = 3
_EARLIEST = date(2000, 1, 1)
_IN_YEAR = 12


@dataclass(frozen=True)
class Period:
    """Whole months that end with the one of `ends_in`, its first day; of the current one the days until today."""

    ends_in: date
    months: int

    @property
    def first(self) -> date:
        """The first day."""
        return moved(self.ends_in, 1 - self.months)

    @property
    def last(self) -> date:
        """The last day; today where the last month isn't over."""
        return min(moved(self.ends_in, 1) - timedelta(days=1), today())

    @property
    def earlier(self) -> date:
        """The last month of the period before."""
        return moved(self.ends_in, -self.months)

    @property
    def later(self) -> date | None:
        """The last month of the period after, as far as it has begun; None where none has."""
        now = today().replace(day=1)
        return min(moved(self.ends_in, self.months), now) if self.ends_in < now else None


def moved(month: date, by: int) -> date:
    """Return the first day of the month so many months later."""
    count = month.year * _IN_YEAR + month.month - 1 + by
    return date(count // _IN_YEAR, count % _IN_YEAR + 1, 1)


def period_asked(arguments: Mapping[str, str], until: date | None) -> Period:
    """Return the months that an address asks for by `tot` (a day in the last one) and `maanden`.

    Without them the three until now, or until the last day of a group that is over. Raises Invalid for a number of
    months that isn't offered.
    """
    usual = min(until or today(), today())
    try:
        asked = date.fromisoformat(arguments.get("tot", "")) if "tot" in arguments else usual
        months = int(arguments.get("maanden", _USUAL))
    except ValueError:
        raise Invalid("maanden", "unknown_period") from None
    if months not in LENGTHS:
        raise Invalid("maanden", "unknown_period")
    return Period(min(max(asked, _EARLIEST), today()).replace(day=1), months)
