"""A group's weeks beside its learners: what share of the lesson time each followed, week by week."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.core.clock import now
from portal.core.http.languages import _, written
from portal.courses.lessons.queries import LessonView
from portal.hours.matrix.queries import GroupLearner, GroupLesson, Marks, StoredMark

MOST_WEEKS = 13
"""So many weeks fit beside each other on a phone: the last of a period."""
BOUNDS = (50, 75, 90)
"""From which percentages a cell is a step darker."""


@dataclass(frozen=True, kw_only=True)
class Week:
    """A week with lessons: its Monday, its number, and the same in words."""

    monday: date
    number: int
    said: str


@dataclass(frozen=True, kw_only=True)
class WeekCell:
    """What share she followed of what is filled in of a week, in percent; None: nothing is.

    `step` is how dark it is drawn: 0 (less than half) to 3.
    """

    percent: int | None

    @property
    def step(self) -> int:
        """How dark it is drawn."""
        return sum(1 for bound in BOUNDS if (self.percent or 0) >= bound)


@dataclass(frozen=True, kw_only=True)
class WeekRow:
    """A learner with a cell for each week."""

    learner: GroupLearner
    cells: list[WeekCell]

    @property
    def name(self) -> str:
        """Her name, with her number where another has the same."""
        return f"{self.learner.name} ({self.learner.apart_by})" if self.learner.apart_by else self.learner.name

    @property
    def said(self) -> str:
        """Her row in a few words: the lowest week, where there is any."""
        found = [cell.percent for cell in self.cells if cell.percent is not None]
        return _("laagste week %(percent)s%%", percent=min(found)) if found else _("nog niets ingevuld")


@dataclass(frozen=True, kw_only=True)
class Weeks:
    """The last weeks with lessons in a period, and the learners by name; `left_out` is how many weeks were before."""

    weeks: list[Week]
    rows: list[WeekRow]
    left_out: int


def present_weeks(lessons: Sequence[GroupLesson], learners: Iterable[GroupLearner], marks: Marks) -> Weeks:
    """Return by learner and week what share of the filled in lesson time she followed."""
    begun = now()
    held = [each.lesson for each in lessons if each.lesson.begins <= begun and not each.lesson.is_cancelled]
    by_week: dict[date, list[LessonView]] = defaultdict(list)
    for lesson in held:
        by_week[lesson.held_on - timedelta(days=lesson.held_on.weekday())].append(lesson)
    mondays = sorted(by_week)
    shown = mondays[-MOST_WEEKS:]
    return Weeks(
        weeks=[_week(monday) for monday in shown],
        rows=[
            WeekRow(
                learner=learner,
                cells=[_cell(by_week[monday], marks.get(learner.learner_id, {})) for monday in shown],
            )
            for learner in learners
        ],
        left_out=len(mondays) - len(shown),
    )


def _week(monday: date) -> Week:
    number = monday.isocalendar().week
    said = _("week %(number)s, vanaf %(day)s", number=number, day=written("shortday", monday))
    return Week(monday=monday, number=number, said=said)


def _cell(lessons: Sequence[LessonView], marks: Mapping[UUID, StoredMark]) -> WeekCell:
    found = [(marks[lesson.id].minutes, lesson.minutes) for lesson in lessons if lesson.id in marks]
    offered = sum(minutes for _attended, minutes in found)
    attended = sum(minutes for minutes, _offered in found)
    return WeekCell(percent=round(100 * attended / offered) if offered else None)


def list_steps() -> list[tuple[int, str]]:
    """Return what each step of the picture means."""
    lows, highs = (0, *BOUNDS), (*(bound - 1 for bound in BOUNDS), 100)
    return [(step, f"{low}–{high}%") for step, (low, high) in enumerate(zip(lows, highs, strict=True))]
