"""The register of a lesson: who was in the group that day and what is filled in, in one statement."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    ScalarSelect,
    Select,
    Text,
    Time,
    Uuid,
    and_,
    bindparam,
    cast,
    exists,
    func,
    not_,
    null,
    select,
    true,
    tuple_,
    union,
)
from sqlalchemy.orm import aliased

from portal.attendance.mark_notes.models import has_note
from portal.attendance.models import AttendanceMark, HasStatus, MarkChange, Status
from portal.attendance.notices.models import AbsenceNotice
from portal.attendance.notices.queries import Notice, about_lesson, notice_columns, notice_in
from portal.core.db.scope import hidden_learners, hides_anyone, revealed
from portal.core.db.session import read, session
from portal.core.http.access import Actor
from portal.core.http.scope import Reach, Scope
from portal.courses.lessons.queries import (
    LessonView,
    lesson_columns,
    lesson_view,
    one_lesson,
    rows_of_lesson,
    with_group,
)
from portal.courses.models import LearnerGroup, Lesson
from portal.courses.scope import parameters_of, reaches_group
from portal.learners.corrections.models import Correction
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.policy.queries import current_policy


@dataclass(frozen=True, kw_only=True)
class Mark(HasStatus):
    """What a register says, or is to say, of one learner. No status: *nog niet ingevuld*.

    Two are equal when they say the same of the same learner. `version` is that of the row, or the one that was seen by
    whoever changes it: 0 while nothing is filled in. `reason` is why it is changed.
    """

    learner_id: UUID
    status: Status | None = None
    late_minutes: int | None = 0
    early_minutes: int = 0
    is_authorised: bool | None = None
    version: int = field(default=0, compare=False)
    reason: str | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """A learner's row of a register as it is stored: her mark, and who set it by which step.

    `apart_by` is her number where another in the register has her name, and else empty. `contest_id` is what she says
    against her mark and waits for an answer (MN-17), the first of it where she contests more than one thing.
    `notice` is what she said beforehand, where she can't come: then `stays_open` is true, also where the notice isn't
    told because she restricted her data. `has_note`: somebody wrote a note at her row. `missed` is how many of the six
    lessons before this one she missed, where that is two or more; it isn't counted in a row that was asked for alone
    (`count_missed` is).
    """

    mark: Mark
    name: str
    apart_by: str | None
    last_contact_on: date | None
    step_id: UUID | None
    marked_by: UUID | None
    marked_by_name: str | None
    marked_at: datetime | None
    contest_id: UUID | None = None
    notice: Notice | None = None
    stays_open: bool = False
    has_note: bool = False
    missed: int = 0

    @property
    def learner_id(self) -> UUID:
        """Whose row it is."""
        return self.mark.learner_id

    @property
    def key(self) -> str:
        """What tells it from the others of its register in the ids of its elements."""
        return str(self.learner_id)[-9:]

    @property
    def initials(self) -> str:
        """The first letters of the first and the last part of her name."""
        before, _space, last = self.name.rpartition(" ")
        return (before[:1] + last[:1]).upper()


@dataclass(frozen=True)
class ChangeLine:
    """A change in the register: what it said before and after, who changed it, when and why."""

    name: str
    old: Mark
    new: Mark
    reason: str | None
    changed_by_name: str
    changed_at: datetime


OPENS_BEFORE = timedelta(minutes=30)
"""So long before a lesson begins its register is open: whoever walks in can be marked. It counts from its beginning."""


def opens_at(lesson: LessonView) -> datetime:
    """Return the moment from which the register of a lesson can be filled in."""
    return lesson.begins - OPENS_BEFORE


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
        mark.late_minutes, mark.early_minutes, mark.is_authorised, mark.version, mark.step_id, mark.marked_by,
        mark.marked_by_name, mark.marked_at, Learner.last_contact_on, Learner.number,
        _has_namesake() if narrow else null(), _contest(), *notice_columns(),
        has_note(Lesson.school_id, Lesson.id, there.c.learner_id).correlate(Lesson, there).label("has_note"),
    )  # fmt: skip
    missed = None if narrow else _missed_before_lesson(reach)
    rows = (
        with_group(select(*lesson_columns(), *columns, missed.c.missed if missed is not None else null()))
        .select_from(Lesson)
        .outerjoin(there, true())
        .outerjoin(Learner, and_(Learner.school_id == Lesson.school_id, Learner.id == there.c.learner_id))
        .outerjoin(mark, own)
        .outerjoin(AbsenceNotice, about_lesson(there.c.learner_id))
        .order_by(Learner.sort_name, Learner.id)
    )
    if missed is not None:
        rows = rows.outerjoin(missed, missed.c.learner_id == there.c.learner_id)
    return one_lesson(rows, reach)


def _has_namesake() -> ColumnElement[bool]:
    """Say of one learner whether another of the group has her name; a whole register is looked through instead."""
    other, joined = aliased(Learner), aliased(Enrolment)
    return exists(
        select(joined.id)
        .join(other, and_(other.school_id == joined.school_id, other.id == joined.learner_id))
        .where(
            joined.school_id == Lesson.school_id,
            joined.group_id == Lesson.group_id,
            joined.holds_on(Lesson.held_on),
            other.sort_name == Learner.sort_name,
            other.id != Learner.id,
        )
        .correlate(Lesson, Learner)
    )


def _contest() -> ScalarSelect[UUID]:
    """Return what a learner says against her mark and the school hasn't answered, the first of it."""
    return (
        select(Correction.id)
        .where(
            Correction.school_id == AttendanceMark.school_id,
            Correction.learner_id == AttendanceMark.learner_id,
            Correction.entry_id == AttendanceMark.id,
            Correction.field.startswith(f"{AttendanceMark.__tablename__}."),
            Correction.is_waiting,
        )
        .order_by(Correction.proposed_at, Correction.id)
        .limit(1)
        .correlate(AttendanceMark)
        .scalar_subquery()
    )


_whole = lru_cache(maxsize=len(Reach))(partial(_statement, narrow=False))
_narrow = lru_cache(maxsize=len(Reach))(partial(_statement, narrow=True))
_STATUS = {status.value: status for status in Status}
_AFTER_LESSON = len(lesson_columns())


def get_register(lesson_id: UUID, actor: Actor, only: UUID | None = None) -> Register:
    """Return the register of a lesson that she reaches, or one learner's row of it; one statement. Raises NotFound."""
    hidden = _hidden()
    with revealed():
        found = rows_of_lesson(_narrow if only else _whole, lesson_id, actor, learner=only)
    return Register(lesson_view(found[0]), _rows(found, hidden))


def list_register(lesson: LessonView, only: UUID | None = None) -> list[RegisterRow]:
    """Return the register of a lesson that was found before, or one learner's row."""
    hidden = _hidden()
    with revealed():
        found = read((_narrow if only else _whole)(Reach.SCHOOL), {"lesson": lesson.id, "learner": only}).all()
    return _rows(found, hidden)


_IN_REGISTER = ("attendance", "trajectory", "progress", "dealings")
"""The categories of what a register says of a learner beside her name and that lesson's mark."""


def _hidden() -> frozenset[UUID]:
    """Return of whom a register holds no more than her name and that lesson's mark, because she restricted it (ST-08).

    Where nobody did, a register is read as ever and no statement is added.
    """
    return frozenset().union(*(hidden_learners(category) for category in _IN_REGISTER)) if hides_anyone() else _NOBODY


_NOBODY: frozenset[UUID] = frozenset()


_LOOKED_BACK = 6
"""So many lessons before one are looked at for those that a learner missed."""


def _missed(reach: Reach, *before: ColumnElement[bool], this: Any = None) -> Select[UUID, int]:
    """Count by learner the lessons that she missed of the last ones that `before` says, where it is two or more.

    `this` is the lesson that `before` compares with, where that is a row.
    """
    mark = AttendanceMark
    earlier = (
        select(Lesson.school_id, Lesson.id, Lesson.held_on, Lesson.starts_at)
        .join(LearnerGroup, and_(LearnerGroup.school_id == Lesson.school_id, LearnerGroup.id == Lesson.group_id))
        .where(*before, not_(Lesson.is_cancelled), reaches_group(Scope(reach)))
        .order_by(Lesson.held_on.desc(), Lesson.starts_at.desc())
        .limit(_LOOKED_BACK)
    )
    if this is not None:
        earlier = earlier.join(this, and_(this.school_id == Lesson.school_id, this.group_id == Lesson.group_id))
    lessons = earlier.subquery()
    missed = func.count().filter(mark.status != Status.PRESENT).label("missed")
    return (
        select(mark.learner_id, missed)
        .join(lessons, and_(mark.school_id == lessons.c.school_id, mark.lesson_id == lessons.c.id))
        .where(mark.status.is_not(None))
        .group_by(mark.learner_id)
        .having(missed > 1)
    )


@lru_cache(maxsize=len(Reach))
def _missed_statement(reach: Reach) -> Select[UUID, int]:
    day, hour = bindparam("day", type_=Date()), bindparam("hour", type_=Time())
    in_group = Lesson.group_id == bindparam("group", type_=Uuid())
    return _missed(reach, in_group, tuple_(Lesson.held_on, Lesson.starts_at) < tuple_(day, hour))


def _missed_before_lesson(reach: Reach) -> CTE:
    """The same of the lesson :lesson, within the statement that reads its register; counted once, not for each row."""
    this = aliased(Lesson)
    before = tuple_(Lesson.held_on, Lesson.starts_at) < tuple_(this.held_on, this.starts_at)
    return (
        _missed(reach, this.id == bindparam("lesson", type_=Uuid()), before, this=this)
        .cte("missed")
        .prefix_with("MATERIALIZED")
    )


def count_missed(lesson: LessonView, scope: Scope) -> dict[UUID, int]:
    """Return how many of the six lessons before one learners missed, of its group: those who missed two or more.

    What isn't filled in is passed over. Empty for who reaches this one lesson of the group alone.
    """
    values = {"group": lesson.group_id, "day": lesson.held_on, "hour": lesson.starts_at, **parameters_of(scope)}
    return {row.learner_id: row.missed for row in read(_missed_statement(scope.reach), values)}


def _rows(found: Sequence[Any], hidden: frozenset[UUID]) -> list[RegisterRow]:
    names = Counter(row[_AFTER_LESSON + 1] for row in found)
    rows = [
        RegisterRow(
            mark=Mark(
                learner_id=row[0],
                status=_STATUS[row[2]] if row[2] else None,
                late_minutes=row[3] if row[2] else 0,
                early_minutes=row[4] or 0,
                is_authorised=row[5],
                version=row[6] or 0,
            ),
            name=row[1],
            apart_by=row[12] if row[13] or names[row[1]] > 1 else None,
            step_id=row[7],
            marked_by=row[8],
            marked_by_name=row[9],
            marked_at=row[10],
            last_contact_on=row[11],
            contest_id=row[14],
            notice=(notice := notice_in(*row[15:18])),
            stays_open=notice is not None,
            has_note=row[18],
            missed=row[19] or 0,
        )
        for row in (each[_AFTER_LESSON:] for each in found)
        if row[0] is not None
    ]
    return [_without_more(row) if row.learner_id in hidden else row for row in rows] if hidden else rows


def _without_more(row: RegisterRow) -> RegisterRow:
    """Return a row with no more than her name and this lesson's mark."""
    return replace(row, apart_by=None, contest_id=None, notice=None, has_note=False, missed=0)


def old_mark_of(change: MarkChange) -> Mark:
    """Return what a mark said before this change."""
    return Mark(
        learner_id=change.learner_id,
        status=change.old_status,
        late_minutes=change.old_late_minutes,
        early_minutes=change.old_early_minutes,
        is_authorised=change.old_is_authorised,
    )


def new_mark_of(change: MarkChange) -> Mark:
    """Return what a mark said after this change."""
    return Mark(
        learner_id=change.learner_id,
        status=change.new_status,
        late_minutes=change.new_late_minutes,
        early_minutes=change.new_early_minutes,
        is_authorised=change.new_is_authorised,
    )


def list_changes(lesson: LessonView) -> Sequence[ChangeLine]:
    """Return what was changed in the register of a lesson, the latest first."""
    rows = session.execute(
        select(MarkChange, Learner.full_name.label("learner_name"))
        .join(Learner, and_(Learner.school_id == MarkChange.school_id, Learner.id == MarkChange.learner_id))
        .where(MarkChange.lesson_id == lesson.id)
        .order_by(MarkChange.changed_at.desc(), MarkChange.id.desc())
    )
    return [
        ChangeLine(
            name=row.learner_name,
            old=old_mark_of(row.MarkChange),
            new=new_mark_of(row.MarkChange),
            reason=row.MarkChange.reason,
            changed_by_name=row.MarkChange.changed_by_name,
            changed_at=row.MarkChange.changed_at,
        )
        for row in rows
    ]
