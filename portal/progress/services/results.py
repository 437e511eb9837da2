"""Entering the result of an exam or a part of one."""

from datetime import date
from uuid import UUID

from portal.core import audit
from portal.core.access import Actor
from portal.core.clock import now
from portal.core.database import session
from portal.learners.services.reach import get_within_reach
from portal.permissions import Permission
from portal.progress.models import ExamPart, ExamResult, LevelSource, Rung
from portal.progress.services.levels import check_day, must_be_kept


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
    must_be_kept("exams")
    by.must(Permission.PROGRESS_KEEP)
    learner = get_within_reach(learner_id, by, lock=True)
    check_day(taken_on, "taken_on")
    result = ExamResult(
        learner_id=learner.id,
        part=part,
        level=level,
        taken_on=taken_on,
        is_passed=is_passed,
        score=score,
        source=source,
        entered_by=by.account_id,
        entered_by_name=by.name,
        entered_at=now(),
    )
    session.add(result)
    session.flush()
    audit.record(
        "progress.result_entered",
        learner_id=learner.id,
        subject=("exam_result", result.id),
        facts={"part": part.value},
        by=by,
    )
    return result
