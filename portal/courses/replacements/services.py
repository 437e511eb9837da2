"""Letting another give a teacher's lessons of some days, and taking that back."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import Actor
from portal.courses.groups.services import add_teacher, end_teacher
from portal.courses.models import GroupTeacher
from portal.courses.replacements.queries import (
    GivenGroup,
    StandIn,
    get_replacement,
    list_given,
    list_stand_ins,
    list_teaching_rows,
)
from portal.courses.teachers.queries import get_taught, list_taken_over
from portal.courses.teachers.services import Taken, check_day, check_taken, give_lesson
from portal.permissions import Permission

_ONE_DAY = timedelta(days=1)
_MOST_DAYS = 366


def replace_teacher(
    account_id: UUID, to: UUID, *, group_ids: Collection[UUID], first: date, last: date, despite: bool, by: Actor
) -> UUID:
    """Let another give somebody's lessons to these groups from a day until a day; return the entry that says so.

    In a group that she teaches the other is a substitute for these days, but for those on which somebody stands in
    already; single lessons that she takes over go to him.
    Raises Invalid: no group, days before today or in the wrong order, no teacher, who stands at a group already, or
    lessons of the other at the same time, unless `despite` says that this is meant.
    """
    by.must(Permission.TIMETABLE_KEEP)
    _check_days(first, last)
    if to == account_id:
        raise Invalid("substitute_id", "same_person")
    groups = [each for each in list_given(account_id, by.scope, first=first, last=last) if each.id in set(group_ids)]
    if not groups:
        raise Invalid("groups", "no_group")
    others = list_stand_ins(account_id, by.scope, first=first, last=last)
    rows: list[GroupTeacher] = []
    for group in groups:
        standing = [each for each in others if each.group_id == group.id]
        hers = list_teaching_rows(group.id, account_id, by.scope, first=first, last=last)
        times = [(max(first, row.starts_on), min(last, row.ends_on or last)) for row in hers]
        rows += _stand_in(group, to, [each for time in times for each in free_days(*time, standing)], by=by)
    lessons = [lesson for group in groups for lesson in group.taken_over]
    for lesson in lessons:
        give_lesson(lesson, to, by=by)
    taken = [Taken(to, group_id=row.group_id) for row in rows]
    lesson_ids = tuple(lesson.id for lesson in lessons)
    if lesson_ids:
        taken.append(Taken(to, lesson_ids=lesson_ids))
    check_taken(taken, despite=despite)
    facts = {
        "to": str(to),
        "from": first.isoformat(),
        "until": last.isoformat(),
        "groups": [str(group.id) for group in groups],
        "rows": [str(row.id) for row in rows],
        "lessons": [str(each) for each in lesson_ids],
    }
    return audit.record("courses.teacher_replaced", subject=("account", account_id), facts=facts, by=by)


def take_back_replacement(entry_id: UUID, account_id: UUID, *, by: Actor) -> int:
    """Let her give her own lessons again from today on; return in how many places. Raises NotFound."""
    by.must(Permission.TIMETABLE_KEEP)
    facts = get_replacement(entry_id, account_id, by.scope).facts
    to = UUID(facts["to"])
    count = sum(_end(UUID(row_id), to, by=by) for row_id in facts["rows"])
    hers = [each for each in list_taken_over(to, by.scope, since=today()) if str(each.id) in facts["lessons"]]
    for lesson in hers:
        give_lesson(lesson, account_id, by=by)
    count += len(hers)
    if count:
        subject = ("account", account_id)
        audit.record("courses.replacement_taken_back", subject=subject, facts={"of": str(entry_id)}, by=by)
    return count


def _check_days(first: date, last: date) -> None:
    check_day(first)
    if last < first:
        raise Invalid("ends_on", "ends_before_start")
    if (last - first).days > _MOST_DAYS:
        raise Invalid("ends_on", "too_many_days")


def _stand_in(group: GivenGroup, to: UUID, days: Sequence[tuple[date, date]], *, by: Actor) -> list[GroupTeacher]:
    try:
        return [
            add_teacher(group.id, to, starts_on=begin, ends_on=end, is_substitute=True, despite=True, by=by)
            for begin, end in days
        ]
    except Invalid as refusal:
        raise Invalid("substitute_id", refusal.code, group=group.name) from refusal


def free_days(first: date, last: date, taken: Sequence[StandIn]) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each time between two days on which nobody stands in."""
    for each in sorted(taken, key=lambda other: other.first):
        if each.first > last:
            break
        if first < each.first:
            yield first, each.first - _ONE_DAY
        if each.last >= last:
            return
        first = max(first, each.last + _ONE_DAY)
    if first <= last:
        yield first, last


def _end(row_id: UUID, to: UUID, *, by: Actor) -> bool:
    """End a substitute's place today, or take it away where it didn't begin; False where it is over or gone."""
    try:
        row = get_taught(row_id, to, by.scope)
    except NotFound:
        return False
    if not row.lasts_until(today()):
        return False
    end_teacher(row.group_id, row_id, ends_on=today() - _ONE_DAY, by=by)
    return True
