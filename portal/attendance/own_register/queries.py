"""What a learner reads of her own register besides her hours: who filled it in and when, and what was changed later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, select

from portal.attendance.models import AttendanceMark, MarkChange
from portal.attendance.registers.queries import Mark, new_mark_of, old_mark_of
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.courses.models import Lesson
from portal.learners.scope.queries import reaches_learner


class MarkOrigin(NamedTuple):
    """A mark by its id: from where the school has it, who set it, and when."""

    mark_id: UUID
    source: str
    marked_by_name: str
    marked_at: datetime


@dataclass(frozen=True)
class OwnChange:
    """A change in what the register said of her: for which lesson, before and after, who, when and why."""

    held_on: date
    old: Mark
    new: Mark
    reason: str | None
    changed_by_name: str
    changed_at: datetime


def list_mark_origins(learner_id: UUID, scope: Scope) -> Mapping[UUID, MarkOrigin]:
    """Return by lesson where the marks of a learner came from."""
    rows = session.execute(
        select(
            AttendanceMark.lesson_id,
            AttendanceMark.id,
            AttendanceMark.source,
            AttendanceMark.marked_by_name,
            AttendanceMark.marked_at,
        ).where(
            AttendanceMark.school_id == current_school_id(),
            AttendanceMark.learner_id == learner_id,
            reaches_learner(scope, AttendanceMark.learner_id),
        )
    )
    return {row.lesson_id: MarkOrigin(row.id, row.source, row.marked_by_name, row.marked_at) for row in rows}


def list_changes_of_learner(learner_id: UUID, scope: Scope) -> list[OwnChange]:
    """Return what was changed in what the register says of a learner, the latest first."""
    rows = session.execute(
        select(MarkChange, Lesson.held_on)
        .join(Lesson, and_(Lesson.school_id == MarkChange.school_id, Lesson.id == MarkChange.lesson_id))
        .where(
            MarkChange.school_id == current_school_id(),
            MarkChange.learner_id == learner_id,
            reaches_learner(scope, MarkChange.learner_id),
        )
        .order_by(MarkChange.changed_at.desc(), MarkChange.id.desc())
    )
    return [
        OwnChange(
            held_on=row.held_on,
            old=old_mark_of(change),
            new=new_mark_of(change),
            reason=change.reason,
            changed_by_name=change.changed_by_name,
            changed_at=change.changed_at,
        )
        for row in rows
        for change in [row.MarkChange]
    ]
