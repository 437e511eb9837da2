"""Entering what was found of a whole group on one day: levels, and results for KNM."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.progress.exams.services import record_knm
from portal.progress.levels.services import NewLevel, record_levels
from portal.progress.models import LevelSource


def record_group(
    levels: Sequence[NewLevel], passed: Mapping[UUID, bool], *, found_on: date, source: LevelSource, by: Actor
) -> int:
    """Enter levels and, by learner, who passed KNM; all or nothing. Returns how many. Raises Invalid and NotFound."""
    if not levels and not passed:
        raise Invalid("levels", "nothing_entered")
    count = record_levels(levels, found_on=found_on, source=source, by=by) if levels else 0
    return count + (record_knm(passed, taken_on=found_on, source=source, by=by) if passed else 0)
