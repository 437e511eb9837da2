"""The weekly timetable and the lessons made from it; holidays leave their days out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, not_, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.courses.clashes.queries import check_clashes
from portal.courses.groups.queries import get_group, get_slot
from portal.courses.lessons.services import check_times, check_weekly_times, delete_empty, untouched
from portal.courses.models import Holiday, LearnerGroup, Lesson, LessonKind, LessonPlace, SkippedLesson, TimetableSlot
from portal.courses.scope import reaches_lesson
from portal.permissions import Permission

MADE_AHEAD = timedelta(weeks=12)


@dataclass(frozen=True)
class Cleared:
    """How many lessons went, and how many stay that are still to be given: with marks, or touched by somebody."""

    gone: int
    kept: int


def add_slot(
    group_id: UUID,
    *,
    weekday: int,
    starts_at: time,
    ends_at: time,
    break_minutes: int,
    kind: LessonKind = LessonKind.NT2,
    place: LessonPlace = LessonPlace.SCHOOL,
    room: str | None,
    from_on: date,
    until_on: date | None,
    despite: bool = False,
    by: Actor,
) -> TimetableSlot:
    """Give a group a weekly lesson (0 is Monday) and make its lessons for twelve weeks ahead. Raises Invalid.

    Also where its teacher, room or a learner has another lesson at that time, unless `despite` says that this is meant.
    """
    by.must(Permission.TIMETABLE_KEEP)
    get_group(group_id, by)
    check_weekly_times(starts_at, ends_at, break_minutes)
    if until_on is not None and until_on < from_on:
        raise Invalid("until_on", "ends_before_start")
    slot = TimetableSlot(
        id=new_id(),
        group_id=group_id,
        weekday=weekday,
        starts_at=starts_at,
        ends_at=ends_at,
        break_minutes=break_minutes,
        kind=kind,
        place=place,
        room=room,
        from_on=from_on,
        until_on=until_on,
    )
    _check_free(slot, until_on, "starts_at")
    session.add(slot)
    session.flush()
    made = make_lessons([slot.id], since=from_on)
    check_clashes(Lesson.slot_id == slot.id, despite=despite)
    audit.record("courses.slot_added", subject=("learner_group", group_id), facts={"lessons": made}, by=by)
    return slot


def end_slot(group_id: UUID, slot_id: UUID, *, until_on: date, by: Actor) -> Cleared:
    """Let a weekly lesson end after a day. Its lessons from then on go, but not those that somebody touched.

    A later day than before makes the lessons until then. Raises Invalid: another weekly lesson has that time by then.
    """
    by.must(Permission.TIMETABLE_KEEP)
    slot = get_slot(group_id, slot_id, by.scope)
    _check_free(slot, until_on, "ends_on")
    slot.until_on = max(until_on, slot.from_on)
    session.flush()
    after = max(until_on, today() - timedelta(days=1))
    cleared = _clear(Lesson.slot_id == slot.id, Lesson.slot_on > after)
    if until_on < slot.from_on:
        session.delete(slot)
        session.flush()
    else:
        make_lessons([slot.id])
    audit.record("courses.slot_ended", subject=("learner_group", group_id), facts={"lessons": cleared.gone}, by=by)
    return cleared


def make_lessons(slot_ids: Sequence[UUID] | None = None, *, since: date | None = None) -> int:
    """Make the lessons of weekly slots from a day (today unless given) to twelve weeks ahead; return how many.

    Holidays, days outside the group's own and times that the clock skips are left out. What was made before stays as
    it is, wherever it was moved to, and what was deleted stays away: safe to run twice.
    """
    first, last = since or today(), today() + MADE_AHEAD
    statement = (
        select(TimetableSlot, LearnerGroup.starts_on, LearnerGroup.ends_on, LearnerGroup.room)
        .join(
            LearnerGroup,
            (LearnerGroup.school_id == TimetableSlot.school_id) & (LearnerGroup.id == TimetableSlot.group_id),
        )
        .where(TimetableSlot.lasts_until(first))
        .order_by(TimetableSlot.id)
        .with_for_update(of=TimetableSlot, key_share=True)
    )
    if slot_ids is not None:
        statement = statement.where(TimetableSlot.id.in_(slot_ids))
    slots = session.execute(statement).all()
    free, skipped = _days_off(last), _skipped(first)
    rows = []
    for slot, group_from, group_until, room in slots:
        begin = max(slot.from_on, group_from, first)
        end = min(each for each in (slot.until_on, group_until, last) if each is not None)
        days = (day for day in _weekly(slot.weekday, begin, end) if day not in free and _is_possible(slot, day))
        rows += [_lesson(slot, room, day) for day in days if (slot.id, day) not in skipped]
    if not rows:
        return 0
    new = upsert(Lesson).on_conflict_do_nothing().returning(Lesson.id)
    return len(session.execute(new, rows).all())


def follow_group(group: LearnerGroup) -> int:
    """Let a group's weekly lessons from today on lie within its own days and be in its room.

    Those that are missing are made; those outside that nobody touched go. Returns how many went.
    """
    outside = Lesson.held_on < group.starts_on
    if group.ends_on is not None:
        outside = or_(outside, Lesson.held_on > group.ends_on)
    cleared = _clear(Lesson.group_id == group.id, Lesson.held_on >= today(), outside)
    slots = session.scalars(select(TimetableSlot).where(TimetableSlot.group_id == group.id)).all()
    without_room = [slot.id for slot in slots if slot.room is None]
    session.execute(
        update(Lesson)
        .where(Lesson.slot_id.in_(without_room), Lesson.held_on >= today(), untouched())
        .values(room=group.room)
    )
    make_lessons([slot.id for slot in slots])
    return cleared.gone


def add_holiday(*, name: str, starts_on: date, ends_on: date, by: Actor) -> Cleared:
    """Add days without lessons, also days that are over. Raises Invalid.

    Weekly lessons on them go, but not those that somebody touched.
    """
    by.must(Permission.TIMETABLE_KEEP)
    _check_holiday(starts_on, ends_on)
    holiday = Holiday(name=name, starts_on=starts_on, ends_on=ends_on)
    session.add(holiday)
    session.flush()
    cleared = _clear(Lesson.held_on.between(starts_on, ends_on))
    facts = {"lessons": cleared.gone}
    audit.record("courses.holiday_added", subject=("holiday", holiday.id), facts=facts, by=by)
    return cleared


def count_dropped(*, starts_on: date, ends_on: date, by: Actor) -> Cleared:
    """Return what `add_holiday` would do for these days, without doing it. Raises Invalid."""
    by.must(Permission.TIMETABLE_KEEP)
    _check_holiday(starts_on, ends_on)
    with session.begin_nested() as savepoint:
        cleared = _clear(Lesson.held_on.between(starts_on, ends_on))
        savepoint.rollback()
    return cleared


def _check_holiday(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Invalid("ends_on", "ends_before_start")
    if (ends_on - starts_on).days > 100:
        raise Invalid("ends_on", "holiday_too_long")


def cancel_lessons_on(holiday_id: UUID, *, by: Actor) -> int:
    """Cancel every lesson that still stands on these days without lessons, for that reason; return how many.

    Their marks stay and count for nothing. Raises NotFound.
    """
    by.must(Permission.TIMETABLE_KEEP)
    holiday = session.get(Holiday, (current_school_id(), holiday_id))
    if holiday is None:
        raise NotFound("holiday")
    on_it = (Lesson.held_on.between(holiday.starts_on, holiday.ends_on), not_(Lesson.is_cancelled))
    lessons = session.scalars(
        update(Lesson)
        .where(*on_it, reaches_lesson(by.scope))
        .values(cancelled_at=now(), cancelled_because=holiday.name)
        .returning(Lesson.id),
        execution_options={"synchronize_session": False},
    ).all()
    if lessons:
        facts = {"lessons": [str(lesson_id) for lesson_id in lessons]}
        audit.record("courses.lesson_cancelled", subject=("holiday", holiday_id), facts=facts, by=by)
    return len(lessons)


def remove_holiday(holiday_id: UUID, *, by: Actor) -> int:
    """Take days without lessons away; the weekly lessons on them are made again. Returns how many were made."""
    by.must(Permission.TIMETABLE_KEEP)
    starts_on = session.scalar(delete(Holiday).where(Holiday.id == holiday_id).returning(Holiday.starts_on))
    if starts_on is None:
        raise NotFound("holiday")
    made = make_lessons(since=min(starts_on, today()))
    audit.record("courses.holiday_removed", subject=("holiday", holiday_id), facts={"lessons": made}, by=by)
    return made


def _clear(*which: ColumnElement[bool]) -> Cleared:
    """Delete those of these lessons that are empty and as their slot made them; count what stays to be given."""
    lessons = session.scalars(select(Lesson.id).where(*which, untouched())).all()
    gone = delete_empty(lessons, SYSTEM)
    still = select(func.count()).select_from(Lesson).where(*which, not_(Lesson.is_cancelled))
    return Cleared(gone=gone, kept=session.scalar(still) or 0)


def _check_free(slot: TimetableSlot, until_on: date | None, field: str) -> None:
    """Raise Invalid where the group has another weekly lesson at this one's time, until this day."""
    others = select(TimetableSlot.id).where(
        TimetableSlot.group_id == slot.group_id,
        TimetableSlot.id != slot.id,
        TimetableSlot.weekday == slot.weekday,
        TimetableSlot.starts_at < slot.ends_at,
        TimetableSlot.ends_at > slot.starts_at,
        TimetableSlot.from_on <= (until_on or date.max),
        TimetableSlot.lasts_until(slot.from_on),
    )
    if session.scalars(others).first() is not None:
        raise Invalid(field, "slot_overlaps")


def _skipped(since: date) -> frozenset[tuple[UUID, date]]:
    rows = session.execute(select(SkippedLesson.slot_id, SkippedLesson.slot_on).where(SkippedLesson.slot_on >= since))
    return frozenset((row.slot_id, row.slot_on) for row in rows)


def _days_off(last: date) -> frozenset[date]:
    holidays = session.execute(select(Holiday.starts_on, Holiday.ends_on).where(Holiday.starts_on <= last))
    return frozenset(
        row.starts_on + timedelta(days=at) for row in holidays for at in range((row.ends_on - row.starts_on).days + 1)
    )


def _weekly(weekday: int, begin: date, end: date) -> Iterable[date]:
    day = begin + timedelta(days=(weekday - begin.weekday()) % 7)
    while day <= end:
        yield day
        day += timedelta(days=7)


def _is_possible(slot: TimetableSlot, day: date) -> bool:
    """Say whether the times of a weekly lesson come by on this day: not in the night that the clock skips an hour."""
    try:
        check_times(day, slot.starts_at, slot.ends_at, slot.break_minutes)
    except Invalid:
        return False
    return True


def _lesson(slot: TimetableSlot, room: str | None, day: date) -> dict[str, object]:
    return {
        "group_id": slot.group_id,
        "slot_id": slot.id,
        "slot_on": day,
        "held_on": day,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "break_minutes": slot.break_minutes,
        "kind": slot.kind,
        "place": slot.place,
        "room": slot.room or room,
    }
