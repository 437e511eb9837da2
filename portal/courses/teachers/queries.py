"""What a teacher has from a day on: groups that she teaches, and single lessons that she takes over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, not_, select

from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.courses.models import GroupTeacher, LearnerGroup, Lesson
from portal.courses.scope import reaches_group, reaches_lesson


@dataclass(frozen=True)
class Taught:
    """That somebody teaches a group: `id` is of that row; `lessons` are those that are hers to give, as planned."""

    id: UUID
    group_id: UUID
    group_name: str
    starts_on: date
    ends_on: date | None
    is_substitute: bool
    lessons: int


def list_taught(account_id: UUID, scope: Scope, *, since: date) -> list[Taught]:
    """Return which groups within reach somebody teaches on a day or later, by name, with her lessons from that day."""
    lessons = (
        select(func.count())
        .select_from(Lesson)
        .where(
            Lesson.school_id == GroupTeacher.school_id,
            Lesson.group_id == GroupTeacher.group_id,
            Lesson.held_on >= since,
            GroupTeacher.holds_on(Lesson.held_on),
            Lesson.substitute_id.is_(None),
            not_(Lesson.is_cancelled),
        )
        .correlate(GroupTeacher)
        .scalar_subquery()
    )
    teaches, group = GroupTeacher, LearnerGroup
    rows = session.execute(
        select(
            teaches.id, teaches.group_id, group.name, teaches.starts_on, teaches.ends_on, teaches.is_substitute,
            lessons.label("lessons"),
        )
        .join(group, and_(group.school_id == teaches.school_id, group.id == teaches.group_id))
        .where(
            teaches.account_id == account_id,
            teaches.lasts_until(since),
            group.lasts_until(since),
            reaches_group(scope),
        )
        .order_by(group.name, teaches.starts_on, teaches.id)
    )  # fmt: skip
    return [Taught(*row) for row in rows]


def get_taught(row_id: UUID, account_id: UUID, scope: Scope) -> GroupTeacher:
    """Return that somebody teaches a group within reach; raises NotFound."""
    row = session.scalar(
        select(GroupTeacher)
        .join(GroupTeacher.group)
        .where(GroupTeacher.id == row_id, GroupTeacher.account_id == account_id, reaches_group(scope))
    )
    if row is None:
        raise NotFound("group_teacher")
    return row


def list_taken_over(account_id: UUID, scope: Scope, *, since: date) -> Sequence[Lesson]:
    """Return the single lessons within reach that somebody takes over from a day on, in order."""
    return session.scalars(
        select(Lesson)
        .where(
            Lesson.substitute_id == account_id,
            Lesson.held_on >= since,
            not_(Lesson.is_cancelled),
            reaches_lesson(scope),
        )
        .order_by(Lesson.held_on, Lesson.starts_at, Lesson.id)
    ).all()
