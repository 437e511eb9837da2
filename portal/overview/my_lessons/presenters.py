"""A learner's lessons so far, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

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
