"""Filling in and correcting a register."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from portal.attendance.models import Status
from portal.attendance.registers.checks import check_mark
from portal.attendance.registers.queries import Mark, RegisterRow, keeps_attendance, list_register, opens_at
from portal.attendance.registers.storage import Recorded, store
from portal.core.clock import local, now, today
from portal.core.errors import Conflict, Invalid
from portal.core.health_terms import find_health_word
from portal.core.http.access import Actor
from portal.core.ports import Port
from portal.courses.lessons.queries import LessonView

LONGEST_REASON = 300

REGISTER_FOLLOWERS: Port[Callable[[LessonView], None]] = Port("attendance.register_followers")
"""Called once something was stored in a lesson's register."""


def record_attendance(
    lesson: LessonView, marks: Sequence[Mark], *, by: Actor, rows: Iterable[RegisterRow] | None = None
) -> Recorded:
    """Store marks of a lesson, all or none, with one audit entry; rows that say so already are left as they are.

    `rows` are those of the register, where they were just read.

    On a later day than the lesson's, what stood there is kept, and most changes need a reason (`is_correction`).

    Raises Conflict ("lesson_cancelled", "lesson_in_future", "stale" with `learner_ids`) and Invalid.
    """
    check_open(lesson)
    only = marks[0].learner_id if len(marks) == 1 else None
    there = {row.learner_id: row for row in (list_register(lesson, only) if rows is None else rows)}
    _check_known(marks, there)
    changed = [mark for mark in marks if mark != there[mark.learner_id].mark]
    stale = [mark.learner_id for mark in changed if mark.version != there[mark.learner_id].mark.version]
    if stale:
        raise Conflict("stale", learner_ids=stale)
    _check(lesson, changed, there, by)
    stored = store(lesson, changed, there, event=_event(lesson, changed, there), by=by)
    _follow(lesson, stored)
    now_stored = {row.learner_id: row for row in stored.rows}
    rows_now = tuple(now_stored.get(mark.learner_id, there[mark.learner_id]) for mark in marks)
    return Recorded(step_id=stored.step_id, rows=rows_now)


def mark_everyone_present(lesson: LessonView, *, by: Actor, but: Collection[UUID] = ()) -> Recorded:
    """Mark as present whoever is still open, and nobody else; `but` are learners for whom a choice is on its way.

    Who said beforehand that she can't come stays open: the teacher says of her what she sees. Returns the rows that it
    filled in. Raises Conflict as `record_attendance`.
    """
    check_open(lesson)
    rows = {row.learner_id: row for row in list_register(lesson)}
    marks = [
        replace(row.mark, status=Status.PRESENT)
        for row in rows.values()
        if row.mark.is_open and not row.stays_open and row.learner_id not in but
    ]
    stored = store(lesson, marks, rows, event="attendance.recorded", by=by, skip_stale=True)
    _follow(lesson, stored)
    return stored


def _follow(lesson: LessonView, stored: Recorded) -> None:
    if stored.rows:
        for follow in REGISTER_FOLLOWERS.all:
            follow(lesson)


def check_open(lesson: LessonView) -> None:
    """Raise when this register can't be filled in: cancelled, not yet open, or the school keeps no attendance."""
    if not keeps_attendance():
        raise Invalid("attendance_mark.status", "not_in_policy", category="attendance")
    if lesson.is_cancelled:
        raise Conflict("lesson_cancelled")
    if opens_at(lesson) > now():
        raise Conflict("lesson_in_future")


def is_correction(lesson: LessonView, row: RegisterRow, mark: Mark, by: Actor) -> bool:
    """Say whether this change needs a reason: the row was filled in, and the lesson was on an earlier day.

    What she herself filled in that same day may change without. So may an absence of which somebody says for the first
    time whether it was authorised: that contradicts nothing, and asking why would ask for a diagnosis.
    """
    if row.mark.is_open or lesson.held_on >= today():
        return False
    if row.mark.is_authorised is None and mark == replace(row.mark, is_authorised=mark.is_authorised):
        return False
    own_of_today = row.marked_by == by.account_id and row.marked_at and local(row.marked_at).date() == today()
    return not own_of_today


def _event(lesson: LessonView, marks: Iterable[Mark], rows: Mapping[UUID, RegisterRow]) -> str:
    corrects = lesson.held_on < today() and not all(rows[mark.learner_id].mark.is_open for mark in marks)
    return "attendance.corrected" if corrects else "attendance.recorded"


def _check_known(marks: Sequence[Mark], rows: dict[UUID, RegisterRow]) -> None:
    unknown = [mark.learner_id for mark in marks if mark.learner_id not in rows]
    if unknown:
        raise Invalid("learner_id", "not_in_group", learner_ids=unknown)


def _check(lesson: LessonView, marks: Sequence[Mark], rows: Mapping[UUID, RegisterRow], by: Actor) -> None:
    for mark in marks:
        try:
            check_mark(lesson, mark)
        except Invalid as refusal:
            raise Invalid(refusal.field, refusal.code, **refusal.facts, learner_ids=[mark.learner_id]) from None
    unexplained = [
        mark.learner_id for mark in marks if not mark.reason and is_correction(lesson, rows[mark.learner_id], mark, by)
    ]
    if unexplained:
        raise Invalid("reason", "reason_needed", learner_ids=unexplained)
    endless = [mark.learner_id for mark in marks if len(mark.reason or "") > LONGEST_REASON]
    if endless:
        raise Invalid("reason", "too_long", most=LONGEST_REASON, learner_ids=endless)
    for mark in marks:
        word = find_health_word(mark.reason or "")
        if word is not None:
            raise Invalid("reason", "health_word", word=word, learner_ids=[mark.learner_id])
