"""From levels to the picture of one skill over time, in words that can be read too; and to a line of the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import format_date

from portal.core.clock import today
from portal.core.http.access import Actor
from portal.core.http.languages import _, comma, written
from portal.learners.record.presenters import SummaryFact
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.progress.goals.models import Goal
from portal.progress.goals.queries import list_goals
from portal.progress.labels import LANGUAGE, LITERACY, WORDS
from portal.progress.levels.queries import Spreads
from portal.progress.models import Level, Rung, Skill
from portal.progress.queries import Dealings, find_dealings, list_levels


@dataclass(frozen=True)
class SkillChart:
    """The picture of one skill on one ladder, with the goal that is meant for it, where that stands on the ladder."""

    id: str
    title: str
    series: list[dict[str, Any]]
    ladder: list[str]
    ticks: list[tuple[float, str]]
    latest: str
    goal: str | None = None
    spread: tuple[str, str] | None = None

    @property
    def points(self) -> list[dict[str, Any]]:
        """Its levels, the oldest first: where they stand in time, which, and when in words."""
        found: list[dict[str, Any]] = self.series[0]["points"]
        return found

    @property
    def said(self) -> str:
        """What it draws, in words."""
        told = comma().join(f"{point['level']} ({point['when']})" for point in self.points)
        told = _("%(levels)s; doel %(goal)s", levels=told, goal=self.goal) if self.goal is not None else told
        return f"{self.title}: {told}"


def _ladder(steps: tuple[Rung, ...], used: set[Rung]) -> list[str]:
    """Return the rungs in use with a whole one below and above, so that there is something to climb to.

    Those between whole ones are there where they are in use.
    """
    there = [rung for rung in steps if rung in used or not rung.is_sublevel]
    whole = [place for place, rung in enumerate(there) if not rung.is_sublevel]
    places = [there.index(rung) for rung in used]
    first = max((place for place in whole if place < min(places)), default=min(places))
    last = min((place for place in whole if place > max(places)), default=max(places))
    return [rung.value for rung in there[first : last + 1]]


def _goal_of(skill: Skill, steps: tuple[Rung, ...], goals: Sequence[Goal]) -> Rung | None:
    """Return the nearest goal in this skill or in all, where it stands on this ladder."""
    nearest = next((goal.level for goal in goals if goal.skill in {None, skill}), None)
    return nearest if nearest in steps else None


def charts_of(levels: Sequence[Level], goals: Sequence[Goal] = (), spreads: Spreads | None = None) -> list[SkillChart]:
    """Return a picture for each skill and ladder that has levels, on one axis of time.

    Levels stand oldest first, goals nearest first; `spreads` says where the rest of the group is.
    """
    if not levels:
        return []
    start, end = levels[0].found_on, max(today(), levels[-1].found_on)
    span = max(1, (end - start).days)
    ticks = [(0.0, format_date(start, "MMM y")), (100.0, format_date(end, "MMM y"))] if span > 1 else []
    made = []
    for skill in Skill:
        for name, steps in (("taal", LANGUAGE), ("alfa", LITERACY)):
            held = [level for level in levels if level.skill is skill and level.level in steps]
            if not held:
                continue
            goal = _goal_of(skill, steps, goals)
            spread = (spreads or {}).get((skill, steps is LITERACY))
            used = {level.level for level in held} | ({goal} if goal is not None else set()) | set(spread or ())
            made.append(
                SkillChart(
                    id=f"{skill.value}-{name}",
                    title=str(WORDS[skill]),
                    series=[{"label": str(WORDS[skill]), "points": _points(held, start, span)}],
                    ladder=_ladder(steps, used),
                    ticks=ticks,
                    latest=held[-1].level.value,
                    goal=goal.value if goal is not None else None,
                    spread=(spread.low.value, spread.high.value) if spread is not None else None,
                )
            )
    return made


def _points(levels: Sequence[Level], start: date, span: int) -> list[dict[str, Any]]:
    return [
        {
            "at": round(100 * (level.found_on - start).days / span, 2),
            "level": level.level.value,
            "when": f"{format_date(level.found_on, 'd MMM y')}{comma()}{WORDS[level.source]}",
        }
        for level in levels
    ]


def levels_fact(learner_id: UUID, by: Actor) -> SummaryFact | None:
    """Return the latest levels of a learner within reach; None where the school keeps none, or she doesn't see them."""
    if not current_policy().feature("levels") or "level" not in by.sees or not by.may(Permission.PROGRESS_VIEW):
        return None
    levels = list_levels(learner_id, by.scope)
    goals = list_goals(learner_id, by.scope) if levels else ()
    return SummaryFact(
        label=_("Niveau"),
        text="" if levels else _("nog geen niveau"),
        about=_("laatst bepaald op %(day)s", day=format_date(levels[-1].found_on, "long")) if levels else "",
        url=url_for("progress.learner", learner_id=learner_id),
        picture="progress/_steps.html" if levels else "",
        figures=charts_of(levels, goals),
    )


def dealings_fact(learner_id: UUID, by: Actor) -> SummaryFact | None:
    """Return when the next appointment with a learner within reach is, and the last note; None where none is seen."""
    sees_notes = current_policy().feature("notes") and "progress" in by.sees and by.may(Permission.PROGRESS_VIEW)
    sees_meetings = current_policy().allows("appointment.starts_at") and "appointment" in by.sees
    if not sees_notes and not sees_meetings:
        return None
    found = find_dealings(learner_id, by)
    noted = _noted(found) if sees_notes else ""
    writer = (found.noted_by or "") if sees_notes else ""
    if not sees_meetings:
        return SummaryFact(label=_("Notities"), text=noted, about="", name=writer, url=_notes_url(learner_id))
    meets = written("datetime", found.meets_at) if found.meets_at is not None else _("geen afspraak gepland")
    return SummaryFact(
        label=_("Afspraak en notities") if sees_notes else _("Afspraak"),
        text=meets,
        about=noted,
        name=writer,
        url=_notes_url(learner_id) if sees_notes else url_for("learners.entries", learner_id=learner_id),
    )


def _notes_url(learner_id: UUID) -> str:
    return url_for("progress.learner", learner_id=learner_id) + "#notities"


def _noted(found: Dealings) -> str:
    if found.noted_at is None:
        return _("nog geen notitie")
    return _("laatste notitie %(day)s", day=written("date", found.noted_at))
