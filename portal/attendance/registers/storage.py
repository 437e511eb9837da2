"""Storing marks: one statement for all of them, that leaves alone what somebody else changed in the meantime."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, String, TextClause, Uuid, bindparam, text
from sqlalchemy.types import TypeEngine

from portal.attendance.registers.queries import Mark, RegisterRow
from portal.core import audit
from portal.core.clock import now
from portal.core.db.base import new_id, new_ids
from portal.core.db.bulk import as_array
from portal.core.db.scope import current_school_id, revealed
from portal.core.db.session import read
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.courses.lessons.queries import LessonView
from portal.learners.record.services import note_contact


def _typed(statement: str) -> TextClause:
    """Give the values of a statement on marks their types."""
    types: dict[str, TypeEngine[Any]] = {
        **dict.fromkeys(("school", "lesson", "step", "by"), Uuid()),
        "by_name": String(),
        "moment": DateTime(timezone=True),
        "version": BigInteger(),
    }
    return text(statement).bindparams(*(bindparam(name, type_=kind) for name, kind in types.items()))


@dataclass(frozen=True)
class Recorded:
    """The rows as they stand now, and the step by which what was stored can be taken back together."""

    step_id: UUID | None
    rows: Sequence[RegisterRow]


def store(
    lesson: LessonView,
    marks: Sequence[Mark],
    rows: Mapping[UUID, RegisterRow],
    *,
    event: str,
    by: Actor,
    history: bool = True,
    skip_stale: bool = False,
) -> Recorded:
    """Store marks in rows as they were read, by learner, and one audit entry, of who restricted her data too.

    Raises Conflict("stale") naming the learners whose row was changed since; with `skip_stale` these are left as they
    are. `history` keeps what stood in a filled row.
    """
    if not marks:
        return Recorded(step_id=None, rows=())
    with revealed(*(mark.learner_id for mark in marks)):
        return _store(lesson, marks, rows, event=event, by=by, history=history, skip_stale=skip_stale)


def _store(
    lesson: LessonView,
    marks: Sequence[Mark],
    rows: Mapping[UUID, RegisterRow],
    *,
    event: str,
    by: Actor,
    history: bool,
    skip_stale: bool,
) -> Recorded:
    step_id, moment = new_id(), now()
    if _only_fills(marks, rows):
        statements, values = _FILL, _filling(lesson, marks)
    else:
        statements, values = _CHANGE, _changing(lesson, marks, rows, history)
    values |= _step_values(lesson, step_id, moment, by)
    if skip_stale:
        versions = _versions(statements.alone, values)
    else:
        versions = _versions(statements.and_tell, values | audit.entry(**_told(lesson, marks, rows, event, by)))
    stored = [mark for mark in marks if mark.learner_id in versions]
    if not skip_stale and len(stored) < len(marks):
        raise Conflict("stale", learner_ids=[mark.learner_id for mark in marks if mark.learner_id not in versions])
    if skip_stale and stored:
        audit.record(**_told(lesson, stored, rows, event, by))
    _note_contact(lesson, stored, rows)
    return Recorded(
        step_id=step_id,
        rows=[
            RegisterRow(
                mark=replace(mark, version=versions[mark.learner_id]),
                name=rows[mark.learner_id].name,
                apart_by=rows[mark.learner_id].apart_by,
                last_contact_on=rows[mark.learner_id].last_contact_on,
                step_id=step_id,
                marked_by=None if mark.is_open else by.account_id,
                marked_by_name=None if mark.is_open else by.name,
                marked_at=None if mark.is_open else moment,
                contest_id=None if mark.is_open else rows[mark.learner_id].contest_id,
                notice=rows[mark.learner_id].notice,
            )
            for mark in stored
        ],
    )


def _versions(statement: TextClause, values: Mapping[str, Any]) -> dict[UUID, int]:
    """Run a statement that stores marks; return the version of each learner's mark that was stored."""
    return {row.learner_id: row.version for row in read(statement, values)}


class _Statements(NamedTuple):
    """A way to store marks, each in one statement: by itself, and with the audit's entry."""

    alone: TextClause
    and_tell: TextClause


def _made(marks: str) -> _Statements:
    result = "select learner_id, version from done"
    return _Statements(
        _typed(f"with {marks} {result}"),
        _typed(f"with {marks}, {audit.ADDED} {result}"),
    )


_FILL = _made("""asked as (
    select * from unnest(
        cast(:marks as uuid[]), cast(:learners as uuid[]), cast(:statuses as text[]), cast(:lates as integer[]),
        cast(:earlies as integer[]), cast(:authorised as boolean[]), cast(:minutes as integer[])
    ) as asked (mark, learner, status, late, early, authorised, minutes)
), done as (
    insert into attendance_mark (
        school_id, id, lesson_id, learner_id, status, late_minutes, early_minutes, is_authorised, minutes,
        version, step_id, source, marked_by, marked_by_name, marked_at
    )
    select :school, mark, :lesson, learner, status, late, early, authorised, minutes,
        :version, :step, 'school', :by, :by_name, :moment
    from asked
    on conflict on constraint uq_attendance_mark_lesson_learner do nothing
    returning learner_id, version
)""")
"""Fills in rows that are open: what a register is there for. A row that another filled in meanwhile is left alone."""
_CHANGE = _made("""asked as (
    select * from jsonb_to_recordset(cast(:rows as jsonb)) as asked (
        mark uuid, change uuid, learner uuid, seen bigint, minutes integer, reason text,
        old_status text, old_late integer, old_early integer, old_authorised boolean,
        new_status text, new_late integer, new_early integer, new_authorised boolean
    )
), filled as (
    insert into attendance_mark as mark (
        school_id, id, lesson_id, learner_id, status, late_minutes, early_minutes, is_authorised, minutes,
        version, step_id, source, marked_by, marked_by_name, marked_at
    )
    select :school, asked.mark, :lesson, learner, new_status, new_late, new_early, new_authorised, minutes,
        :version, :step, 'school', :by, :by_name, :moment
    from asked where new_status is not null
    on conflict on constraint uq_attendance_mark_lesson_learner do update set
        status = excluded.status, late_minutes = excluded.late_minutes, early_minutes = excluded.early_minutes,
        is_authorised = excluded.is_authorised, minutes = excluded.minutes,
        version = greatest(mark.version + 1, excluded.version), step_id = excluded.step_id,
        source = excluded.source, marked_by = excluded.marked_by, marked_by_name = excluded.marked_by_name,
        marked_at = excluded.marked_at
    where mark.version = (select seen from asked where learner = excluded.learner_id)
    returning learner_id, version
), emptied as (
    delete from attendance_mark as mark using asked
    where mark.school_id = :school and mark.lesson_id = :lesson and mark.learner_id = learner and new_status is null
        and mark.version = seen
    returning learner_id, cast(0 as bigint) as version
), done as (
    select * from filled union all select * from emptied
), kept as (
    insert into mark_change (
        school_id, id, lesson_id, learner_id, old_status, old_late_minutes, old_early_minutes, old_is_authorised,
        new_status, new_late_minutes, new_early_minutes, new_is_authorised,
        reason, step_id, changed_by, changed_by_name, changed_at
    )
    select :school, change, :lesson, learner, old_status, old_late, old_early, old_authorised,
        new_status, new_late, new_early, new_authorised, reason, :step, :by, :by_name, :moment
    from asked join done on done.learner_id = learner where cast(:history as boolean) and old_status is not null
)""")
"""Stores any marks, and keeps what stood there; a row that isn't as it was seen is left alone."""


def _step_values(lesson: LessonView, step_id: UUID, moment: datetime, by: Actor) -> dict[str, Any]:
    return {
        "lesson": lesson.id,
        "version": int(moment.timestamp() * 1000),
        "step": step_id,
        "by": by.account_id,
        "by_name": by.name,
        "moment": moment,
        "school": current_school_id(),
    }


def _only_fills(marks: Sequence[Mark], rows: Mapping[UUID, RegisterRow]) -> bool:
    return all(rows[mark.learner_id].mark.is_open and not mark.is_open for mark in marks)


def _filling(lesson: LessonView, marks: Sequence[Mark]) -> dict[str, Any]:
    return {
        "marks": as_array(new_ids(len(marks))),
        "learners": as_array([mark.learner_id for mark in marks]),
        "statuses": as_array([mark.status for mark in marks]),
        "lates": as_array([mark.late_minutes for mark in marks]),
        "earlies": as_array([mark.early_minutes for mark in marks]),
        "authorised": as_array([mark.is_authorised for mark in marks]),
        "minutes": as_array([mark.contact_minutes(lesson.minutes) for mark in marks]),
    }


def _changing(
    lesson: LessonView, marks: Sequence[Mark], rows: Mapping[UUID, RegisterRow], history: bool
) -> dict[str, Any]:
    return {
        "rows": json.dumps([_asked(lesson, rows[mark.learner_id].mark, mark) for mark in marks]),
        "history": history,
    }


def _asked(lesson: LessonView, old: Mark, new: Mark) -> dict[str, Any]:
    return {
        "mark": None if new.is_open else str(new_id()),
        "change": None if old.is_open else str(new_id()),
        "learner": str(new.learner_id),
        "seen": old.version,
        "minutes": new.contact_minutes(lesson.minutes),
        "reason": new.reason,
        "old_status": old.status,
        "old_late": old.late_minutes,
        "old_early": old.early_minutes,
        "old_authorised": old.is_authorised,
        "new_status": new.status,
        "new_late": new.late_minutes,
        "new_early": new.early_minutes,
        "new_authorised": new.is_authorised,
    }


def _note_contact(lesson: LessonView, stored: Sequence[Mark], rows: Mapping[UUID, RegisterRow]) -> None:
    """Note that who was present had contact with the school that day, from which her data's term counts (LB-12)."""
    present = [rows[mark.learner_id] for mark in stored if mark.is_present]
    since = [row.learner_id for row in present if row.last_contact_on and row.last_contact_on < lesson.held_on]
    if since:
        note_contact(lesson, since)


def _told(
    lesson: LessonView, marks: Sequence[Mark], rows: Mapping[UUID, RegisterRow], event: str, by: Actor
) -> dict[str, Any]:
    """Return what the audit is told: who was marked, and what a row that was filled in said before and after."""
    return {
        "event": event,
        "learner_ids": [mark.learner_id for mark in marks],
        "subject": ("lesson", lesson.id),
        "facts": {"marks": len(marks)},
        "changes_of": {
            mark.learner_id: _differences(rows[mark.learner_id].mark, mark)
            for mark in marks
            if not rows[mark.learner_id].mark.is_open
        },
        "by": by,
    }


def _differences(old: Mark, new: Mark) -> dict[str, tuple[Any, Any]]:
    names = ("status", "late_minutes", "early_minutes", "is_authorised")
    pairs = {f"attendance_mark.{name}": (getattr(old, name), getattr(new, name)) for name in names}
    return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}
