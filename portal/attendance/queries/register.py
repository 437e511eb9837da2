"""The register of a lesson: who was in the group that day and what is filled in, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Date, Select, Text, Uuid, and_, bindparam, cast, or_, select, union

from portal.attendance.models import AttendanceMark, MarkChange, Status
from portal.core.database import session
from portal.core.prepared import Prepared
from portal.courses.queries.lessons import LessonView
from portal.learners.models import FULL_NAME, Enrolment, Learner
from portal.policy.queries import current_policy


class MarkValue(NamedTuple):
    """What a mark says. No status: *nog niet ingevuld*."""

    status: Status | None = None
    late_minutes: int = 0
    early_minutes: int = 0


class RegisterRow(NamedTuple):
    """A learner in the register of a lesson; `version` is 0 while nothing is filled in."""

    learner_id: UUID
    name: str
    value: MarkValue
    last_contact_on: date | None = None
    minutes: int = 0
    version: int = 0
    step_id: UUID | None = None
    marked_by: UUID | None = None
    marked_by_name: str | None = None
    marked_at: datetime | None = None

    @property
    def initials(self) -> str:
        """The first letters of the first and the last part of her name."""
        parts = self.name.split()
        return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper()


@dataclass(frozen=True)
class ChangeLine:
    """A change in the register: what it said before and after, who changed it, when and why."""

    name: str
    old: MarkValue
    new: MarkValue
    reason: str | None
    changed_by_name: str
    changed_at: datetime


def keeps_attendance() -> bool:
    """Say whether the school's policy lets it keep attendance at all."""
    return current_policy().feature("attendance")


def _rows_statement(*, only: bool) -> Select[*tuple[Any, ...]]:
    """The register of :lesson of :group on :day, by name: who was enrolled, and whoever has a mark all the same.

    `only` narrows it to :learner.
    """
    lesson, mark = bindparam("lesson", type_=Uuid()), AttendanceMark
    day = bindparam("day", type_=Date())
    enrolled = select(Enrolment.learner_id).where(
        Enrolment.group_id == bindparam("group", type_=Uuid()),
        Enrolment.starts_on <= day,
        or_(Enrolment.ends_on.is_(None), Enrolment.ends_on >= day),
    )
    marked = select(mark.learner_id).where(mark.lesson_id == lesson)
    if only:
        learner = bindparam("learner", type_=Uuid())
        enrolled = enrolled.where(Enrolment.learner_id == learner)
        marked = marked.where(mark.learner_id == learner)
    there = union(enrolled, marked).subquery()
    own = and_(mark.school_id == Learner.school_id, mark.learner_id == Learner.id, mark.lesson_id == lesson)
    return (
        select(
            Learner.id, FULL_NAME, cast(mark.status, Text),
            mark.late_minutes, mark.early_minutes, mark.minutes, mark.version, mark.step_id, mark.marked_by,
            mark.marked_by_name, mark.marked_at, Learner.last_contact_on,
        )
        .join(there, there.c.learner_id == Learner.id)
        .outerjoin(mark, own)
        .order_by(Learner.sort_name, Learner.id)
    )  # fmt: skip


_STATUS = {status.value: status for status in Status}
_OPEN = MarkValue()
_ROWS = Prepared(_rows_statement(only=False))
_ROW = Prepared(_rows_statement(only=True))


def list_register(lesson: LessonView, only: UUID | None = None) -> list[RegisterRow]:
    """Return the register, or one learner's row: enrolled on the day, or marked all the same."""
    values: dict[str, Any] = {"lesson": lesson.id, "group": lesson.group_id, "day": lesson.held_on}
    found = _ROW.rows(**values, learner=only) if only else _ROWS.rows(**values)
    return [
        RegisterRow(
            learner_id=row[0],
            name=row[1],
            value=MarkValue(_STATUS[row[2]], row[3], row[4]) if row[2] else _OPEN,
            minutes=row[5] or 0,
            version=row[6] or 0,
            step_id=row[7],
            marked_by=row[8],
            marked_by_name=row[9],
            marked_at=row[10],
            last_contact_on=row[11],
        )
        for row in found
    ]


def list_changes(lesson: LessonView) -> Sequence[ChangeLine]:
    """Return what was changed in the register of a lesson, the latest first."""
    rows = session.execute(
        select(MarkChange, Learner.given_name, Learner.name_prefix, Learner.family_name)
        .join(Learner, and_(Learner.school_id == MarkChange.school_id, Learner.id == MarkChange.learner_id))
        .where(MarkChange.lesson_id == lesson.id)
        .order_by(MarkChange.changed_at.desc(), MarkChange.id.desc())
    )
    return [
        ChangeLine(
            name=" ".join(part for part in (row.given_name, row.name_prefix, row.family_name) if part),
            old=MarkValue(row.MarkChange.old_status, row.MarkChange.old_late_minutes, row.MarkChange.old_early_minutes),
            new=MarkValue(row.MarkChange.new_status, row.MarkChange.new_late_minutes, row.MarkChange.new_early_minutes),
            reason=row.MarkChange.reason,
            changed_by_name=row.MarkChange.changed_by_name,
            changed_at=row.MarkChange.changed_at,
        )
        for row in rows
    ]
