"""Storing marks: one statement for all of them, that leaves alone what somebody else changed in the meantime."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Integer, Text, Uuid, bindparam, cast, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB, Insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeEngine

from portal.attendance.models import AttendanceMark, MarkChange, Status
from portal.attendance.queries.register import MarkValue, RegisterRow
from portal.attendance.services.minutes import contact_minutes
from portal.core import audit
from portal.core.access import Actor
from portal.core.clock import now
from portal.core.database import current_school_id, new_id, session
from portal.core.errors import Conflict
from portal.core.prepared import Prepared
from portal.courses.queries.lessons import LessonView
from portal.learners.services.contact import note_contact

_MARKS: Any = AttendanceMark.__table__
_CHANGES: Any = MarkChange.__table__
_MINUTES = ("late_minutes", "early_minutes", "minutes")


@dataclass(frozen=True)
class Wanted:
    """A row of the register as it stands, and what it should say."""

    row: RegisterRow
    value: MarkValue
    reason: str | None = None


@dataclass(frozen=True)
class Recorded:
    """What was stored: the rows as they stand now, and the step by which all of it can be taken back."""

    step_id: UUID | None
    rows: Sequence[RegisterRow]


def store(
    lesson: LessonView,
    wanted: Sequence[Wanted],
    *,
    event: str,
    by: Actor,
    history: bool = True,
    skip_stale: bool = False,
) -> Recorded:
    """Store what is wanted and one audit entry. Raises Conflict("stale") naming the learners whose row was changed
    since it was read; with `skip_stale` these are left as they are. `history` keeps what stood in a filled row.
    """
    if not wanted:
        return Recorded(None, ())
    step_id = new_id()
    filled, emptied = ([each for each in wanted if bool(each.value.status) is whether] for whether in (True, False))
    versions = _upsert(lesson, filled, step_id, by) | _take_away(lesson, [each.row for each in emptied])
    stale = [each.row.learner_id for each in wanted if each.row.learner_id not in versions]
    if stale and not skip_stale:
        raise Conflict("stale", learner_ids=stale)
    stored = [each for each in wanted if each.row.learner_id in versions]
    if history:
        _keep(lesson, [each for each in stored if each.row.value.status], step_id, by)
    _note_contact(lesson, stored)
    _write_down(lesson, stored, event, by)
    return Recorded(step_id, [_stored(lesson, each, versions, step_id, by) for each in stored])


def _insert_many(table: Any, own: Mapping[str, TypeEngine[Any]], shared: Sequence[str]) -> Insert:
    """Insert many rows with one parameter a column: `own` hold a list of a value each, `shared` are alike in all."""
    lists = [cast(bindparam(name, type_=ARRAY(kind)), ARRAY(kind)) for name, kind in own.items()]
    many = func.unnest(*lists).table_valued(*own).render_derived(name="many")
    alike = [cast(bindparam(name, type_=table.c[name].type), table.c[name].type) for name in shared]
    rows = select(*(many.c[name] for name in own), *alike)
    return upsert(table).from_select([*own, *shared], rows, include_defaults=False)


def _upsert_statement() -> ReturningInsert[UUID, int]:
    """Store marks in one statement; a row that isn't as it was seen is left alone."""
    own: dict[str, TypeEngine[Any]] = {
        "id": Uuid(),
        "learner_id": Uuid(),
        "status": Text(),
        **dict.fromkeys(_MINUTES, Integer()),
    }
    shared = ("lesson_id", "version", "step_id", "source", "marked_by", "marked_by_name", "marked_at", "school_id")
    new = _insert_many(_MARKS, own, shared)
    seen = cast(bindparam("seen", type_=JSONB()), JSONB())[cast(new.excluded.learner_id, Text)].astext
    kept = {"id", "lesson_id", "learner_id", "version", "school_id"}
    return new.on_conflict_do_update(
        constraint="uq_attendance_mark_lesson_learner",
        set_={name: new.excluded[name] for name in (*own, *shared) if name not in kept}
        | {"version": func.greatest(_MARKS.c.version + 1, new.excluded.version)},
        where=_MARKS.c.version == cast(seen, BigInteger),
    ).returning(_MARKS.c.learner_id, _MARKS.c.version)


def _keep_statement() -> Insert:
    numbers = ("old_late_minutes", "old_early_minutes", "new_late_minutes", "new_early_minutes")
    texts = ("old_status", "new_status", "reason")
    own: dict[str, TypeEngine[Any]] = {
        "id": Uuid(),
        "learner_id": Uuid(),
        **dict.fromkeys(texts, Text()),
        **dict.fromkeys(numbers, Integer()),
    }
    shared = ("lesson_id", "step_id", "changed_by", "changed_by_name", "changed_at", "school_id")
    return _insert_many(_CHANGES, own, shared)


_UPSERT = Prepared(_upsert_statement())
_KEEP = Prepared(_keep_statement())


def _upsert(lesson: LessonView, filled: Sequence[Wanted], step_id: UUID, by: Actor) -> dict[UUID, int]:
    """Store marks; return the version of each whose row was still as it was seen."""
    if not filled:
        return {}
    moment = now()
    values = {
        "id": [new_id() for _ in filled],
        "learner_id": [each.row.learner_id for each in filled],
        "status": [each.value.status for each in filled],
        "late_minutes": [each.value.late_minutes for each in filled],
        "early_minutes": [each.value.early_minutes for each in filled],
        "minutes": [contact_minutes(lesson.minutes, each.value) for each in filled],
        "seen": {str(each.row.learner_id): each.row.version for each in filled},
        "lesson_id": lesson.id,
        "version": int(moment.timestamp() * 1000),
        "step_id": step_id,
        "source": "school",
        "marked_by": by.account_id,
        "marked_by_name": by.name,
        "marked_at": moment,
        "school_id": current_school_id(),
    }
    return {row.learner_id: row.version for row in _UPSERT.rows(**values)}


def _take_away(lesson: LessonView, rows: Sequence[RegisterRow]) -> dict[UUID, int]:
    if not rows:
        return {}
    pairs = [(row.learner_id, row.version) for row in rows]
    gone = session.scalars(
        delete(AttendanceMark)
        .where(
            AttendanceMark.lesson_id == lesson.id, tuple_(AttendanceMark.learner_id, AttendanceMark.version).in_(pairs)
        )
        .returning(AttendanceMark.learner_id),
        execution_options={"synchronize_session": False},
    )
    return dict.fromkeys(gone, 0)


def _keep(lesson: LessonView, changed: Sequence[Wanted], step_id: UUID, by: Actor) -> None:
    """Keep what stood in rows that were filled in, with who changed it and why."""
    if not changed:
        return
    values = {
        "id": [new_id() for _ in changed],
        "learner_id": [each.row.learner_id for each in changed],
        "old_status": [each.row.value.status for each in changed],
        "old_late_minutes": [each.row.value.late_minutes for each in changed],
        "old_early_minutes": [each.row.value.early_minutes for each in changed],
        "new_status": [each.value.status for each in changed],
        "new_late_minutes": [each.value.late_minutes for each in changed],
        "new_early_minutes": [each.value.early_minutes for each in changed],
        "reason": [each.reason for each in changed],
        "lesson_id": lesson.id,
        "step_id": step_id,
        "changed_by": by.account_id,
        "changed_by_name": by.name,
        "changed_at": now(),
        "school_id": current_school_id(),
    }
    _KEEP.rows(**values)


def _note_contact(lesson: LessonView, stored: Sequence[Wanted]) -> None:
    """Note that who was present had contact with the school that day, from which her data's term counts (LB-12)."""
    present = [each.row for each in stored if each.value.status is Status.PRESENT]
    since = [row.learner_id for row in present if row.last_contact_on and row.last_contact_on < lesson.held_on]
    if since:
        note_contact(since, lesson.held_on)


def _write_down(lesson: LessonView, stored: Sequence[Wanted], event: str, by: Actor) -> None:
    """Add the audit entry: who was marked; for a row that was filled in also what it said before and after."""
    if not stored:
        return
    audit.record(
        event,
        learner_ids=[each.row.learner_id for each in stored],
        subject=("lesson", lesson.id),
        facts={"marks": len(stored)},
        changes_of={
            each.row.learner_id: _differences(each.row.value, each.value) for each in stored if each.row.value.status
        },
        by=by,
    )


def _differences(old: MarkValue, new: MarkValue) -> dict[str, tuple[Any, Any]]:
    names = ("status", "late_minutes", "early_minutes")
    pairs = {f"attendance_mark.{name}": (getattr(old, name), getattr(new, name)) for name in names}
    return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}


def _stored(lesson: LessonView, each: Wanted, versions: Mapping[UUID, int], step_id: UUID, by: Actor) -> RegisterRow:
    return each.row._replace(
        value=each.value,
        minutes=contact_minutes(lesson.minutes, each.value),
        version=versions[each.row.learner_id],
        step_id=step_id,
        marked_by=by.account_id if each.value.status else None,
        marked_by_name=by.name if each.value.status else None,
        marked_at=now() if each.value.status else None,
    )
