"""Which levels the school works with now, and how a learner's group is doing. Not here: what was found of herself."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.scope import Scope
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.progress.models import Level, Rung, Skill
from portal.schools.queries import current_school, get_school

LEAST_OTHERS = 5
"""Of fewer others no range is shown: one of them could be read from it."""


class Spread(NamedTuple):
    """Between which levels the middle half of a group is."""

    low: Rung
    high: Rung


Spreads = Mapping[tuple[Skill, bool], Spread]
"""By skill and ladder: whether it is that of literacy."""


def list_rungs() -> list[Rung]:
    """Return the levels that can be entered now, from low to high: with those between where the school uses these."""
    uses_sublevels = current_school().uses_sublevels
    return [rung for rung in Rung if uses_sublevels or not rung.is_sublevel]


def check_rung(rung: Rung | None, field: str) -> None:
    """Raise Invalid for a level between levels where the school doesn't work with these."""
    if rung is not None and rung.is_sublevel and not current_school().uses_sublevels:
        raise Invalid(field, "no_sublevels")


def list_spreads(learner_id: UUID, scope: Scope) -> Spreads:
    """Return where the middle half of the others in the groups of a learner within reach is, by skill and ladder.

    Without herself, so that nobody can take her own level away from it, and never the lowest or highest, which are one
    person's. Nothing where fewer than five others have a level on that ladder.
    """
    hers, joined = aliased(Enrolment), aliased(Enrolment)
    day = today()
    others = (
        select(joined.learner_id)
        .join(hers, and_(hers.school_id == joined.school_id, hers.group_id == joined.group_id))
        .join(Learner, and_(Learner.school_id == joined.school_id, Learner.id == joined.learner_id))
        .where(
            hers.school_id == current_school_id(),
            hers.learner_id == learner_id,
            reaches_learner(scope, hers.learner_id),
            joined.learner_id != learner_id,
            Learner.is_in_use,
            *(each.starts_on <= day for each in (hers, joined)),
            *(each.lasts_until(day) for each in (hers, joined)),
        )
    )
    latest = (
        select(Level.skill, Level.level)
        .ext(distinct_on(Level.learner_id, Level.skill))
        .where(Level.school_id == current_school_id(), Level.learner_id.in_(others))
        .order_by(Level.learner_id, Level.skill, Level.found_on.desc(), Level.entered_at.desc())
        .subquery()
    )
    counted = select(latest.c.skill, latest.c.level, func.count()).group_by(latest.c.skill, latest.c.level)
    found: dict[tuple[Skill, bool], list[Rung]] = defaultdict(list)
    for skill, level, count in session.execute(counted):
        found[Skill(skill), Rung(level).is_literacy] += [Rung(level)] * count
    return {key: _middle_half(levels) for key, levels in found.items() if len(levels) >= LEAST_OTHERS}


def list_own_spreads(scope: Scope) -> Spreads:
    """Return the same for the learner of this scope: nothing where the school doesn't show it to learners."""
    return list_spreads(scope.get_own_learner_id(), scope) if get_school().shows_group_range else {}


def _middle_half(levels: Sequence[Rung]) -> Spread:
    order = list(Rung)
    ranked = sorted(levels, key=order.index)
    left_out = max(1, len(ranked) // 4)
    return Spread(ranked[left_out], ranked[-1 - left_out])
