"""The marks of a group's lessons in a period: three statements, however many lessons and learners there are."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Date, Select, Text, Uuid, and_, bindparam, cast, null, select, union

from portal.attendance.mark_notes.models import MarkNote
from portal.attendance.models import AttendanceMark
from portal.core.db.session import read
from portal.core.http.scope import Reach, Scope
from portal.courses.groups.queries import GroupView
from portal.courses.lessons.queries import LessonView, lesson_columns, lesson_view, with_group
from portal.courses.models import Lesson
from portal.courses.scope import parameters_of, reaches_lesson
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner


@dataclass(frozen=True)
class GroupLesson:
    """A lesson of a group; `opens` says whether the register opens for whoever asks."""

    lesson: LessonView
    opens: bool


class StoredMark(NamedTuple):
    """What a register says of one learner in one lesson; `minutes` are her contact minutes; `has_note`: somebody
    wrote a note at it.
    """

    status: str
    late_minutes: int | None
    early_minutes: int
    is_authorised: bool | None
    minutes: int
    has_note: bool = False


@dataclass(frozen=True)
class GroupLearner:
    """Somebody who was in a group in a period, or has a mark in it; `periods` are her days in the group.

    `apart_by` is her number where another of them has her name, and else empty.
    """

    learner_id: UUID
    name: str
    number: str
    apart_by: str | None
    periods: tuple[tuple[date, date | None], ...]

    def is_in_group_on(self, day: date) -> bool:
        """Say whether she was in the group on a day."""
        return any(first <= day and (last is None or day <= last) for first, last in self.periods)


Marks = Mapping[UUID, Mapping[UUID, StoredMark]]
"""By learner and lesson."""

_GROUP = bindparam("group", type_=Uuid())
_FIRST, _LAST = bindparam("first", type_=Date()), bindparam("last", type_=Date())
_IN_PERIOD = and_(Lesson.group_id == _GROUP, Lesson.held_on.between(_FIRST, _LAST))
_OF_LESSON = and_(Lesson.school_id == AttendanceMark.school_id, Lesson.id == AttendanceMark.lesson_id)


@lru_cache(maxsize=len(Reach))
def _lesson_statement(reach: Reach) -> Select[Any]:
    """Made once for each reach, like those below: building a statement takes longer than running it."""
    opens = reaches_lesson(Scope(reach)).label("opens")
    statement = with_group(select(*lesson_columns(), opens).select_from(Lesson)).where(_IN_PERIOD)
    return statement.order_by(Lesson.held_on, Lesson.starts_at, Lesson.id)


@lru_cache(maxsize=1)
def _learner_statement() -> Select[Any]:
    joined = select(Enrolment.learner_id, Enrolment.starts_on, Enrolment.ends_on).where(
        Enrolment.group_id == _GROUP, Enrolment.starts_on <= _LAST, Enrolment.lasts_until(_FIRST)
    )
    none = cast(null(), Date)
    marked = select(AttendanceMark.learner_id, none, none).join(Lesson, _OF_LESSON).where(_IN_PERIOD)
    there = union(joined, marked).subquery()
    return (
        select(Learner.id, Learner.full_name.label("name"), Learner.number, there.c.starts_on, there.c.ends_on)
        .join(there, there.c.learner_id == Learner.id)
        .order_by(Learner.sort_name, Learner.id, there.c.starts_on)
    )


@lru_cache(maxsize=1)
def _mark_statement() -> Select[Any]:
    mark = AttendanceMark
    said = (mark.late_minutes, mark.early_minutes, mark.is_authorised, mark.minutes)
    columns: tuple[Any, ...] = (mark.learner_id, mark.lesson_id, cast(mark.status, Text), *said)
    note = and_(
        MarkNote.school_id == mark.school_id,
        MarkNote.lesson_id == mark.lesson_id,
        MarkNote.learner_id == mark.learner_id,
    )
    marks = select(*columns, MarkNote.id.is_not(None)).join(Lesson, _OF_LESSON)
    return marks.outerjoin(MarkNote, note).where(_IN_PERIOD)


def list_group_lessons(group: GroupView, scope: Scope, *, first: date, last: date) -> list[GroupLesson]:
    """Return the lessons of a group that was opened from one day to another, in order, cancelled ones included."""
    values = {"group": group.id, "first": first, "last": last, **parameters_of(scope)}
    return [GroupLesson(lesson_view(row), row.opens) for row in read(_lesson_statement(scope.reach), values)]


def list_group_learners(group: GroupView, *, first: date, last: date) -> list[GroupLearner]:
    """Return who was in a group that was opened between two days, or has a mark in a lesson then, by name."""
    rows = read(_learner_statement(), {"group": group.id, "first": first, "last": last}).all()
    periods: dict[UUID, list[tuple[date, date | None]]] = defaultdict(list)
    found = {}
    for learner_id, name, number, starts_on, ends_on in rows:
        found[learner_id] = (name, number)
        if starts_on is not None:
            periods[learner_id].append((starts_on, ends_on))
    names = Counter(name for name, _number in found.values())
    return [
        GroupLearner(
            learner_id=learner_id,
            name=name,
            number=number,
            apart_by=number if names[name] > 1 else None,
            periods=tuple(periods[learner_id]),
        )
        for learner_id, (name, number) in found.items()
    ]


def marks_of_group(group: GroupView, *, first: date, last: date) -> Marks:
    """Return the marks in the lessons of a group that was opened, held between two days."""
    found: dict[UUID, dict[UUID, StoredMark]] = defaultdict(dict)
    values = {"group": group.id, "first": first, "last": last}
    for learner_id, lesson_id, *said in read(_mark_statement(), values).all():
        found[learner_id][lesson_id] = StoredMark(*said)
    return found
