"""Making groups anew for other days, from those that there are: course, room, weekly lessons, teachers. No learners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.core import audit
from portal.core.clock import today
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.courses.clashes.queries import check_clashes
from portal.courses.groups.queries import GroupView, get_group, list_teaching_accounts
from portal.courses.groups.services import save_group
from portal.courses.models import GroupTeacher, LearnerGroup, Lesson, TimetableSlot
from portal.courses.timetable.services import make_lessons
from portal.permissions import Permission


@dataclass(frozen=True)
class GroupCopy:
    """Which group is copied, and what the new one is called."""

    group_id: UUID
    name: str


def copy_groups(
    copies: Sequence[GroupCopy],
    *,
    starts_on: date,
    ends_on: date | None,
    with_teachers: bool,
    ends_old: bool = False,
    despite: bool = False,
    by: Actor,
) -> list[LearnerGroup]:
    """Make a new group for each, with the weekly lessons it has now or had last, all or none; return them.

    With `ends_old` a group that would go on ends the day before. Teachers come along who teach it for as long as it is
    theirs and are teacher still; substitutes don't. Raises NotFound; Invalid for an end before the beginning, no group,
    a name that is taken (`group_id` says of which), or lessons at the time of others, unless `despite` says that this
    is meant.
    """
    by.must(Permission.TIMETABLE_KEEP)
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("ends_on", "ends_before_start")
    if not copies:
        raise Invalid("groups", "no_group")
    _check_names(copies)
    if ends_old:
        for each in copies:
            _end(get_group(each.group_id, by), starts_on - timedelta(days=1), by)
    made = [_copy(each, starts_on, ends_on, with_teachers=with_teachers, by=by) for each in copies]
    check_clashes(Lesson.group_id.in_([group.id for group in made]), despite=despite)
    return made


def _end(old: GroupView, last_on: date, by: Actor) -> None:
    """Let a group that would go on end on a day; one that begins later stays as it is."""
    if old.starts_on <= last_on < (old.ends_on or date.max):
        save_group(
            old.id, name=old.name, course_id=old.course_id, room=old.room, starts_on=old.starts_on, ends_on=last_on,
            capacity=old.capacity, despite=True, by=by,
        )  # fmt: skip


def _check_names(copies: Sequence[GroupCopy]) -> None:
    """Raise Invalid for the first name that another group has, or that stands here twice."""
    taken = set(session.scalars(select(LearnerGroup.name).where(LearnerGroup.name.in_([each.name for each in copies]))))
    for each in copies:
        if each.name in taken:
            raise Invalid("learner_group.name", "name_taken", group_id=each.group_id)
        taken.add(each.name)


def _copy(copy: GroupCopy, starts_on: date, ends_on: date | None, *, with_teachers: bool, by: Actor) -> LearnerGroup:
    old = get_group(copy.group_id, by)
    last_on = min(old.ends_on or today(), today())
    group = LearnerGroup(
        course_id=old.course_id,
        name=copy.name,
        room=old.room,
        capacity=old.capacity,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    session.add(group)
    session.flush()
    slots = [_slot_like(slot, group) for slot in _slots(old.id, last_on)]
    teachers = [_teacher_like(row, group) for row in _teachers(old.id, last_on)] if with_teachers else []
    session.add_all([*slots, *teachers])
    session.flush()
    lessons = make_lessons([slot.id for slot in slots], since=starts_on) if slots else 0
    facts = {"from": str(old.id), "slots": len(slots), "teachers": len(teachers), "lessons": lessons}
    audit.record("courses.group_copied", subject=("learner_group", group.id), facts=facts, by=by)
    return group


def _slots(group_id: UUID, day: date) -> Sequence[TimetableSlot]:
    return session.scalars(
        select(TimetableSlot)
        .where(TimetableSlot.group_id == group_id, TimetableSlot.lasts_until(day))
        .order_by(TimetableSlot.weekday, TimetableSlot.starts_at, TimetableSlot.id)
    ).all()


def _teachers(group_id: UUID, day: date) -> list[GroupTeacher]:
    teaching = {account.id for account in list_teaching_accounts()}
    rows = session.scalars(
        select(GroupTeacher)
        .where(
            GroupTeacher.group_id == group_id,
            GroupTeacher.is_substitute.is_(False),
            GroupTeacher.lasts_until(day),
        )
        .order_by(GroupTeacher.starts_on, GroupTeacher.id)
    )
    return list({row.account_id: row for row in rows if row.account_id in teaching}.values())


def _slot_like(slot: TimetableSlot, group: LearnerGroup) -> TimetableSlot:
    return TimetableSlot(
        group_id=group.id,
        weekday=slot.weekday,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        break_minutes=slot.break_minutes,
        kind=slot.kind,
        place=slot.place,
        room=slot.room,
        from_on=group.starts_on,
    )


def _teacher_like(row: GroupTeacher, group: LearnerGroup) -> GroupTeacher:
    return GroupTeacher(group_id=group.id, account_id=row.account_id, starts_on=group.starts_on)
