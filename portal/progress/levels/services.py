"""Entering levels: for one learner or a whole group at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, insert, tuple_

from portal.core import audit
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import Actor
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.progress.levels.queries import check_rung
from portal.progress.models import Level, LevelSource, Rung, Skill
from portal.progress.services import check_day, must_be_kept, must_reach, signed


@dataclass(frozen=True)
class NewLevel:
    """A level to enter."""

    learner_id: UUID
    skill: Skill
    level: Rung


def record_levels(levels: Sequence[NewLevel], *, found_on: date, source: LevelSource, by: Actor) -> int:
    """Enter levels found on one day; one from the same source on that day is replaced. Returns how many.

    Raises Invalid for the day, NotFound for a learner out of reach: then nothing is stored.
    """
    must_be_kept("levels")
    by.must(Permission.PROGRESS_KEEP)
    check_day(found_on, "found_on")
    if not levels:
        raise Invalid("levels", "nothing_entered")
    for level in levels:
        check_rung(level.level, "levels")
    must_reach({level.learner_id for level in levels}, by)
    session.execute(
        delete(Level).where(
            Level.school_id == current_school_id(),
            Level.found_on == found_on,
            Level.source == source,
            tuple_(Level.learner_id, Level.skill).in_([(level.learner_id, level.skill) for level in levels]),
        )
    )
    by_whom = signed("entered", by)
    rows = [
        {
            "id": new_id(),
            "learner_id": level.learner_id,
            "skill": level.skill,
            "level": level.level,
            "source": source,
            "found_on": found_on,
            **by_whom,
        }
        for level in levels
    ]
    session.execute(insert(Level), rows)
    learners = sorted({level.learner_id for level in levels})
    audit.record(
        "progress.levels_entered",
        learner_ids=learners,
        facts={"levels": len(levels), "source": source.value, "found_on": found_on.isoformat()},
        by=by,
    )
    return len(levels)


def delete_level(level_id: UUID, *, by: Actor) -> UUID:
    """Take back a level that was entered by mistake; returns the learner's id. Raises NotFound."""
    by.must(Permission.PROGRESS_KEEP)
    level = session.get(Level, (current_school_id(), level_id))
    if level is None:
        raise NotFound("level")
    get_within_reach(level.learner_id, by)
    audit.record(
        "progress.level_deleted",
        learner_id=level.learner_id,
        subject=("level", level.id),
        facts={"skill": level.skill.value, "source": level.source.value, "found_on": level.found_on.isoformat()},
        by=by,
    )
    session.delete(level)
    session.flush()
    return level.learner_id
