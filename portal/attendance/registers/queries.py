"""The register of a lesson: who was in the group that day and what is filled in, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Text, Uuid, and_, bindparam, cast, select, true, union

from portal.attendance.models import AttendanceMark, MarkChange, Status
from portal.core.db.session import read, session
from portal.core.http.access import Actor
from portal.core.http.scope import Reach
from portal.courses.lessons.queries import (
    LessonView,
    lesson_columns,
    lesson_view,
    one_lesson,
    rows_of_lesson,
    with_group,
)
from portal.courses.models import Lesson
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.policy.queries import current_policy


class MarkValue(NamedTuple):
    """What a mark says. No status: *nog niet ingevuld*."""

    status: Status | None = None
    late_minutes: int = 0
    early_minutes: int = 0


@dataclass(frozen=True)
class Mark:
    """What a row of the register should say; `version` is the one that was seen. No status empties the row."""

    learner_id: UUID
    value: MarkValue
    version: int
    reason: str | None = None


class RegisterRow(NamedTuple):
    """A learner's row of a register as it is stored; `version` is 0 while nothing is filled in."""

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
        before, _space, last = self.name.rpartition(" ")
        return (before[:1] + last[:1]).upper()


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


class Register(NamedTuple):
    """A lesson and its rows, by name: who was enrolled on its day, and whoever has a mark all the same."""

    lesson: LessonView
    rows: list[RegisterRow]


def _statement(reach: Reach, narrow: bool) -> Select[Any]:
    """A lesson with each row of its register, or with none; `narrow`: that of :learner alone."""
    mark = AttendanceMark
    enrolled = select(Enrolment.learner_id).where(
        Enrolment.school_id == Lesson.school_id,
        Enrolment.group_id == Lesson.group_id,
        Enrolment.holds_on(Lesson.held_on),
    )
    marked = select(mark.learner_id).where(mark.school_id == Lesson.school_id, mark.lesson_id == Lesson.id)
    if narrow:
        only = bindparam("learner", type_=Uuid())
        enrolled, marked = enrolled.where(Enrolment.learner_id == only), marked.where(mark.learner_id == only)
    there = union(enrolled.correlate(Lesson), marked.correlate(Lesson)).lateral("there")
    own = and_(mark.school_id == Lesson.school_id, mark.lesson_id == Lesson.id, mark.learner_id == there.c.learner_id)
    columns = (
        Learner.id.label("learner_id"), Learner.full_name.label("learner_name"), cast(mark.status, Text),
        mark.late_minutes, mark.early_minutes, mark.minutes, mark.version, mark.step_id, mark.marked_by,
        mark.marked_by_name, mark.marked_at, Learner.last_contact_on,
    )  # fmt: skip
    rows = (
        with_group(select(*lesson_columns(), *columns).select_from(Lesson))
        .outerjoin(there, true())
        .outerjoin(Learner, and_(Learner.school_id == Lesson.school_id, Learner.id == there.c.learner_id))
        .outerjoin(mark, own)
        .order_by(Learner.sort_name, Learner.id)
    )
    return one_lesson(rows, reach)


_whole = lru_cache(maxsize=len(Reach))(partial(_statement, narrow=False))
_narrow = lru_cache(maxsize=len(Reach))(partial(_statement, narrow=True))
_STATUS = {status.value: status for status in Status}
_OPEN = MarkValue()
_AFTER_LESSON = len(lesson_columns())


def get_register(lesson_id: UUID, actor: Actor, only: UUID | None = None) -> Register:
    """Return the register of a lesson that she reaches, or one learner's row of it; one statement. Raises NotFound."""
    found = rows_of_lesson(_narrow if only else _whole, lesson_id, actor, learner=only)
    return Register(lesson_view(found[0]), _rows(found))


def list_register(lesson: LessonView, only: UUID | None = None) -> list[RegisterRow]:
    """Return the register of a lesson that was found before, or one learner's row."""
    return _rows(read((_narrow if only else _whole)(Reach.SCHOOL), {"lesson": lesson.id, "learner": only}).all())


def _rows(found: Sequence[Any]) -> list[RegisterRow]:
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
        for row in (each[_AFTER_LESSON:] for each in found)
        if row[0] is not None
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
