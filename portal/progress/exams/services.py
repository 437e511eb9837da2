"""Entering the result of an exam or a part of one: of one learner, or KNM of a whole group at once."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import delete, insert

from portal.core import audit
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.permissions import Permission
from portal.progress.models import ExamPart, ExamResult, LevelSource, Rung
from portal.progress.services import check_day, enter, get_to_enter, must_be_kept, must_reach, signed


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


def record_knm(passed: Mapping[UUID, bool], *, taken_on: date, source: LevelSource, by: Actor) -> int:
    """Enter who passed KNM and who didn't, by learner; one from the same source on that day is replaced.

    Returns how many. Raises Invalid for the day, NotFound for a learner out of reach: then nothing is stored.
    """
    must_be_kept("exams")
    by.must(Permission.PROGRESS_KEEP)
    check_day(taken_on, "found_on")
    must_reach(set(passed), by)
    session.execute(
        delete(ExamResult).where(
            ExamResult.school_id == current_school_id(),
            ExamResult.part == ExamPart.KNM,
            ExamResult.taken_on == taken_on,
            ExamResult.source == source,
            ExamResult.learner_id.in_(passed),
        )
    )
    same = {"part": ExamPart.KNM, "taken_on": taken_on, "source": source, **signed("entered", by)}
    rows = [{"id": new_id(), "learner_id": each, "is_passed": is_passed, **same} for each, is_passed in passed.items()]
    session.execute(insert(ExamResult), rows)
    facts = {"results": len(passed), "part": ExamPart.KNM.value, "source": source.value}
    audit.record("progress.results_entered", learner_ids=sorted(passed), facts=facts, by=by)
    return len(passed)
