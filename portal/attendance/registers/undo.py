"""Taking back what was just stored in a register, one row or all of *iedereen aanwezig* at once."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import and_, delete, select

from portal.attendance.models import AttendanceMark, MarkChange
from portal.attendance.registers.queries import Mark, list_register, old_mark_of
from portal.attendance.registers.services import check_open
from portal.attendance.registers.storage import Recorded, store
from portal.core.clock import local, today
from portal.core.db.scope import revealed
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.courses.lessons.queries import LessonView


def undo_step(lesson: LessonView, step_id: UUID, *, by: Actor, only: UUID | None = None) -> Recorded:
    """Put each row that this step changed, or `only` that of one learner, back to what it was.

    What was changed since is left as it is.

    Only whoever took the step can take it back, and on the same day. On the lesson's own day nothing of it stays but
    the audit; later the register keeps both changes. Raises Conflict ("nothing_to_undo" when nothing is left of it).
    """
    check_open(lesson)
    with revealed():
        return _undo(lesson, step_id, by, only)


def _undo(lesson: LessonView, step_id: UUID, by: Actor, only: UUID | None) -> Recorded:
    before = _before(lesson, step_id, by)
    if only is not None:
        before = {learner_id: mark for learner_id, mark in before.items() if learner_id == only}
    found = list_register(lesson, next(iter(before)) if len(before) == 1 else None) if before else []
    rows = [row for row in found if row.learner_id in before and row.step_id in {step_id, None}]
    if not rows:
        raise Conflict("nothing_to_undo")
    is_past = lesson.held_on < today()
    if not is_past:
        session.execute(
            delete(MarkChange).where(
                MarkChange.lesson_id == lesson.id,
                MarkChange.step_id == step_id,
                MarkChange.learner_id.in_(before),
            ),
            execution_options={"synchronize_session": False},
        )
    marks = [replace(before[row.learner_id], version=row.mark.version) for row in rows]
    as_read = {row.learner_id: row for row in rows}
    return store(lesson, marks, as_read, event="attendance.undone", by=by, history=is_past, skip_stale=True)


def _before(lesson: LessonView, step_id: UUID, by: Actor) -> dict[UUID, Mark]:
    """Return what each row that this step changed said before it: marks it made, changed or took away."""
    mark, change = AttendanceMark, MarkChange
    changed = session.execute(
        select(change).where(
            change.lesson_id == lesson.id, change.step_id == step_id, change.changed_by == by.account_id
        )
    ).scalars()
    before = {each.learner_id: old_mark_of(each) for each in changed if local(each.changed_at).date() == today()}
    made: Sequence[AttendanceMark] = session.scalars(
        select(mark).where(and_(mark.lesson_id == lesson.id, mark.step_id == step_id, mark.marked_by == by.account_id))
    ).all()
    fresh = {
        each.learner_id: Mark(learner_id=each.learner_id) for each in made if local(each.marked_at).date() == today()
    }
    return fresh | before
