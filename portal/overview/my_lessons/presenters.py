"""A learner's lessons: those so far, month by month, and those to come, four weeks at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from portal.core.clock import today
from portal.hours.queries import LessonOfLearner


@dataclass(frozen=True)
class Month:
    """The lessons of one month, the latest first; `first_on` is its first day, `minutes` those that count."""

    first_on: date
    lessons: tuple[LessonOfLearner, ...]

    @property
    def minutes(self) -> int:
        """How many minutes of them she followed."""
        return sum(line.minutes for line in self.lessons)


def by_month(lessons: Sequence[LessonOfLearner]) -> list[Month]:
    """Return lessons in their order, cut at each first of a month."""
    months = groupby(lessons, lambda line: line.lesson.held_on.replace(day=1))
    return [Month(first_on, tuple(lines)) for first_on, lines in months]


WEEKS = timedelta(days=28)
_FURTHEST = 6 * WEEKS


@dataclass(frozen=True)
class Period:
    """Four weeks of lessons from a day on, in the order in which they are held."""

    first_on: date
    lessons: Sequence[LessonOfLearner] = ()

    @property
    def last_on(self) -> date:
        """The last day."""
        return self.first_on + WEEKS

    @property
    def is_first(self) -> bool:
        """Say whether it begins today."""
        return self.first_on == today()

    @property
    def previous_on(self) -> date | None:
        """The day from which the weeks before it begin; None for the first."""
        return None if self.is_first else max(today(), self.first_on - WEEKS)

    @property
    def following_on(self) -> date | None:
        """The day from which the weeks after it begin; None half a year ahead."""
        day = self.first_on + WEEKS
        return day if day <= today() + _FURTHEST else None


def first_day(asked: str | None) -> date:
    """Return the day from which lessons are asked for: today where that is no day, is over, or lies too far ahead."""
    try:
        day = date.fromisoformat(asked or "")
    except ValueError:
        return today()
    return day if today() <= day <= today() + _FURTHEST else today()


def month_asked(asked: str | None, known: Sequence[date]) -> date | None:
    """Return the first day of the month that is asked for ("2026-11"), where it is one of these; None for all."""
    return next((first_on for first_on in known if f"{first_on:%Y-%m}" == asked), None)
