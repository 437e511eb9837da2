"""Filling in and correcting a register."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.attendance.models import Status
from portal.attendance.registers.minutes import check_minutes
from portal.attendance.registers.queries import MarkValue, RegisterRow, keeps_attendance, list_register
from portal.attendance.registers.storage import Recorded, Wanted, store
from portal.core.clock import local, today
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.courses.lessons.queries import LessonView

LONGEST_REASON = 300


@dataclass(frozen=True)
class Mark:
    """What a row of the register should say; `version` is the one that was seen. No status empties the row."""

    learner_id: UUID
    value: MarkValue
    version: int
    reason: str | None = None


def record_attendance(
    lesson: LessonView, marks: Sequence[Mark], *, by: Actor, rows: Iterable[RegisterRow] | None = None
) -> Recorded:
    """Store marks of a lesson, all or none, with one audit entry; rows that say so already are left as they are.

    `rows` are those of the register, where they were just read.

    On a later day than the lesson's, changing what is filled in needs a reason, and what stood there is kept; only
    what she herself filled in that same day may change without. Raises Conflict ("lesson_cancelled",
    "lesson_in_future", "stale" with `learner_ids`) and Invalid.
    """
    check_open(lesson)
    only = marks[0].learner_id if len(marks) == 1 else None
    there = {row.learner_id: row for row in (list_register(lesson, only) if rows is None else rows)}
    _check_known(marks, there)
    changed = [mark for mark in marks if mark.value != there[mark.learner_id].value]
    stale = [mark.learner_id for mark in changed if mark.version != there[mark.learner_id].version]
    if stale:
        raise Conflict("stale", learner_ids=stale)
    wanted = [Wanted(there[mark.learner_id], mark.value, mark.reason) for mark in changed]
    _check(lesson, wanted, by)
    stored = store(lesson, wanted, event=_event(lesson, wanted), by=by)

    def rows_now() -> list[RegisterRow]:
        now_stored = {row.learner_id: row for row in stored.rows}
        return [now_stored.get(mark.learner_id, there[mark.learner_id]) for mark in marks]

    return Recorded(stored.step_id, rows_now)


def mark_everyone_present(lesson: LessonView, *, by: Actor, but: Collection[UUID] = ()) -> Recorded:
    """Mark as present whoever is still open, and nobody else; `but` are learners for whom a choice is on its way.

    Returns the rows that it filled in. Raises Conflict as `record_attendance`.
    """
    check_open(lesson)
    rows = list_register(lesson)
    present = MarkValue(Status.PRESENT)
    wanted = [Wanted(row, present) for row in rows if row.value.status is None and row.learner_id not in but]
    return store(lesson, wanted, event="attendance.recorded", by=by, skip_stale=True)


def check_open(lesson: LessonView) -> None:
    """Raise when this register can't be filled in: cancelled, not yet held, or the school keeps no attendance."""
    if not keeps_attendance():
        raise Invalid("attendance_mark.status", "not_in_policy", category="attendance")
    if lesson.is_cancelled:
        raise Conflict("lesson_cancelled")
    if lesson.held_on > today():
        raise Conflict("lesson_in_future")


def is_correction(lesson: LessonView, row: RegisterRow, by: Actor) -> bool:
    """Say whether changing this row needs a reason: it was filled in, and the lesson was on an earlier day."""
    if row.value.status is None or lesson.held_on >= today():
        return False
    own_of_today = row.marked_by == by.account_id and row.marked_at and local(row.marked_at).date() == today()
    return not own_of_today


def _event(lesson: LessonView, wanted: Iterable[Wanted]) -> str:
    corrects = lesson.held_on < today() and any(each.row.value.status for each in wanted)
    return "attendance.corrected" if corrects else "attendance.recorded"


def _check_known(marks: Sequence[Mark], rows: dict[UUID, RegisterRow]) -> None:
    unknown = [mark.learner_id for mark in marks if mark.learner_id not in rows]
    if unknown:
        raise Invalid("learner_id", "not_in_group", learner_ids=unknown)


def _check(lesson: LessonView, wanted: Sequence[Wanted], by: Actor) -> None:
    for each in wanted:
        try:
            check_minutes(lesson, each.value)
        except Invalid as refusal:
            raise Invalid(refusal.field, refusal.code, **refusal.facts, learner_ids=[each.row.learner_id]) from None
    unexplained = [each.row.learner_id for each in wanted if not each.reason and is_correction(lesson, each.row, by)]
    if unexplained:
        raise Invalid("reason", "reason_needed", learner_ids=unexplained)
    endless = [each.row.learner_id for each in wanted if len(each.reason or "") > LONGEST_REASON]
    if endless:
        raise Invalid("reason", "too_long", most=LONGEST_REASON, learner_ids=endless)
