"""What a teacher has goes to another: a group from a day on, or her single lessons; and all of it for a while.

Each is done without a look at clashes, which are said of all of it at once: `check_taken`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.courses.clashes.queries import find_clash
from portal.courses.groups.services import add_teacher, end_teacher
from portal.courses.lessons.services import save_lesson
from portal.courses.models import Lesson
from portal.courses.teachers.queries import get_taught, list_taken_over
from portal.permissions import Permission

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Taken:
    """What came to somebody: a group, or single lessons."""

    account_id: UUID
    group_id: UUID | None = None
    lesson_ids: tuple[UUID, ...] = ()


def hand_over_group(row_id: UUID, account_id: UUID, to: UUID | None, *, on: date, by: Actor) -> Taken | None:
    """Let another teach a group from a day on in somebody's place, as long as that was hers; None: nobody does.

    Raises NotFound; Invalid for a day before today, for a group that isn't hers any more by then, and as `add_teacher`.
    """
    by.must(Permission.TIMETABLE_KEEP)
    check_day(on)
    row = get_taught(row_id, account_id, by.scope)
    if not row.lasts_until(on):
        raise Invalid("to", "over_by_then")
    group_id, ends_on, is_substitute = row.group_id, row.ends_on, row.is_substitute
    starts_on = max(on, row.starts_on)
    end_teacher(group_id, row_id, ends_on=on - _ONE_DAY, by=by)
    if to is None:
        return None
    add_teacher(group_id, to, starts_on=starts_on, ends_on=ends_on, is_substitute=is_substitute, despite=True, by=by)
    return Taken(to, group_id=group_id)


def hand_over_lessons(account_id: UUID, to: UUID | None, *, on: date, by: Actor) -> tuple[int, Taken | None]:
    """Let another take over the single lessons that somebody takes over from a day on; None: who teaches gives them.

    Returns how many. Raises Invalid as `save_lesson` does, and for a day before today.
    """
    by.must(Permission.TIMETABLE_KEEP)
    check_day(on)
    lessons = list_taken_over(account_id, by.scope, since=on)
    for lesson in lessons:
        give_lesson(lesson, to, by=by)
    ids = tuple(lesson.id for lesson in lessons)
    return len(ids), Taken(to, lesson_ids=ids) if to is not None and ids else None


def check_taken(taken: Sequence[Taken], *, despite: bool) -> None:
    """Raise Invalid("at_once") with the first clash of each that was handed over, unless these are meant."""
    if despite:
        return
    found = [find_clash(*_lessons_of(each), Account.id == each.account_id) for each in taken]
    clashes = [clash for clash in found if clash is not None]
    if clashes:
        raise Invalid("despite", "at_once", clashes=list(dict.fromkeys(clashes)))


def check_day(on: date) -> None:
    """Raise Invalid for a day before today: what was given is given."""
    if on < today():
        raise Invalid("starts_on", "in_the_past")


def _lessons_of(taken: Taken) -> tuple[ColumnElement[bool], ...]:
    return (Lesson.group_id == taken.group_id,) if taken.group_id else (Lesson.id.in_(taken.lesson_ids),)


def give_lesson(lesson: Lesson, to: UUID | None, *, by: Actor) -> None:
    """Let somebody take over a lesson; None: who teaches the group gives it. Raises Invalid as `save_lesson` does."""
    save_lesson(
        lesson.group_id,
        lesson.id,
        held_on=lesson.held_on,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        break_minutes=lesson.break_minutes,
        kind=lesson.kind,
        place=lesson.place,
        room=lesson.room,
        substitute_id=to,
        despite=True,
        by=by,
    )
