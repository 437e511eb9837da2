"""What a school's rules say of a learner: from her lessons, hours, levels and trajectory to what asks attention."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from portal.learners.trajectories.models import Act, Route
from portal.progress.models import Rung, Skill
from portal.signals.models import SignalKind

LOOKS_BACK = timedelta(days=84)
"""Lessons of so long ago count for no signal."""
COUNTED = 12
"""An attendance in percent is that of her last so many lessons that are filled in."""
_LEAST = 6
"""Of fewer lessons a percentage says too little."""

USUAL: Mapping[SignalKind, int] = {
    SignalKind.LOW_ATTENDANCE: 70,
    SignalKind.ABSENT_IN_A_ROW: 3,
    SignalKind.NOT_SEEN: 14,
    SignalKind.NO_CONTACT: 42,
    SignalKind.HOURS_RUNNING_OUT: 40,
    SignalKind.LEVEL_MISSING: 60,
}
"""What is proposed to a school that has no rules of its own yet: percent, lessons, days, days, hours, days."""

_GOALS: Mapping[Route, Rung] = {Route.B1: Rung.B1, Route.EDUCATION: Rung.B1, Route.Z: Rung.A1}
_SKILLS = (Skill.READING, Skill.LISTENING, Skill.WRITING, Skill.SPEAKING)
_LANGUAGE = (Rung.A0, Rung.A1, Rung.A2, Rung.B1, Rung.B2, Rung.C1)


@dataclass(frozen=True)
class Attended:
    """A lesson of hers that is filled in: on which day, how long it was and how many minutes she was there.

    `is_excused`: she was absent and the school found it *geoorloofd*, so that it counts for no signal.
    """

    held_on: date
    minutes: int
    minutes_attended: int
    is_absence: bool
    is_excused: bool = False


@dataclass(frozen=True)
class History:
    """What signals about a learner rest on: her lessons that are filled in, the oldest first, and her trajectory.

    `levels` are her latest by skill; `minutes_total` is what she attended in the trajectory, with what she brought in.
    """

    lessons: tuple[Attended, ...] = ()
    last_contact_on: date | None = None
    act: Act | None = None
    route: Route | None = None
    ends_on: date | None = None
    hours_bought: int | None = None
    minutes_total: int = 0
    levels: Mapping[Skill, Rung] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """That a rule is met, and the numbers and days on which that rests."""

    kind: SignalKind
    facts: Mapping[str, Any]


def evaluate(history: History, thresholds: Mapping[SignalKind, int], day: date) -> list[Finding]:
    """Return what asks attention on a day by the rules that are on; an empty history asks for none."""
    found = []
    for kind, threshold in thresholds.items():
        facts = _RULES[kind](history, threshold, day)
        if facts is not None:
            found.append(Finding(kind, facts))
    return found


def _counting(history: History) -> list[Attended]:
    return [lesson for lesson in history.lessons if not lesson.is_excused]


def _low_attendance(history: History, percent: int, _day: date) -> dict[str, Any] | None:
    last = _counting(history)[-COUNTED:]
    offered = sum(lesson.minutes for lesson in last)
    attended = sum(lesson.minutes_attended for lesson in last)
    if len(last) < _LEAST or not offered or 100 * attended >= percent * offered:
        return None
    days = {"first_on": last[0].held_on.isoformat(), "last_on": last[-1].held_on.isoformat()}
    return {"percent": 100 * attended // offered, "lessons": len(last), **days}


def _missed_at_the_end(history: History) -> Iterator[Attended]:
    for lesson in reversed(_counting(history)):
        if not lesson.is_absence:
            return
        yield lesson


def _absent_in_a_row(history: History, lessons: int, _day: date) -> dict[str, Any] | None:
    missed = list(_missed_at_the_end(history))
    if len(missed) < lessons:
        return None
    return {
        "lessons": len(missed),
        "first_on": missed[-1].held_on.isoformat(),
        "last_on": missed[0].held_on.isoformat(),
    }


def _not_seen(history: History, days: int, day: date) -> dict[str, Any] | None:
    missed = list(_missed_at_the_end(history))
    seen = [lesson.held_on for lesson in history.lessons if not lesson.is_absence]
    since = seen[-1] if seen else day - LOOKS_BACK
    if not missed or day - since < timedelta(days=days):
        return None
    return {"lessons": len(missed), "last_on": since.isoformat() if seen else None}


def _no_contact(history: History, days: int, day: date) -> dict[str, Any] | None:
    last = history.last_contact_on
    if last is None or day - last < timedelta(days=days):
        return None
    return {"last_on": last.isoformat()}


def _hours_running_out(history: History, hours: int, _day: date) -> dict[str, Any] | None:
    if not history.hours_bought:
        return None
    left = history.hours_bought - history.minutes_total / 60
    if left >= hours:
        return None
    return {"hours_left": max(0, int(left)), "hours_bought": history.hours_bought}


def goal_of(history: History) -> Rung | None:
    """Return the level that a trajectory leads to by its act and route; None where neither says one."""
    if history.act is Act.WI2013:
        return Rung.A2
    return _GOALS.get(history.route) if history.route is not None else None


def _whole(level: Rung | None) -> Rung | None:
    return level.whole if level is not None else None


def _level_missing(history: History, days: int, day: date) -> dict[str, Any] | None:
    goal = goal_of(history)
    if goal is None or history.ends_on is None or not timedelta(0) <= history.ends_on - day < timedelta(days=days):
        return None
    reached = _LANGUAGE[_LANGUAGE.index(goal) :]
    missing = [skill.value for skill in _SKILLS if _whole(history.levels.get(skill)) not in reached]
    if not missing:
        return None
    return {"ends_on": history.ends_on.isoformat(), "goal": goal.value, "skills": missing}


_RULES: Mapping[SignalKind, Callable[[History, int, date], dict[str, Any] | None]] = {
    SignalKind.LOW_ATTENDANCE: _low_attendance,
    SignalKind.ABSENT_IN_A_ROW: _absent_in_a_row,
    SignalKind.NOT_SEEN: _not_seen,
    SignalKind.NO_CONTACT: _no_contact,
    SignalKind.HOURS_RUNNING_OUT: _hours_running_out,
    SignalKind.LEVEL_MISSING: _level_missing,
}
