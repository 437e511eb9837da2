"""What closes a Dutch school in a school year: national days by rule, school holidays as `calendar.toml` has them.

The school holidays are data, not truth: the page that proposes them says that nobody checked them.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from portal.core.clock import today
from portal.schools.models import HolidayRegion

_FILE = Path(__file__).with_name("calendar.toml")
_BEGINS = (8, 1)
_LAST = (9, 30)  # of the year after: a summer holiday runs into the next school year
_LUSTRUM = 5
_SCHOOL_HOLIDAYS = ("autumn", "winter", "spring", "may", "summer")


@dataclass(frozen=True)
class Closing:
    """A day or a holiday that can be filled in; without dates where these aren't known.

    `is_usual` says that schools as a rule are closed then.
    """

    key: str
    name: str
    starts_on: date | None
    ends_on: date | None
    is_usual: bool
    is_school_holiday: bool

    @property
    def is_over(self) -> bool:
        """Say whether its last day has passed."""
        return self.ends_on is not None and self.ends_on < today()

    def covers(self, day: date) -> bool:
        """Say whether a day is one of its days."""
        return self.starts_on is not None and self.ends_on is not None and self.starts_on <= day <= self.ends_on


def year_of(day: date) -> int:
    """Return the year in which the school year of a day begins: on the first of August."""
    return day.year if (day.month, day.day) >= _BEGINS else day.year - 1


def span_of(year: int) -> tuple[date, date]:
    """Return between which days the holidays of a school year lie."""
    return date(year, *_BEGINS), date(year + 1, *_LAST)


def list_closings(year: int, region: HolidayRegion) -> list[Closing]:
    """Return what closes a school in the school year that begins in a year, in the order of its days."""
    days = [
        Closing(
            key=key,
            name=_names()[key],
            starts_on=day,
            ends_on=day,
            is_usual=key != "good_friday" and (key != "liberation_day" or day.year % _LUSTRUM == 0),
            is_school_holiday=False,
        )
        for key, day in national_days(year).items()
    ]
    closings = [*days, *(_school_holiday(key, year, region) for key in _SCHOOL_HOLIDAYS)]
    return sorted(closings, key=lambda each: (each.starts_on or date.max, each.is_school_holiday))


def national_days(year: int) -> dict[str, date]:
    """Return the national days of the school year that begins in a year; King's Day is never on a Sunday."""
    from dateutil.easter import easter

    easter_day: date = easter(year + 1)
    kings_day = date(year + 1, 4, 27)
    return {
        "christmas": date(year, 12, 25),
        "boxing_day": date(year, 12, 26),
        "new_year": date(year + 1, 1, 1),
        "good_friday": easter_day - timedelta(days=2),
        "easter": easter_day,
        "easter_monday": easter_day + timedelta(days=1),
        "kings_day": kings_day - timedelta(days=1) if kings_day.isoweekday() == 7 else kings_day,
        "liberation_day": date(year + 1, 5, 5),
        "ascension_day": easter_day + timedelta(days=39),
        "whit_sunday": easter_day + timedelta(days=49),
        "whit_monday": easter_day + timedelta(days=50),
    }


def _school_holiday(key: str, year: int, region: HolidayRegion) -> Closing:
    first, last = _content()["years"].get(str(year), {}).get(key, {}).get(region.value, (None, None))
    return Closing(key=key, name=_names()[key], starts_on=first, ends_on=last, is_usual=True, is_school_holiday=True)


def _names() -> Mapping[str, str]:
    names: Mapping[str, str] = _content()["names"]
    return names


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))
