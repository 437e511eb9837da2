"""A week as its pages show it: lessons by day, and by teacher, room or group."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.attendance.open_registers.queries import RegisterState
from portal.core.http.languages import _
from portal.courses.models import Holiday, LessonPlace
from portal.overview.weeks.forms import By, Week

_WORKDAYS = 5


@dataclass(frozen=True)
class WeekDay:
    """A day with its lessons, and why there are none where the school is closed."""

    day: date
    lessons: Sequence[RegisterState]
    holiday: str | None


@dataclass(frozen=True)
class SlotLesson:
    """A lesson in a row of the week; `is_at_once`: another of that row is given at the same time."""

    state: RegisterState
    is_at_once: bool


@dataclass(frozen=True)
class WeekRow:
    """A teacher, room or group with her lessons of each day; an empty key stands for those that have none."""

    key: str
    label: str
    days: Sequence[Sequence[SlotLesson]]

    @property
    def is_nobodys(self) -> bool:
        """Say whether it gathers the lessons without a teacher or a room."""
        return not self.key


def days_of_week(week: Week, states: Iterable[RegisterState], holidays: Sequence[Holiday]) -> list[WeekDay]:
    """Return the days of a week; Saturday and Sunday only where there is a lesson."""
    by_day: dict[date, list[RegisterState]] = defaultdict(list)
    for state in states:
        by_day[state.lesson.held_on].append(state)
    return [
        WeekDay(day, by_day[day], next((each.name for each in holidays if each.starts_on <= day <= each.ends_on), None))
        for at, day in enumerate(week.days)
        if at < _WORKDAYS or by_day[day]
    ]


def rows_of_week(days: Sequence[WeekDay], by: By) -> list[WeekRow]:
    """Return the lessons of these days put together, by name; those that have no teacher or room come last."""
    cells: dict[tuple[str, str], list[list[RegisterState]]] = {}
    for at, day in enumerate(days):
        for state in day.lessons:
            for found in _keys(state, by):
                cells.setdefault(found, [[] for _day in days])[at].append(state)
    rows = [WeekRow(key, label, [_marked(each) for each in of_days]) for (key, label), of_days in cells.items()]
    return sorted(rows, key=lambda row: (row.is_nobodys, row.label.casefold(), row.key))


def _keys(state: RegisterState, by: By) -> list[tuple[str, str]]:
    """Return the rows in which a lesson stands: with two teachers it stands at both."""
    lesson = state.lesson
    match by:
        case By.GROUP:
            return [(str(lesson.group_id), lesson.group_name)]
        case By.TEACHER:
            return [(str(each.account_id), each.name) for each in state.givers] or [("", _("nog geen docent"))]
        case By.ROOM if lesson.place is LessonPlace.DISTANCE:
            return [("-", _("op afstand"))]
        case _:
            return [(lesson.room, lesson.room)] if lesson.room else [("", _("nog geen lokaal"))]


def _marked(states: Sequence[RegisterState]) -> list[SlotLesson]:
    return [SlotLesson(state, any(_are_at_once(state, other) for other in states)) for state in states]


def _are_at_once(one: RegisterState, other: RegisterState) -> bool:
    first, second = one.lesson, other.lesson
    if first.id == second.id or first.is_cancelled or second.is_cancelled:
        return False
    return first.starts_at < second.ends_at and second.starts_at < first.ends_at
