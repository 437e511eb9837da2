"""Single lessons: one more, another time, another teacher, cancelled.

A lesson with marks can't be deleted. A cancelled one keeps its marks, which then count for nothing, so that
putting it back brings the hours back too. A weekly lesson that was changed or deleted stays so: what is made from
the timetable goes by the day that the timetable meant.
"""

from collections.abc import Sequence
from datetime import date, time
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, not_, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.health_terms import check_health_terms
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.core.jobs import ask
from portal.courses.clashes.queries import check_clashes
from portal.courses.groups.queries import list_teaching_accounts
from portal.courses.lessons.followers import before, follow
from portal.courses.models import (
    MOST_BREAK,
    LearnerGroup,
    Lesson,
    LessonKind,
    LessonPlace,
    SkippedLesson,
    TimetableSlot,
    is_on_clock,
    lesson_minutes,
)
from portal.courses.scope import reaches_group, reaches_lesson
from portal.notifications.models import NotificationKind
from portal.notifications.services import Told, notify
from portal.permissions import Permission

_LONGEST = 300


def save_lesson(
    group_id: UUID,
    lesson_id: UUID | None,
    *,
    held_on: date,
    starts_at: time,
    ends_at: time,
    break_minutes: int,
    kind: LessonKind = LessonKind.NT2,
    place: LessonPlace = LessonPlace.SCHOOL,
    room: str | None,
    substitute_id: UUID | None,
    despite: bool = False,
    by: Actor,
) -> Lesson:
    """Add a single lesson to a group, or change one. Marks that are there count by the new times.

    Raises Invalid: times that can't be, a lesson of the group then already, a substitute who doesn't teach, or a
    teacher, room or learner that has another lesson then, unless `despite` says that this is meant.
    """
    by.must(Permission.TIMETABLE_KEEP)
    lesson = (
        get_own_lesson(group_id, lesson_id, by.scope) if lesson_id else Lesson(group_id=_group_id(group_id, by.scope))
    )
    check_times(held_on, starts_at, ends_at, break_minutes)
    _check_once(group_id, lesson_id, held_on, starts_at, ends_at)
    if substitute_id is not None and substitute_id != lesson.substitute_id:
        _check_teaches(substitute_id)
    is_taken_over = substitute_id is not None and substitute_id != lesson.substitute_id and held_on >= today()
    was = _as_it_is(lesson)
    stood = before(lesson) if lesson_id is not None else None
    lesson.held_on, lesson.starts_at, lesson.ends_at, lesson.break_minutes = held_on, starts_at, ends_at, break_minutes
    lesson.kind, lesson.place, lesson.room, lesson.substitute_id = kind, place, room, substitute_id
    if lesson_id is not None and _as_it_is(lesson) != was:
        lesson.changed_at = now()
    session.add(lesson)
    session.flush()
    if _place_of(_as_it_is(lesson)) != _place_of(was):
        check_clashes(Lesson.id == lesson.id, despite=despite)
    if lesson_id is not None and _as_it_is(lesson)[:4] != was[:4]:
        ask("attendance.recount_minutes", {"lesson_id": str(lesson.id)}, unique=str(lesson.id))
    if is_taken_over and substitute_id is not None:
        notify(NotificationKind.LESSON_TAKEN_OVER, [Told(substitute_id, lesson.id)], by=by)
    facts = {
        "held_on": held_on.isoformat(),
        "substitute": str(substitute_id or ""),
        "kind": kind.value,
        "place": place.value,
    }
    if stood is not None:
        follow(lesson, stood)
    audit.record("courses.lesson_saved", subject=("lesson", lesson.id), facts=facts, by=by)
    return lesson


def cancel_lesson(group_id: UUID, lesson_id: UUID, *, because: str, by: Actor) -> Lesson:
    """Cancel a lesson, with the reason that learners see. Its marks stay and count for nothing.

    Raises Invalid: without a reason, for a long one, and for one that tells of somebody's health.
    """
    by.must(Permission.TIMETABLE_KEEP)
    if not because.strip():
        raise Invalid("because", "required")
    if len(because) > _LONGEST:
        raise Invalid("because", "too_long", most=_LONGEST)
    check_health_terms("because", because)
    lesson = get_own_lesson(group_id, lesson_id, by.scope)
    stood = before(lesson)
    lesson.cancelled_at, lesson.cancelled_because = now(), because.strip()
    session.flush()
    follow(lesson, stood)
    audit.record("courses.lesson_cancelled", subject=("lesson", lesson.id), by=by)
    return lesson


def restore_lesson(group_id: UUID, lesson_id: UUID, *, despite: bool = False, by: Actor) -> Lesson:
    """Put a cancelled lesson back; marks that it has count again.

    Raises Invalid: the group has another lesson then, or a teacher, room or learner has, unless `despite` says that
    this is meant.
    """
    by.must(Permission.TIMETABLE_KEEP)
    lesson = get_own_lesson(group_id, lesson_id, by.scope)
    _check_once(group_id, lesson_id, lesson.held_on, lesson.starts_at, lesson.ends_at)
    stood = before(lesson)
    lesson.cancelled_at = lesson.cancelled_because = None
    session.flush()
    check_clashes(Lesson.id == lesson.id, despite=despite)
    follow(lesson, stood)
    audit.record("courses.lesson_restored", subject=("lesson", lesson.id), by=by)
    return lesson


def delete_lesson(group_id: UUID, lesson_id: UUID, *, by: Actor) -> None:
    """Delete a lesson that was made by mistake; a weekly one isn't made again for that day.

    Raises Conflict("lesson_has_marks") where anything was filled in.
    """
    by.must(Permission.TIMETABLE_KEEP)
    lesson = get_own_lesson(group_id, lesson_id, by.scope)
    slot_id, slot_on = lesson.slot_id, lesson.slot_on
    if slot_id is not None:  # who makes lessons of it now waits, and then knows
        session.get(TimetableSlot, (current_school_id(), slot_id), with_for_update={"key_share": True})
    if not delete_empty([lesson.id], by.scope):
        raise Conflict("lesson_has_marks")
    if slot_id is not None:
        skipped = {"slot_id": slot_id, "slot_on": slot_on}
        session.execute(upsert(SkippedLesson).on_conflict_do_nothing(), [skipped])
    audit.record("courses.lesson_deleted", subject=("lesson", lesson_id), by=by)


def untouched() -> ColumnElement[bool]:
    """Say of `lesson` whether it is as its weekly slot made it: nobody changed or cancelled it."""
    return and_(Lesson.slot_id.is_not(None), Lesson.changed_at.is_(None), not_(Lesson.is_cancelled))


def delete_empty(lesson_ids: Sequence[UUID], scope: Scope) -> int:
    """Delete those of these lessons within reach in whose register nothing stands; return how many."""
    if not lesson_ids:
        return 0
    try:
        with session.begin_nested():
            return _delete(lesson_ids, scope)
    except IntegrityError:
        return sum(_delete_one(lesson_id, scope) for lesson_id in lesson_ids)


def get_own_lesson(group_id: UUID, lesson_id: UUID, scope: Scope) -> Lesson:
    """Return a lesson of a group, within reach; raises NotFound."""
    lesson = session.scalar(
        select(Lesson).where(Lesson.id == lesson_id, Lesson.group_id == group_id, reaches_lesson(scope))
    )
    if lesson is None:
        raise NotFound("lesson")
    return lesson


def check_times(day: date, starts_at: time, ends_at: time, break_minutes: int) -> None:
    """Raise Invalid for times that no lesson has, or not on this day: one that the clock skips, or all break."""
    check_weekly_times(starts_at, ends_at, break_minutes)
    for name, at in (("starts_at", starts_at), ("ends_at", ends_at)):
        if not is_on_clock(day, at):
            raise Invalid(name, "hour_skipped")
    longest = lesson_minutes(day, starts_at, ends_at, 0) - 1
    if break_minutes > longest:
        raise Invalid("break_minutes", "break_too_long", longest=longest)


def check_weekly_times(starts_at: time, ends_at: time, break_minutes: int) -> None:
    """Raise Invalid for a lesson that ends before it begins, or whose break isn't shorter than it, or over 4 hours."""
    if ends_at <= starts_at:
        raise Invalid("ends_at", "past_midnight")
    lasts = (ends_at.hour - starts_at.hour) * 60 + ends_at.minute - starts_at.minute
    longest = min(MOST_BREAK, lasts - 1)
    if not 0 <= break_minutes <= longest:
        raise Invalid("break_minutes", "break_too_long", longest=longest)


def _as_it_is(lesson: Lesson) -> tuple[object, ...]:
    times = (lesson.held_on, lesson.starts_at, lesson.ends_at, lesson.break_minutes)
    return (*times, lesson.kind, lesson.place, lesson.room, lesson.substitute_id)


def _place_of(as_it_is: tuple[object, ...]) -> tuple[object, ...]:
    """Return what decides whether a lesson clashes: its day, its times, where it is and who takes it over."""
    return (*as_it_is[:3], *as_it_is[5:])


def _check_once(group_id: UUID, lesson_id: UUID | None, held_on: date, starts_at: time, ends_at: time) -> None:
    """Raise Invalid where the group has another lesson at one of these hours, or had one planned for that moment."""
    overlaps = and_(Lesson.starts_at < ends_at, Lesson.ends_at > starts_at, not_(Lesson.is_cancelled))
    twice = exists().where(
        Lesson.group_id == group_id,
        Lesson.held_on == held_on,
        or_(Lesson.starts_at == starts_at, overlaps),
        Lesson.id != lesson_id,
    )
    if session.scalar(select(twice)):
        raise Invalid("starts_at", "lesson_twice")


def _delete(lesson_ids: Sequence[UUID], scope: Scope) -> int:
    hers = (Lesson.id.in_(lesson_ids), reaches_lesson(scope))
    gone = session.execute(delete(Lesson).where(*hers).returning(Lesson.id))
    return len(gone.all())


def _delete_one(lesson_id: UUID, scope: Scope) -> int:
    try:
        with session.begin_nested():
            return _delete([lesson_id], scope)
    except IntegrityError:
        return 0


def _group_id(group_id: UUID, scope: Scope) -> UUID:
    if session.scalar(select(LearnerGroup.id).where(LearnerGroup.id == group_id, reaches_group(scope))) is None:
        raise NotFound("group")
    return group_id


def _check_teaches(account_id: UUID) -> None:
    if account_id not in {account.id for account in list_teaching_accounts()}:
        raise Invalid("substitute_id", "no_teacher")
