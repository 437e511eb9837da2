"""Storing what was found: one statement for all of it, that leaves alone what somebody else changed in the meantime."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, String, TextClause, Uuid, bindparam, text
from sqlalchemy.types import TypeEngine

from portal.core import audit
from portal.core.clock import now
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import read
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.progress.assessments.queries import AssessmentRow, step_of
from portal.progress.assessments.subjects import Assessment, Table
from portal.progress.can_do.models import CanDo
from portal.progress.models import ExamResult, Level


@dataclass(frozen=True)
class Recorded:
    """The rows as they stand now, and the step by which what was stored can be taken back together; empty: nothing."""

    step: str
    rows: Sequence[AssessmentRow]


def _typed(statement: str) -> TextClause:
    """Give the values of a statement their types, and let it add the audit's entry too."""
    types: dict[str, TypeEngine[Any]] = {
        **dict.fromkeys(("school", "by"), Uuid()),
        **dict.fromkeys(("by_name", "what", "source"), String()),
        "day": Date(),
        "moment": DateTime(timezone=True),
    }
    whole = f"with {_ASKED}, {statement}, {audit.ADDED} {_DONE}"
    return text(whole).bindparams(*(bindparam(name, type_=kind) for name, kind in types.items()))


_ASKED = """asked as (
    select * from jsonb_to_recordset(cast(:rows as jsonb)) as asked (
        entry uuid, learner uuid, seen timestamptz, value text, replaced text
    )
)"""
_DONE = """select learner_id from changed union all select learner_id from deleted
    union all select learner_id from made"""
_STATEMENTS: Mapping[Table, TextClause] = {
    Level: _typed("""changed as (
    update level set level = asked.value, replaced = asked.replaced,
        entered_by = :by, entered_by_name = :by_name, entered_at = :moment
    from asked
    where level.school_id = :school and level.id = asked.entry and level.entered_at = asked.seen
        and asked.value is not null
    returning level.learner_id
), deleted as (
    delete from level using asked
    where level.school_id = :school and level.id = asked.entry and level.entered_at = asked.seen
        and asked.value is null
    returning level.learner_id
), made as (
    insert into level (
        school_id, id, learner_id, skill, level, source, found_on, entered_by, entered_by_name, entered_at
    )
    select :school, asked.entry, asked.learner, :what, asked.value, :source, :day, :by, :by_name, :moment
    from asked
    where asked.seen is null and not exists (
        select from level where level.school_id = :school and level.learner_id = asked.learner
            and level.skill = :what and level.found_on = :day and level.source = :source
    )
    returning learner_id
)"""),
    ExamResult: _typed("""changed as (
    update exam_result set is_passed = case asked.value when 'passed' then true when 'failed' then false end,
        replaced = asked.replaced, entered_by = :by, entered_by_name = :by_name, entered_at = :moment
    from asked
    where exam_result.school_id = :school and exam_result.id = asked.entry and exam_result.entered_at = asked.seen
        and asked.value is not null
    returning exam_result.learner_id
), deleted as (
    delete from exam_result using asked
    where exam_result.school_id = :school and exam_result.id = asked.entry and exam_result.entered_at = asked.seen
        and asked.value is null
    returning exam_result.learner_id
), made as (
    insert into exam_result (
        school_id, id, learner_id, part, is_passed, source, taken_on, entered_by, entered_by_name, entered_at
    )
    select :school, asked.entry, asked.learner, :what,
        case asked.value when 'passed' then true when 'failed' then false end,
        :source, :day, :by, :by_name, :moment
    from asked
    where asked.seen is null and not exists (
        select from exam_result as there where there.school_id = :school and there.learner_id = asked.learner
            and there.part = :what and there.taken_on = :day and there.source = :source
    )
    returning learner_id
)"""),
    CanDo: _typed("""changed as (
    update can_do set is_able = asked.value = 'yes', replaced = asked.replaced,
        entered_by = :by, entered_by_name = :by_name, entered_at = :moment
    from asked
    where can_do.school_id = :school and can_do.id = asked.entry and can_do.entered_at = asked.seen
        and asked.value is not null
    returning can_do.learner_id
), deleted as (
    delete from can_do using asked
    where can_do.school_id = :school and can_do.id = asked.entry and can_do.entered_at = asked.seen
        and asked.value is null
    returning can_do.learner_id
), made as (
    insert into can_do (
        school_id, id, learner_id, statement_id, is_able, source, found_on, entered_by, entered_by_name, entered_at
    )
    select :school, asked.entry, asked.learner, cast(:what as uuid), asked.value = 'yes', :source, :day,
        :by, :by_name, :moment
    from asked
    where asked.seen is null and not exists (
        select from can_do as there where there.school_id = :school and there.learner_id = asked.learner
            and there.statement_id = cast(:what as uuid) and there.found_on = :day and there.source = :source
    )
    returning learner_id
)"""),
}
"""Makes, changes and deletes entries; one that isn't as it was seen, or that another made meanwhile, is left alone."""


def store(
    assessment: Assessment,
    changes: Sequence[tuple[AssessmentRow, str | None]],
    *,
    event: str,
    by: Actor,
    keep: bool = True,
) -> Recorded:
    """Store a value in each row, as it was read under its lock, with one audit entry; None deletes what stands there.

    `keep` remembers in an entry what it replaced, so that it can be taken back. Raises Conflict("stale").
    """
    if not changes:
        return Recorded(step="", rows=())
    moment = now()
    asked = [_asked(row, value, new_id(), keep=keep) for row, value in changes]
    values = {
        "rows": json.dumps(asked, default=str),
        "school": current_school_id(),
        "what": assessment.subject.code,
        "source": assessment.source.value,
        "day": assessment.found_on,
        "by": by.account_id,
        "by_name": by.name,
        "moment": moment,
        **audit.entry(**_told(assessment, changes, event, by)),
    }
    stored = {row.learner_id for row in read(_STATEMENTS[assessment.subject.table], values)}
    if stale := [row.learner_id for row, _value in changes if row.learner_id not in stored]:
        raise Conflict("stale", learner_ids=stale)
    rows = [
        replace(
            row,
            entry_id=each["entry"] if value else None,
            value=value or "",
            replaced=each["replaced"],
            entered_at=moment if value else None,
            entered_by=by.account_id if value else None,
            entered_by_name=by.name if value else "",
            is_filled=bool(value) or (row.earlier is not None and row.earlier.found_on == assessment.found_on),
        )
        for (row, value), each in zip(changes, asked, strict=True)
    ]
    return Recorded(step=step_of(moment), rows=rows)


def _asked(row: AssessmentRow, value: str | None, new: UUID, *, keep: bool) -> dict[str, Any]:
    return {
        "entry": row.entry_id or new,
        "learner": row.learner_id,
        "seen": row.entered_at.isoformat() if row.entered_at else None,
        "value": value,
        "replaced": row.value or None if keep else None,
    }


_COUNTED: Mapping[Table, str] = {Level: "levels", ExamResult: "results", CanDo: "answers"}


def _told(
    assessment: Assessment, changes: Sequence[tuple[AssessmentRow, str | None]], event: str, by: Actor
) -> dict[str, Any]:
    """Return what the audit is told: of whom something was found, and what an entry said before and after."""
    subject = assessment.subject
    return {
        "event": event,
        "learner_ids": [row.learner_id for row, _value in changes],
        "facts": {
            _COUNTED[subject.table]: len(changes),
            "what": subject.code,
            "source": assessment.source.value,
            "found_on": assessment.found_on.isoformat(),
        },
        "changes_of": {row.learner_id: {subject.field: (row.value, value)} for row, value in changes if row.entry_id},
        "by": by,
    }
