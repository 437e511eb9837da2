"""Filling in a school year's holidays at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.courses.groups.queries import list_holidays_between
from portal.courses.holidays.calendar import span_of
from portal.courses.holidays.queries import find_like
from portal.courses.lessons.services import untouched
from portal.courses.models import Lesson
from portal.courses.timetable.services import add_holiday
from portal.permissions import Permission
from portal.schools.models import HolidayRegion
from portal.schools.services import remember_holiday_region


@dataclass(frozen=True)
class ChosenHoliday:
    """A holiday of the list, with the days that somebody gave it; `key` says which line it is."""

    key: str
    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Filled:
    """How many holidays were added, and how many weekly lessons went."""

    added: int
    gone: int


def fill_in_holidays(chosen: Sequence[ChosenHoliday], *, year: int, region: HolidayRegion, by: Actor) -> Filled:
    """Add these holidays of a school year, all or none, and remember the region. Those that are there stay as they are.

    Raises Invalid: nothing chosen, or days outside the school year or in the wrong order (`key` says of which).
    """
    by.must(Permission.TIMETABLE_KEEP)
    if not chosen:
        raise Invalid("chosen", "nothing_chosen")
    first, last = span_of(year)
    for each in chosen:
        if not first <= each.starts_on <= each.ends_on <= last:
            raise Invalid("starts_on", "outside_year", key=each.key)
    remember_holiday_region(region, by=by)
    there = [*list_holidays_between(first, last)]
    missing = [
        each
        for each in chosen
        if find_like(there, name=each.name, starts_on=each.starts_on, ends_on=each.ends_on) is None
    ]
    cleared = [add_holiday(name=each.name, starts_on=each.starts_on, ends_on=each.ends_on, by=by) for each in missing]
    return Filled(added=len(cleared), gone=sum(each.gone for each in cleared))


def count_planned(first: date, last: date) -> Mapping[date, int]:
    """Return for each day between two how many weekly lessons are planned that nobody touched."""
    rows = session.execute(
        select(Lesson.held_on, func.count().label("planned"))
        .where(Lesson.held_on.between(first, last), untouched())
        .group_by(Lesson.held_on)
    )
    return {row.held_on: row.planned for row in rows}
