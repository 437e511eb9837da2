"""Lengths of time as promises put them: 28 days is not one month, and a month on from 31 January is in February."""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Literal, get_args

from pydantic import Field

from portal.policy.schema.parts import Part

Unit = Literal["days", "weeks", "months", "years"]
Anchor = Literal[
    "last_contact",
    "end_of_guidance",
    "end_of_contract",
    "end_of_year",
    "received",
    "handled",
    "archived",
    "recorded",
    "withdrawn",
]
ANCHORS: tuple[str, ...] = get_args(Anchor)
Anchors = Mapping[str, date | None]


class Period(Part):
    """A number of days, weeks, calendar months or calendar years."""

    number: Annotated[int, Field(strict=True, ge=0, le=1200)] = Field(description="a whole number, 0 or more")
    unit: Unit = Field(description="days, weeks, months or years")

    def added_to(self, day: date) -> date:
        """Return the date this long after `day`; a day that the month hasn't becomes the month's last."""
        if self.unit == "days":
            return day + timedelta(days=self.number)
        if self.unit == "weeks":
            return day + timedelta(weeks=self.number)
        months = self.number * (12 if self.unit == "years" else 1)
        return _add_months(day, months)

    def kept_since(self, today: date) -> date:
        """Return the first day from which something is still kept today, where it is kept this long and no longer."""
        if self.unit in ("days", "weeks"):
            return today - (self.added_to(today) - today)
        day = _add_months(today, -self.number * (12 if self.unit == "years" else 1))
        while self.added_to(day) < today:
            day += timedelta(days=1)
        return day


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def counted_from(wanted: tuple[Anchor, ...], anchors: Anchors) -> date | None:
    """Return the first of the wanted dates that is known; None when none is.

    The end of the year is that of the latest known date, unless it is given.
    """
    for anchor in wanted:
        day = anchors.get(anchor)
        if day is None and anchor == "end_of_year":
            known = [date_ for date_ in anchors.values() if date_ is not None]
            day = date(max(known).year, 12, 31) if known else None
        if day is not None:
            return day
    return None
