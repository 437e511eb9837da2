"""Reads of levels, results, evaluations and notes: of one learner, and of a group on one page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on

from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import read, session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Reach, Scope
from portal.courses.models import LearnerGroup
from portal.courses.scope import not_over, parameters_of, reaches_group
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.permissions import Permission
from portal.progress.appointments.models import Appointment
from portal.progress.models import Evaluation, ExamPart, ExamResult, Level, Note, NoteReaders, Rung, Skill


@dataclass(frozen=True)
class GroupView:
    """A group whose levels are shown."""

    id: UUID
    name: str


KNM = ExamPart.KNM.value


class Latest(NamedTuple):
    """What was found last, and on which day: a level, or of KNM "passed", "failed" or "" while it isn't known."""

    value: str
    found_on: date


@dataclass
class GroupLine:
    """A learner of a group with her last day in it, latest level in each skill, and latest KNM result under "knm"."""

    learner_id: UUID
    name: str
    until: date | None = None
    latest: dict[str, Latest] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """A note or an evaluation, opened."""

    id: UUID
    text: str
    written_by_name: str
    written_at: datetime
    is_visible: bool = True
    hidden_because: str | None = None
    readers: NoteReaders = NoteReaders.PROGRESS
    kind: str | None = None
    held_on: date | None = None


@lru_cache(maxsize=len(Reach))
def _group_statement(reach: Reach) -> Select[UUID, str]:
    return select(LearnerGroup.id, LearnerGroup.name).where(
        LearnerGroup.id == bindparam("group", type_=Uuid()), reaches_group(Scope(reach))
    )


def get_group(group_id: UUID, actor: Actor) -> GroupView:
    """Return a group that she reaches; raises NotFound, which is written down (LB-06)."""
    values = {"group": group_id, **parameters_of(actor.scope)}
    row = read(_group_statement(actor.scope.reach), values).one_or_none()
    if row is None:
        raise NotFound("group", refused=Permission.PROGRESS_VIEW.value)
    return GroupView(row.id, row.name)


_SCHOOL, _DAY = bindparam("school", type_=Uuid()), bindparam("day", type_=Date())
_MEMBERS = (
    select(Learner.id, Learner.full_name, Enrolment.ends_on)
    .join(Enrolment, and_(Enrolment.school_id == Learner.school_id, Enrolment.learner_id == Learner.id))
    .where(
        Enrolment.school_id == _SCHOOL,
        Enrolment.group_id == bindparam("group", type_=Uuid()),
        Enrolment.starts_on <= _DAY,
        not_over(_DAY, Enrolment.ends_on),
    )
    .order_by(Learner.sort_name, Learner.id, Enrolment.ends_on)
)
_ANY_OF = func.any(bindparam("learners", type_=ARRAY(Uuid())))
_LATEST_LEVELS = (
    select(Level.learner_id, cast(Level.skill, Text).label("what"), cast(Level.level, Text), Level.found_on)
    .ext(distinct_on(Level.learner_id, Level.skill))
    .where(Level.school_id == _SCHOOL, Level.learner_id == _ANY_OF)
    .order_by(Level.learner_id, Level.skill, Level.found_on.desc(), Level.entered_at.desc())
)
_OUTCOME = case((ExamResult.is_passed.is_(True), "passed"), (ExamResult.is_passed.is_(False), "failed"), else_="")
_LATEST_KNM = (
    select(ExamResult.learner_id, literal(KNM), _OUTCOME, ExamResult.taken_on)
    .ext(distinct_on(ExamResult.learner_id))
    .where(ExamResult.school_id == _SCHOOL, ExamResult.learner_id == _ANY_OF, ExamResult.part == ExamPart.KNM)
    .order_by(ExamResult.learner_id, ExamResult.taken_on.desc(), ExamResult.entered_at.desc())
)
_LATEST = union_all(select(_LATEST_LEVELS.subquery()), select(_LATEST_KNM.subquery()))


def list_group(group: GroupView) -> list[GroupLine]:
    """Return who is in a group, or was until a week ago, by name, with what was found last: two statements."""
    school = current_school_id()
    members = read(_MEMBERS, {"school": school, "group": group.id, "day": today()})
    lines = {row.id: GroupLine(*row) for row in members}
    for learner_id, what, value, found_on in read(_LATEST, {"school": school, "learners": list(lines)}):
        lines[learner_id].latest[what] = Latest(value, found_on)
    return list(lines.values())


_Row = TypeVar("_Row", Level, ExamResult, Note, Evaluation)


def _of_learner(table: type[_Row], learner_id: UUID, scope: Scope) -> Select[_Row]:
    return select(table).where(
        table.school_id == current_school_id(),
        table.learner_id == learner_id,
        reaches_learner(scope, table.learner_id),
    )


def list_levels(learner_id: UUID, scope: Scope) -> Sequence[Level]:
    """Return every level of a learner within reach, oldest first."""
    statement = _of_learner(Level, learner_id, scope)
    return session.scalars(statement.order_by(Level.found_on, Level.entered_at)).all()


def list_results(learner_id: UUID, scope: Scope) -> Sequence[ExamResult]:
    """Return every exam result of a learner within reach, newest first."""
    statement = _of_learner(ExamResult, learner_id, scope)
    return session.scalars(statement.order_by(ExamResult.taken_on.desc(), ExamResult.entered_at.desc())).all()


def is_note_read_by(by: Actor) -> ColumnElement[bool]:
    """Say in SQL of a note whether this person at the school reads it."""
    return Note.is_read_by(by.account_id, coaches=literal(by.may(Permission.NOTE_COACHING)))


def list_notes(learner_id: UUID, by: Actor) -> list[Written]:
    """Return the notes on a learner within reach that this person at the school reads, newest first."""
    return _opened(_of_learner(Note, learner_id, by.scope).where(is_note_read_by(by)))


def list_own_notes(learner_id: UUID, scope: Scope) -> list[Written]:
    """Return the notes as the learner sees them herself: of a hidden one its day and the reason, and no text."""
    return _opened(_of_learner(Note, learner_id, scope), as_learner=True)


def _opened(statement: Select[Note], *, as_learner: bool = False) -> list[Written]:
    rows = session.scalars(statement.order_by(Note.written_at.desc(), Note.id)).all()
    texts = keys.unseal_values(
        (row.learner_id, "note.body", None if as_learner and not row.is_visible else row.body) for row in rows
    )
    return [
        Written(
            id=row.id,
            text=text or "",
            written_by_name=row.written_by_name,
            written_at=row.written_at,
            is_visible=row.is_visible,
            hidden_because=row.hidden_because,
            readers=row.readers,
        )
        for row, text in zip(rows, texts, strict=True)
    ]


class Dealings(NamedTuple):
    """When somebody wrote a note on a learner last, and who; and when the next appointment with her is."""

    noted_at: datetime | None
    noted_by: str | None
    meets_at: datetime | None


def find_dealings(learner_id: UUID, by: Actor) -> Dealings:
    """Return the day of the last note that she reads and the next appointment of a learner within reach."""
    values = {"school": current_school_id(), "learner": learner_id, "moment": now(), **parameters_of(by.scope)}
    reader = {"reader": by.account_id, "coaches": by.may(Permission.NOTE_COACHING)}
    return Dealings(*read(_dealings_statement(by.scope.reach), values | reader).one())


@lru_cache(maxsize=len(Reach))
def _dealings_statement(reach: Reach) -> Select[Any]:
    scope, learner = Scope(reach), bindparam("learner", type_=Uuid())
    note = (
        select(Note.written_at, Note.written_by_name)
        .where(Note.school_id == _SCHOOL, Note.learner_id == learner, reaches_learner(scope, Note.learner_id))
        .where(Note.is_read_by(bindparam("reader", type_=Uuid()), coaches=bindparam("coaches", type_=Boolean())))
        .order_by(Note.written_at.desc(), Note.id)
        .limit(1)
        .subquery()
    )
    meeting = (
        select(func.min(Appointment.starts_at).label("at"))
        .where(Appointment.school_id == _SCHOOL, Appointment.learner_id == learner)
        .where(reaches_learner(scope, Appointment.learner_id))
        .where(Appointment.starts_at >= bindparam("moment", type_=DateTime(timezone=True)))
        .subquery()
    )
    columns: tuple[Any, ...] = (note.c.written_at, note.c.written_by_name, meeting.c.at)
    return select(*columns).select_from(meeting).outerjoin(note, true())


def list_evaluations(learner_id: UUID, scope: Scope) -> list[Written]:
    """Return the evaluations of a learner within reach, newest first."""
    statement = _of_learner(Evaluation, learner_id, scope)
    rows = session.scalars(statement.order_by(Evaluation.held_on.desc(), Evaluation.id)).all()
    texts = keys.unseal_values((learner_id, "evaluation.body", row.body) for row in rows)
    return [
        Written(row.id, text or "", row.written_by_name, row.written_at, kind=str(row.kind.value), held_on=row.held_on)
        for row, text in zip(rows, texts, strict=True)
    ]


def latest_of(levels: Sequence[Level]) -> dict[Skill, Rung]:
    """Return the latest level in each skill, from levels that stand oldest first."""
    return {level.skill: level.level for level in levels}
