"""From levels to the picture of one skill over time, in words that can be read too; and to a line of the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import format_date

from portal.core.clock import today
from portal.core.http.access import Actor
from portal.core.http.languages import _
from portal.learners.record.presenters import SummaryFact
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.progress.labels import LANGUAGE, LITERACY, WORDS
from portal.progress.models import Level, Rung, Skill
from portal.progress.queries import latest_of, list_levels


@dataclass(frozen=True)
class SkillChart:
    """The picture of one skill on one ladder."""

    id: str
    title: str
    series: list[dict[str, Any]]
    ladder: list[str]
    ticks: list[tuple[float, str]]
    latest: str


def _ladder(steps: tuple[Rung, ...], used: set[Rung]) -> list[str]:
    """Return the rungs in use with one above, so that there is something to climb to."""
    places = [steps.index(rung) for rung in used]
    first, last = max(0, min(places) - 1), min(len(steps) - 1, max(places) + 1)
    return [rung.value for rung in steps[first : last + 1]]


def charts_of(levels: Sequence[Level]) -> list[SkillChart]:
    """Return a picture for each skill and ladder that has levels, on one axis of time; levels stand oldest first."""
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
            points = [
                {
                    "at": round(100 * (level.found_on - start).days / span, 2),
                    "level": level.level.value,
                    "when": f"{format_date(level.found_on, 'd MMM y')}, {WORDS[level.source]}",
                }
                for level in held
            ]
            made.append(
                SkillChart(
                    id=f"{skill.value}-{name}",
                    title=str(WORDS[skill]),
                    series=[{"label": str(WORDS[skill]), "points": points}],
                    ladder=_ladder(steps, {level.level for level in held}),
                    ticks=ticks,
                    latest=held[-1].level.value,
                )
            )
    return made


def levels_fact(learner_id: UUID, by: Actor) -> SummaryFact | None:
    """Return the latest levels of a learner within reach; None where the school keeps none, or she doesn't see them."""
    if not current_policy().feature("levels") or "level" not in by.sees or not by.may(Permission.PROGRESS_VIEW):
        return None
    levels = list_levels(learner_id, by.scope)
    latest = latest_of(levels)
    found = " · ".join(f"{WORDS[skill]} {latest[skill].value}" for skill in Skill if skill in latest)
    return SummaryFact(
        label=_("Niveau"),
        text=found or _("nog geen niveau"),
        about=_("laatst bepaald op %(day)s", day=format_date(levels[-1].found_on, "long")) if levels else "",
        url=url_for("progress.learner", learner_id=learner_id),
    )
