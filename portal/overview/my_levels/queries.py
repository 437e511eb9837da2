"""A learner's own levels, results, notes and evaluations."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.policy.queries import current_policy
from portal.progress import queries
from portal.progress.models import ExamResult, Level
from portal.progress.presenters import SkillChart, charts_of


@dataclass(frozen=True)
class MyLevels:
    """The page *Mijn niveau*; what the school doesn't keep is empty."""

    levels: Sequence[Level]
    charts: list[SkillChart]
    results: Sequence[ExamResult]
    notes: list[queries.Written]
    evaluations: list[queries.Written]


def get_my_levels(learner_id: UUID) -> MyLevels:
    """Return how far a learner is, as she may see it herself."""
    policy = current_policy()
    levels = queries.list_levels(learner_id) if policy.feature("levels") else []
    has_notes = policy.feature("notes")
    return MyLevels(
        levels=levels,
        charts=charts_of(levels),
        results=queries.list_results(learner_id) if policy.feature("exams") else [],
        notes=queries.list_notes(learner_id, visible_only=True) if has_notes else [],
        evaluations=queries.list_evaluations(learner_id) if has_notes else [],
    )
