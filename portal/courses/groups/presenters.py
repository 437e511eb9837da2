"""A group's lessons with the days off between them, as its page lists them."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.courses.lessons.queries import LessonView
from portal.courses.models import Holiday


@dataclass(frozen=True)
class DayLine:
    """A lesson, or days on which there is none."""

    lesson: LessonView | None = None
    holiday: Holiday | None = None


def days_of(lessons: Sequence[LessonView], holidays: Sequence[Holiday]) -> list[DayLine]:
    """Return lessons and days off in the order of their days."""
    lines = [(each.held_on, 1, DayLine(lesson=each)) for each in lessons]
    lines += [(each.starts_on, 0, DayLine(holiday=each)) for each in holidays]
    return [line for _day, _kind, line in sorted(lines, key=lambda each: each[:2])]
