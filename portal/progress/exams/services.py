"""Entering the result of an exam or a part of one, of one learner."""

from datetime import date
from uuid import UUID

from portal.core.http.access import Actor
from portal.progress.levels.queries import check_rung
from portal.progress.models import ExamPart, ExamResult, LevelSource, Rung
from portal.progress.services import check_day, enter, get_to_enter, signed


def record_result(
    learner_id: UUID,
    part: ExamPart,
    *,
    taken_on: date,
    is_passed: bool | None,
    by: Actor,
    level: Rung | None = None,
    score: str | None = None,
    source: LevelSource = LevelSource.EXAM,
) -> ExamResult:
    """Enter a result; `is_passed` is None while it isn't known. Raises NotFound and Invalid."""
    learner = get_to_enter(learner_id, "exams", by)
    check_day(taken_on, "taken_on")
    check_rung(level, "level")
    result = ExamResult(
        learner_id=learner.id,
        part=part,
        level=level,
        taken_on=taken_on,
        is_passed=is_passed,
        score=score,
        source=source,
        **signed("entered", by),
    )
    return enter(result, "progress.result_entered", facts={"part": part.value}, by=by)
