"""Storing marks: one statement for all of them, that leaves alone what somebody else changed in the meantime."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text, cast, delete, func, insert, literal, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from portal.attendance.models import AttendanceMark, MarkChange, Status
from portal.attendance.queries.register import MarkValue, RegisterRow
from portal.attendance.services.minutes import contact_minutes
from portal.core import audit
from portal.core.access import Actor
from portal.core.clock import now
from portal.core.database import new_id, session
from portal.core.errors import Conflict
from portal.courses.queries.lessons import LessonView
from portal.learners.services.contact import note_contact

_MARKS: Any = AttendanceMark.__table__
_CHANGES: Any = MarkChange.__table__


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
    step_id, moment = new_id(), now()
    version = int(moment.timestamp() * 1000)
    seen = {each.row.learner_id: each.row.version for each in wanted}
    values = [
        _values(lesson, each, step_id, version, by) | {"marked_at": moment} for each in wanted if each.value.status
    ]
    versions = _upsert(values, seen) | _take_away(lesson, [each.row for each in wanted if not each.value.status])
    stale = [learner_id for learner_id in seen if learner_id not in versions]
    if stale and not skip_stale:
        raise Conflict("stale", learner_ids=stale)
    stored = [each for each in wanted if each.row.learner_id in versions]
    if history:
        _keep(lesson, [each for each in stored if each.row.value.status], step_id, by)
    _note_contact(lesson, stored)
    _write_down(lesson, stored, event, by)
    return Recorded(step_id, [_stored(lesson, each, versions, step_id, by) for each in stored])


def _values(lesson: LessonView, each: Wanted, step_id: UUID, version: int, by: Actor) -> dict[str, Any]:
    return {
        "id": new_id(),
        "lesson_id": lesson.id,
        "learner_id": each.row.learner_id,
        "status": each.value.status,
        "late_minutes": each.value.late_minutes,
        "early_minutes": each.value.early_minutes,
        "minutes": contact_minutes(lesson.minutes, each.value),
        "version": version,
        "step_id": step_id,
        "source": "school",
        "marked_by": by.account_id,
        "marked_by_name": by.name,
    }


def _upsert(values: list[dict[str, Any]], seen: Mapping[UUID, int]) -> dict[UUID, int]:
    """Store the marks in one statement; return the version of each that was still as it was seen."""
    if not values:
        return {}
    new = upsert(_MARKS)
    kept = {"id", "lesson_id", "learner_id", "version"}
    as_seen = cast(literal(json.dumps({str(key): version for key, version in seen.items()})), JSONB)
    statement = new.on_conflict_do_update(
        constraint="uq_attendance_mark_lesson_learner",
        set_={name: new.excluded[name] for name in values[0] if name not in kept}
        | {"version": func.greatest(_MARKS.c.version + 1, new.excluded.version)},
        where=_MARKS.c.version == cast(as_seen[cast(new.excluded.learner_id, Text)].astext, BigInteger),
    ).returning(_MARKS.c.learner_id, _MARKS.c.version)
    return {row.learner_id: row.version for row in session.execute(statement, values)}


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
    rows = [
        {
            "lesson_id": lesson.id,
            "learner_id": each.row.learner_id,
            "old_status": each.row.value.status,
            "old_late_minutes": each.row.value.late_minutes,
            "old_early_minutes": each.row.value.early_minutes,
            "new_status": each.value.status,
            "new_late_minutes": each.value.late_minutes,
            "new_early_minutes": each.value.early_minutes,
            "reason": each.reason,
            "step_id": step_id,
            "changed_by": by.account_id,
            "changed_by_name": by.name,
            "changed_at": now(),
        }
        for each in changed
    ]
    session.execute(insert(_CHANGES), rows)


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
    return replace(
        each.row,
        value=each.value,
        minutes=contact_minutes(lesson.minutes, each.value),
        version=versions[each.row.learner_id],
        step_id=step_id,
        marked_by=by.account_id if each.value.status else None,
        marked_by_name=by.name if each.value.status else None,
        marked_at=now() if each.value.status else None,
    )
