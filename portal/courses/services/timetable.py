"""The weekly timetable and the lessons made from it; holidays leave their days out."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from portal.core import audit
from portal.core.access import Actor
from portal.core.clock import today
from portal.core.database import current_school_id, session
from portal.core.errors import Invalid, NotFound
from portal.courses.models import Holiday, LearnerGroup, Lesson, TimetableSlot
from portal.courses.services.lessons import check_times, delete_empty
from portal.permissions import Permission

MADE_AHEAD = timedelta(weeks=12)


def add_slot(
    group_id: UUID,
    *,
    weekday: int,
    starts_at: time,
    ends_at: time,
    break_minutes: int,
    room: str | None,
    from_on: date,
    until_on: date | None,
    by: Actor,
) -> TimetableSlot:
    """Give a group a weekly lesson (0 is Monday) and make its lessons for twelve weeks ahead. Raises Invalid."""
    by.must(Permission.TIMETABLE_KEEP)
    group = session.get(LearnerGroup, (current_school_id(), group_id))
    if group is None:
        raise NotFound("group")
    check_times(from_on, starts_at, ends_at, break_minutes)
    if until_on is not None and until_on < from_on:
        raise Invalid("until_on", "ends_before_start")
    others = session.scalars(
        select(TimetableSlot).where(
            TimetableSlot.group_id == group_id,
            TimetableSlot.weekday == weekday,
            TimetableSlot.starts_at < ends_at,
            TimetableSlot.ends_at > starts_at,
            TimetableSlot.from_on <= (until_on or date.max),
            or_(TimetableSlot.until_on.is_(None), TimetableSlot.until_on >= from_on),
        )
    )
    if others.first() is not None:
        raise Invalid("starts_at", "slot_overlaps")
    slot = TimetableSlot(
        group_id=group_id,
        weekday=weekday,
        starts_at=starts_at,
        ends_at=ends_at,
        break_minutes=break_minutes,
        room=room,
        from_on=from_on,
        until_on=until_on,
    )
    session.add(slot)
    session.flush()
    made = make_lessons([slot.id])
    audit.record("courses.slot_added", subject=("learner_group", group_id), facts={"lessons": made}, by=by)
    return slot


def end_slot(group_id: UUID, slot_id: UUID, *, until_on: date, by: Actor) -> int:
    """Let a weekly lesson end after a day; its lessons after that day that nobody touched go. Returns how many went."""
    by.must(Permission.TIMETABLE_KEEP)
    slot = session.get(TimetableSlot, (current_school_id(), slot_id))
    if slot is None or slot.group_id != group_id:
        raise NotFound("timetable_slot")
    slot.until_on = max(until_on, slot.from_on)
    after = max(until_on, today() - timedelta(days=1))
    lessons = session.scalars(select(Lesson.id).where(Lesson.slot_id == slot.id, Lesson.held_on > after)).all()
    gone = delete_empty(lessons)
    if until_on < slot.from_on:
        session.delete(slot)
    session.flush()
    audit.record("courses.slot_ended", subject=("learner_group", group_id), facts={"lessons": gone}, by=by)
    return gone


def make_lessons(slot_ids: Sequence[UUID] | None = None, *, until: date | None = None) -> int:
    """Make the lessons of weekly slots from today until a day (twelve weeks ahead unless given); return how many.

    Holidays and days outside the group's own are skipped, and what is there stays as it is: safe to run twice.
    """
    last = until or today() + MADE_AHEAD
    statement = (
        select(TimetableSlot, LearnerGroup.starts_on, LearnerGroup.ends_on, LearnerGroup.room)
        .join(
            LearnerGroup,
            (LearnerGroup.school_id == TimetableSlot.school_id) & (LearnerGroup.id == TimetableSlot.group_id),
        )
        .where(or_(TimetableSlot.until_on.is_(None), TimetableSlot.until_on >= today()))
    )
    if slot_ids is not None:
        statement = statement.where(TimetableSlot.id.in_(slot_ids))
    free = _days_off(last)
    rows = []
    for slot, group_from, group_until, room in session.execute(statement):
        begin = max(slot.from_on, group_from) if slot_ids is not None else max(slot.from_on, group_from, today())
        end = min(each for each in (slot.until_on, group_until, last) if each is not None)
        rows += [_lesson(slot, room, day) for day in _weekly(slot.weekday, begin, end) if day not in free]
    if not rows:
        return 0
    new = upsert(Lesson).on_conflict_do_nothing(constraint="uq_lesson_moment").returning(Lesson.id)
    return len(session.execute(new, rows).all())


def add_holiday(*, name: str, starts_on: date, ends_on: date, by: Actor) -> int:
    """Add days without lessons; lessons on them that nobody touched go. Returns how many went. Raises Invalid."""
    by.must(Permission.TIMETABLE_KEEP)
    if ends_on < starts_on:
        raise Invalid("ends_on", "ends_before_start")
    if (ends_on - starts_on).days > 100:
        raise Invalid("ends_on", "holiday_too_long")
    holiday = Holiday(name=name, starts_on=starts_on, ends_on=ends_on)
    session.add(holiday)
    session.flush()
    first = max(starts_on, today())
    lessons = session.scalars(
        select(Lesson.id).where(Lesson.held_on.between(first, ends_on), Lesson.slot_id.is_not(None))
    ).all()
    gone = delete_empty(lessons)
    audit.record("courses.holiday_added", subject=("holiday", holiday.id), facts={"lessons": gone}, by=by)
    return gone


def remove_holiday(holiday_id: UUID, *, by: Actor) -> int:
    """Take days without lessons away; the weekly lessons on them are made again. Returns how many were made."""
    by.must(Permission.TIMETABLE_KEEP)
    gone = session.execute(delete(Holiday).where(Holiday.id == holiday_id).returning(Holiday.id)).all()
    if not gone:
        raise NotFound("holiday")
    made = make_lessons()
    audit.record("courses.holiday_removed", subject=("holiday", holiday_id), facts={"lessons": made}, by=by)
    return made


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


def _lesson(slot: TimetableSlot, room: str | None, day: date) -> dict[str, object]:
    return {
        "group_id": slot.group_id,
        "slot_id": slot.id,
        "held_on": day,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "break_minutes": slot.break_minutes,
        "room": slot.room or room,
    }
