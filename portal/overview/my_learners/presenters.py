"""A coach's learners as lines of her list: each figure in words too; and by what the list is narrowed and sorted."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import LazyString

from portal.core.clock import local, today
from portal.core.http.languages import _, _l, _n, comma, written
from portal.overview.my_learners.queries import CoachedLearner, SkillLevel
from portal.progress.models import Rung, Skill
from portal.signals.evaluation import USUAL
from portal.signals.labels import DONE
from portal.signals.models import SignalKind

ENDING_WITHIN = timedelta(days=60)
_HERE = frozenset({"present", "late"})
_RANKS = {rung.value: place for place, rung in enumerate(Rung)}
_SKILLS: Mapping[str, LazyString] = {
    Skill.READING.value: _l("lezen"),
    Skill.LISTENING.value: _l("luisteren"),
    Skill.WRITING.value: _l("schrijven"),
    Skill.SPEAKING.value: _l("spreken"),
    Skill.CONVERSATION.value: _l("gesprekken"),
}
_SIGNALS: Mapping[SignalKind, LazyString] = {
    SignalKind.LOW_ATTENDANCE: _l("weinig aanwezig"),
    SignalKind.ABSENT_IN_A_ROW: _l("vaak afwezig"),
    SignalKind.NOT_SEEN: _l("niet gezien"),
    SignalKind.NO_CONTACT: _l("geen contact"),
    SignalKind.HOURS_RUNNING_OUT: _l("uren bijna op"),
    SignalKind.LEVEL_MISSING: _l("niveau ontbreekt"),
}
"""What asks attention, in as few words as a line of the list has room for."""


@dataclass(frozen=True, kw_only=True)
class LessonStrokes:
    """The last lessons as strokes with what they say: how much of those filled in she followed, and when last."""

    kinds: tuple[str, ...]
    said: str
    percent: int | None
    seen_on: date | None
    seen: str


@dataclass(frozen=True, kw_only=True)
class LevelLine:
    """The level that moved last, or else the highest, with the skill; and the other skills in a few words."""

    level: str
    skill: str
    rest: str
    rank: int


@dataclass(frozen=True, kw_only=True)
class HoursLine:
    """Hours attended of those bought, in whole hours; `percent` is None where none were bought."""

    attended: int
    bought: int | None

    @property
    def percent(self) -> int | None:
        """How much of what was bought is used, at most all of it."""
        return min(100, round(100 * self.attended / self.bought)) if self.bought else None


@dataclass(frozen=True, kw_only=True)
class LearnerLine:
    """A learner in a coach's list; what isn't kept or seen is None or ""."""

    learner: CoachedLearner
    strokes: LessonStrokes | None
    level: LevelLine | None
    hours: HoursLine | None
    contact_on: date | None
    contact: str
    meets: str
    low_percent: int

    @property
    def id(self) -> UUID:
        """Who it is."""
        return self.learner.id

    @property
    def groups(self) -> str:
        """The names of her groups."""
        return comma().join(name for _key, name in self.learner.groups)

    @property
    def signals(self) -> list[str]:
        """What asks attention, in words; what was raised first stands first."""
        return [str(_SIGNALS[kind]) for kind in self.learner.signals]

    @property
    def is_ending(self) -> bool:
        """Say whether her trajectory, or her time in her groups, ends within sixty days."""
        return self.learner.ends_on is not None and self.learner.ends_on <= today() + ENDING_WITHIN

    @property
    def is_low(self) -> bool:
        """Say whether she followed less of her last lessons than the school calls low."""
        return self.strokes is not None and self.strokes.percent is not None and self.strokes.percent < self.low_percent


def present_learner(learner: CoachedLearner, low_percent: int = USUAL[SignalKind.LOW_ATTENDANCE]) -> LearnerLine:
    """Return a learner as a line of the list; `low_percent` is below what the school calls attendance low."""
    contact_on, contact = _contact(learner)
    return LearnerLine(
        learner=learner,
        strokes=_strokes(learner) if learner.attended is not None else None,
        level=_level(learner.levels) if learner.levels else None,
        hours=HoursLine(attended=round(learner.attended / 60), bought=learner.bought)
        if learner.attended is not None
        else None,
        contact_on=contact_on,
        contact=contact,
        meets=_meets(learner.meets_at) if learner.meets_at else "",
        low_percent=low_percent,
    )


def _strokes(learner: CoachedLearner) -> LessonStrokes:
    kinds, days = learner.lessons.kinds, learner.lessons.days
    count = Counter(kinds)
    filled = len(kinds) - count["open"]
    seen_on = next((day for kind, day in reversed(list(zip(kinds, days, strict=True))) if kind in _HERE), None)
    return LessonStrokes(
        kinds=kinds,
        said=_said(count, len(kinds)),
        percent=learner.lessons.percent,
        seen_on=seen_on,
        seen=_day(seen_on) if seen_on else (_("lang geleden") if filled else ""),
    )


def _said(count: Mapping[str, int], lessons: int) -> str:
    """Return in words what the strokes draw."""
    if not lessons:
        return _("nog geen les gehad")
    absent, authorised = count["absent"] + count["excused"] + count["authorised"], count["authorised"]
    parts = [
        _n("%(num)s keer aanwezig", "%(num)s keer aanwezig", count["present"] + count["late"]),
        _n("%(num)s keer te laat", "%(num)s keer te laat", count["late"]) if count["late"] else "",
        _n("%(num)s keer afwezig", "%(num)s keer afwezig", absent) if absent else "",
        _n("%(num)s keer geoorloofd", "%(num)s keer geoorloofd", authorised) if authorised else "",
        _n("%(num)s les nog niet ingevuld", "%(num)s lessen nog niet ingevuld", count["open"]) if count["open"] else "",
    ]
    last = _n("Laatste les", "Laatste %(num)s lessen", lessons)
    return f"{last}: {', '.join(part for part in parts if part)}"


def _level(levels: Sequence[SkillLevel]) -> LevelLine:
    moved = [each for each in levels if each.before not in {None, each.level}]
    main = max(moved, key=lambda each: each.found_on) if moved else max(levels, key=lambda each: _RANKS[each.level])
    others = sorted({each.level for each in levels if each is not main}, key=lambda level: _RANKS[level])
    skill, rest = str(_SKILLS[main.skill]), ""
    if len(others) > 1:
        rest = _("verder %(first)s tot %(last)s", first=others[0], last=others[-1])
    elif others == [main.level] and not moved:
        skill, rest = "", _("in alles")
    elif others:
        rest = _("verder %(level)s", level=others[0])
    return LevelLine(level=_moved(main), skill=skill, rest=rest, rank=_RANKS[main.level])


def every_level(levels: Sequence[SkillLevel]) -> str:
    """Return the level in every skill in words: "lezen A1 → A2, spreken A1"."""
    by_skill = {each.skill: each for each in levels}
    return comma().join(f"{words} {_moved(by_skill[skill])}" for skill, words in _SKILLS.items() if skill in by_skill)


def _moved(level: SkillLevel) -> str:
    return level.level if level.before in {None, level.level} else f"{level.before} → {level.level}"


def _contact(learner: CoachedLearner) -> tuple[date | None, str]:
    """Return when there was something last, and what: a note, a message, an appointment, or a call after a signal."""
    found: list[tuple[date, str]] = []
    if learner.noted_at:
        found.append((local(learner.noted_at).date(), _("notitie")))
    if learner.wrote_on:
        found.append((learner.wrote_on, _("bericht")))
    if learner.met_at:
        found.append((local(learner.met_at).date(), _("gesprek")))
    if learner.answered:
        answer, answered_at = learner.answered
        found.append((local(answered_at).date(), str(DONE[answer])))
    if not found:
        return None, ""
    day, what = max(found)
    return day, f"{what} {_day(day)}"


def _meets(at: datetime) -> str:
    moment = local(at)
    return f"{_day(moment.date())} {written('time', at)}"


def _day(day: date) -> str:
    """Return a day in a word or two: this year without the year."""
    near = {today(): _("vandaag"), today() - timedelta(days=1): _("gisteren"), today() + timedelta(days=1): _("morgen")}
    if day in near:
        return near[day]
    return written("daymonth", day) if abs((day - today()).days) < 180 else str(written("date", day))


def _number(value: int | None) -> int:
    return value if value is not None else 1_000


ORDERS: Mapping[str, Callable[[LearnerLine], Any]] = {
    "name": lambda line: line.learner.sort_name,
    "attendance": lambda line: _number(line.strokes.percent if line.strokes else None),
    "signal": lambda line: (not line.learner.signals, _number(line.strokes.percent if line.strokes else None)),
    "level": lambda line: line.level.rank if line.level else -1,
    "hours": lambda line: -_number(line.hours.percent if line.hours else None),
    "contact": lambda line: line.contact_on or date.min,
}
"""By what the list is sorted: who needs something comes first."""
FILTERS: Mapping[str, Callable[[LearnerLine], bool]] = {
    "alle": lambda _line: True,
    "aandacht": lambda line: bool(line.learner.signals),
    "eindigt": lambda line: line.is_ending,
    "laag": lambda line: line.is_low,
    "vervanging": lambda line: bool(line.learner.coach),
}
"""By what the list is narrowed, beside a group."""


@dataclass(frozen=True, kw_only=True)
class FilterPill:
    """A way to narrow the list: its key, its words, and how many it leaves."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, kw_only=True)
class MyLearners:
    """The page: the lines that answer to what was asked, and by what they can be narrowed, with counts."""

    lines: list[LearnerLine]
    total: int
    filters: list[FilterPill]
    groups: list[FilterPill]
    chosen: str
    group: str
    order: str
    columns: frozenset[str]
    """Which columns there is anything in: strokes, level, hours, signals."""

    @property
    def kept(self) -> dict[str, str]:
        """What the address says besides the order."""
        return {"toon": self.chosen, **({"groep": self.group} if self.group else {})}

    @property
    def view(self) -> str:
        """The whole of what the address says."""
        return "&".join(f"{key}={value}" for key, value in {**self.kept, "volgorde": self.order}.items())


def present_learners(
    learners: Sequence[CoachedLearner],
    *,
    chosen: str,
    group: str,
    order: str,
    low_percent: int = USUAL[SignalKind.LOW_ATTENDANCE],
) -> MyLearners:
    """Return the lines of the list in the order asked; what is asked that there isn't, is all of it.

    Where a group is chosen each count is of that group.
    """
    lines = [present_learner(each, low_percent) for each in learners]
    chosen = chosen if chosen in FILTERS else "alle"
    groups = _groups(lines)
    group = group if group in {each.key for each in groups} else ""
    of_group = [line for line in lines if not group or group in _group_ids(line)]
    wanted = [line for line in of_group if FILTERS[chosen](line)]
    return MyLearners(
        lines=sorted(wanted, key=ORDERS[order.removeprefix("-")], reverse=order.startswith("-")),
        total=len(lines),
        filters=[pill for pill in _filters(of_group, low_percent) if pill.count or pill.key in {"alle", chosen}],
        groups=groups,
        chosen=chosen,
        group=group,
        order=order,
        columns=frozenset(
            name for name in ("strokes", "level", "hours", "signals") if any(getattr(line, name) for line in lines)
        ),
    )


def _filters(lines: Sequence[LearnerLine], low_percent: int) -> list[FilterPill]:
    words = {
        "aandacht": _("Wie vraagt aandacht"),
        "alle": _("Alle"),
        "laag": _("Onder %(percent)s%% aanwezig", percent=low_percent),
        "eindigt": _("Eindigt binnen 60 dagen"),
        "vervanging": _("Vervanging"),
    }
    return [
        FilterPill(key=key, label=label, count=sum(FILTERS[key](line) for line in lines))
        for key, label in words.items()
    ]


def _group_ids(line: LearnerLine) -> set[str]:
    return {key for key, _name in line.learner.groups}


def _groups(lines: Sequence[LearnerLine]) -> list[FilterPill]:
    names = {key: name for line in lines for key, name in line.learner.groups}
    count = Counter(key for line in lines for key in _group_ids(line))
    found = [FilterPill(key=key, label=name, count=count[key]) for key, name in names.items()]
    return sorted(found, key=lambda pill: pill.label)
