"""The register of a lesson: who was in the group that day and what is filled in, in one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, or_, select, union

from portal.attendance.models import AttendanceMark, MarkChange, Status
from portal.core.database import session
from portal.courses.queries.lessons import LessonView
from portal.learners.models import Enrolment, Learner
from portal.policy.queries import current_policy


@dataclass(frozen=True)
class MarkValue:
    """What a mark says. No status: *nog niet ingevuld*."""

    status: Status | None = None
    late_minutes: int = 0
    early_minutes: int = 0


@dataclass(frozen=True)
class RegisterRow:
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


def list_register(lesson: LessonView, learner_ids: Iterable[UUID] | None = None) -> list[RegisterRow]:
    """Return the register, by name: who was enrolled on the day, and whoever has a mark all the same."""
    enrolled = select(Enrolment.learner_id).where(
        Enrolment.group_id == lesson.group_id,
        Enrolment.starts_on <= lesson.held_on,
        or_(Enrolment.ends_on.is_(None), Enrolment.ends_on >= lesson.held_on),
    )
    marked = select(AttendanceMark.learner_id).where(AttendanceMark.lesson_id == lesson.id)
    present = union(enrolled, marked).subquery()
    mark = AttendanceMark
    statement = (
        select(
            Learner.id, Learner.given_name, Learner.name_prefix, Learner.family_name, mark.status, mark.late_minutes,
            mark.early_minutes, mark.minutes, mark.version, mark.step_id, mark.marked_by, mark.marked_by_name,
            mark.marked_at, Learner.last_contact_on,
        )
        .join(present, present.c.learner_id == Learner.id)
        .outerjoin(
            mark,
            and_(mark.school_id == Learner.school_id, mark.learner_id == Learner.id, mark.lesson_id == lesson.id),
        )
        .order_by(Learner.sort_name, Learner.id)
    )  # fmt: skip
    if learner_ids is not None:
        statement = statement.where(Learner.id.in_(list(learner_ids)))
    return [
        RegisterRow(
            learner_id=row.id,
            name=" ".join(part for part in (row.given_name, row.name_prefix, row.family_name) if part),
            value=MarkValue(row.status, row.late_minutes or 0, row.early_minutes or 0),
            last_contact_on=row.last_contact_on,
            minutes=row.minutes or 0,
            version=row.version or 0,
            step_id=row.step_id,
            marked_by=row.marked_by,
            marked_by_name=row.marked_by_name,
            marked_at=row.marked_at,
        )
        for row in session.execute(statement)
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
