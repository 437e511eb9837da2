"""A learner's own levels, results, notes and evaluations."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.core.http.scope import Scope
from portal.learners.corrections.queries import list_own_views
from portal.learners.own_record.queries import CorrectionView
from portal.policy.queries import current_policy
from portal.progress import queries
from portal.progress.can_do.presenters import CanDoGroup, present_can_do
from portal.progress.corrections import FINDINGS
from portal.progress.evaluations.models import JointEvaluation
from portal.progress.evaluations.queries import list_joint_evaluations
from portal.progress.evaluations.services import are_kept
from portal.progress.goals.models import Goal
from portal.progress.goals.queries import list_goals
from portal.progress.levels.queries import list_own_spreads
from portal.progress.models import ExamResult, Level
from portal.progress.presenters import SkillChart, charts_of


@dataclass(frozen=True)
class MyLevels:
    """The page *Mijn niveau*; what the school doesn't keep is empty. `shows_levels`: she may see and set these."""

    shows_levels: bool
    levels: Sequence[Level]
    goals: Sequence[Goal]
    can_do: Sequence[CanDoGroup]
    charts: list[SkillChart]
    results: Sequence[ExamResult]
    notes: list[queries.Written]
    evaluations: list[queries.Written]
    joint: Sequence[JointEvaluation] | None
    views: dict[UUID, list[CorrectionView]]
    """What she said against one of these, by its id."""


def get_my_levels(scope: Scope) -> MyLevels:
    """Return how far the learner of this scope is, as she may see it herself and as far as the scope shows it."""
    policy, learner_id = current_policy(), scope.get_own_learner_id()
    has_levels = policy.feature("levels") and "level" in scope.sees
    levels = queries.list_levels(learner_id, scope) if has_levels else []
    goals = list_goals(learner_id, scope) if has_levels else []
    has_exams = policy.feature("exams") and "exam" in scope.sees
    has_notes = policy.feature("notes") and "progress" in scope.sees
    return MyLevels(
        shows_levels=has_levels,
        levels=levels,
        can_do=present_can_do(learner_id, scope, queries.latest_of(levels)) if has_levels else [],
        goals=goals,
        charts=charts_of(levels, goals, list_own_spreads(scope) if levels else None),
        results=queries.list_results(learner_id, scope) if has_exams else [],
        notes=queries.list_own_notes(learner_id, scope) if has_notes else [],
        evaluations=queries.list_evaluations(learner_id, scope) if has_notes else [],
        joint=list_joint_evaluations(learner_id, scope) if has_notes and are_kept() else None,
        views=list_own_views(FINDINGS, scope),
    )
