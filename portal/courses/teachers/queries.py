"""Teachers whom the timetable wants at two places at once."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.courses.models import GroupTeacher, LearnerGroup, Lesson


@dataclass(frozen=True)
class Clash:
    """A lesson that a teacher gives at the time of another: whose it is, when, and of which group."""

    teacher: str
    held_on: date
    starts_at: time
    ends_at: time
    group: str


def find_clash(*which: ColumnElement[bool]) -> Clash | None:
    """Return the first lesson from today on that the teacher of one of these gives elsewhere at its time; else None.

    `which` are conditions on `lesson`, and may name `account`, the teacher.
    """
    other = aliased(Lesson)
    at_once = and_(
        other.school_id == Lesson.school_id,
        other.held_on == Lesson.held_on,
        other.group_id != Lesson.group_id,
        other.starts_at < Lesson.ends_at,
        other.ends_at > Lesson.starts_at,
    )
    row = session.execute(
        select(Account.name.label("teacher"), other.held_on, other.starts_at, other.ends_at, LearnerGroup.name)
        .select_from(Lesson)
        .join(other, at_once)
        .join(LearnerGroup, and_(LearnerGroup.school_id == other.school_id, LearnerGroup.id == other.group_id))
        .join(Account, and_(Account.school_id == Lesson.school_id, _gives(Lesson), _gives(other)))
        .where(*which, Lesson.held_on >= today(), not_(Lesson.is_cancelled), not_(other.is_cancelled))
        .order_by(other.held_on, other.starts_at, other.id, Account.name)
        .limit(1)
    ).first()
    return row and Clash(row.teacher, row.held_on, row.starts_at, row.ends_at, row.name)


def check_free(*which: ColumnElement[bool], despite: bool) -> None:
    """Raise Invalid("teaches_at_once") for a clash in these lessons, unless they are to stand `despite` one."""
    clash = None if despite else find_clash(*which)
    if clash is not None:
        facts = {"teacher": clash.teacher, "day": clash.held_on, "group": clash.group}
        raise Invalid("despite", "teaches_at_once", **facts, first=clash.starts_at, last=clash.ends_at)


def _gives(lesson: Any) -> ColumnElement[bool]:
    """Say whether `account` gives a lesson: a teacher of its group on that day, unless another takes it over."""
    of_group = exists().where(
        GroupTeacher.school_id == lesson.school_id,
        GroupTeacher.group_id == lesson.group_id,
        GroupTeacher.account_id == Account.id,
        GroupTeacher.holds_on(lesson.held_on),
    )
    return or_(lesson.substitute_id == Account.id, and_(lesson.substitute_id.is_(None), of_group))
