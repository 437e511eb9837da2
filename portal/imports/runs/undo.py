"""Undoing a run as a whole, for a day: it takes back only what nobody changed since, and lists the rest."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, exists, select

from portal.core import audit
from portal.core.audit import AuditEvent, whom
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.db.base import Base, new_id
from portal.core.db.bulk import among, change_rows, in_parts
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.core.jobs import ask
from portal.imports.models import ImportRow, ImportRun, RunState, Subject
from portal.imports.queries import get_run, get_run_for, state_of
from portal.imports.results.services import changes_results, log_results_undone
from portal.imports.runs.storage import BEFORE, CHANNEL, acting_in
from portal.learners.bulk.services import BulkRow, change_learners, refusals_in
from portal.learners.origins.services import store_origins
from portal.learners.record.fields import FIELDS
from portal.learners.record.models import FieldOrigin, Learner, Source

_OWN_KINDS = ("exam_result", "level", "enrolment", "trajectory")
_NAMED = ("learner_group", "course", "contact_person", "organisation")
_NOT_CHANGES = (
    "record.viewed", "access.refused", "representation.whom_chosen", "disclosures.file_made", "imports.learner_chosen",
    "imports.refused_given_back", "jobs.cancelled", "jobs.failed", "purposes.people_told", "purposes.telling_asked",
)  # fmt: skip
# Rows that come and go with a learner by themselves.
_FOLLOW = frozenset({"field_origin", "import_row", "learner", "privacy_notice", *_OWN_KINDS})
Step = Callable[[int, int], None]


def may_undo(run: ImportRun) -> bool:
    """Say whether a run can still be undone."""
    return state_of(run) is RunState.STORED and not run.has_expired(now())


def start_undo(run_id: UUID, *, by: Actor) -> ImportRun:
    """Ask the worker to undo a run; raises Conflict when its day is over or it was undone."""
    run = get_run_for(by, run_id, lock=True)
    if not may_undo(run):
        raise Conflict("undo_over")
    run.state = RunState.UNDOING
    run.undone_by, run.undone_by_name = by.account_id, by.name
    run.job_id = ask("imports.undo", {"run_id": str(run.id)}, unique=str(run.id)).id
    session.flush()
    return run


def undo_run(run_id: UUID, step: Step, *, by: Actor) -> None:
    """Take back what a run stored and nobody changed since, in one transaction. A second time does nothing."""
    run = get_run(run_id, by.scope, lock=True)
    if run.state is not RunState.UNDOING:
        return
    by = acting_in(run, run.undone_by, run.undone_by_name or "")
    rows = list(session.scalars(select(ImportRow).where(ImportRow.run_id == run.id).order_by(ImportRow.id)))
    changed_since = _changed_since(run, rows)
    taken_back = [row for row in rows if row.learner_id not in changed_since]
    for done, part in enumerate(in_parts(taken_back), start=1):
        _take_back(part, by)
        step(min(done * len(part), len(taken_back)), len(taken_back))
    session.execute(
        delete(ImportRow).where(
            ImportRow.school_id == current_school_id(), among(ImportRow.id, [row.id for row in taken_back])
        )
    )
    _remove_named(run)
    run.state, run.undone_at = RunState.UNDONE, now()
    run.counts = {**run.counts, "taken_back": len(taken_back), "kept": len(changed_since)}
    if run.subject is Subject.RESULTS:
        log_results_undone(run, [row.learner_id for row in taken_back], by)
    audit.record("imports.undone", subject=("import_run", run.id), facts={"kept": len(changed_since)}, by=by)
    session.flush()


def _changed_since(run: ImportRun, rows: list[ImportRow]) -> set[UUID]:
    """Return the learners of whom something changed since the run: by version, the audit, or a row that points.

    After results it is what was entered, corrected or contested of how far she is that counts, and no new address.
    """
    ids = [row.learner_id for row in rows]
    versions = {row.learner_id: row.version for row in rows}
    stored = session.execute(
        select(Learner.id, Learner.version, Learner.merged_into_id).where(among(Learner.id, ids)).with_for_update()
    )
    of_results = run.subject is Subject.RESULTS
    changed = {
        row.id
        for row in stored
        if row.merged_into_id is not None or (not of_results and row.version != versions[row.id])
    }
    links = whom(ids)
    counts = changes_results(AuditEvent.event) if of_results else AuditEvent.event.not_in(_NOT_CHANGES)
    logged = (
        select(links.c.learner_id)
        .join(AuditEvent, AuditEvent.id == links.c.event_id)
        .where(AuditEvent.at > run.stored_at, counts)
    )
    changed |= set(session.scalars(logged))
    added = [row.learner_id for row in rows if row.is_added]
    made = {entry for row in rows for each in row.made.values() for entry in each}
    return changed | _pointed_at(added, made)


def _pointed_at(added: list[UUID], made: set[str]) -> set[UUID]:
    """Return those of the added learners to whom a row of somebody else's making points."""
    found: set[UUID] = set()
    for table, column in _pointing_to("learner"):
        if table.name not in _FOLLOW:
            found |= set(session.scalars(select(column).where(among(column, added)).distinct()))
    for kind in _OWN_KINDS:
        table = Base.metadata.tables[kind]
        pointing = session.execute(select(table.c.id, table.c.learner_id).where(among(table.c.learner_id, added)))
        found |= {row.learner_id for row in pointing if str(row.id) not in made}
    return found


def _pointing_to(target: str) -> list[tuple[Table, Any]]:
    return [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.info.get("references") == target
    ]


def _take_back(rows: list[ImportRow], by: Actor) -> None:
    """Take back what was done to these learners."""
    added = [row.learner_id for row in rows if row.is_added]
    for kind in _OWN_KINDS:
        table = Base.metadata.tables[kind]
        made = [UUID(each) for row in rows for each in row.made.get(kind, [])]
        session.execute(delete(table).where(_own(table), among(table.c.id, made)))
    table = Base.metadata.tables["learner"]
    session.execute(delete(table).where(_own(table), among(table.c.id, added)))
    keys.destroy_people(*added)
    _put_back([row for row in rows if row.before is not None and not row.is_added], by)


def _own(table: Table) -> ColumnElement[bool]:
    return table.c.school_id == current_school_id()


def _put_back(rows: list[ImportRow], by: Actor) -> None:
    """Put values back as they stood, with where they came from."""
    texts = keys.unseal_values((row.learner_id, BEFORE, row.before) for row in rows)
    stood = {row.learner_id: json.loads(text) for row, text in zip(rows, texts, strict=True) if text is not None}
    entries = {UUID(key): values for each in stood.values() for key, values in each["entries"].items()}
    for kind in _OWN_KINDS:
        table = Base.metadata.tables[kind]
        ours = set(session.scalars(select(table.c.id).where(among(table.c.id, list(entries)))))
        change_rows(table, {key: _typed(table, entries[key]) for key in ours})
    from_file = (among(FieldOrigin.entry_id, list(entries)), FieldOrigin.channel == CHANNEL)
    session.execute(delete(FieldOrigin).where(FieldOrigin.school_id == current_school_id(), *from_file))
    changed = [_as_it_stood(each, stood[each]) for each in stood if stood[each]["values"]]
    refused = refusals_in(changed, is_new=False, source=Source.SCHOOL, scope=by.scope)
    changed = [row for row in changed if row.learner_id not in refused]
    if changed:
        change_learners(changed, source=Source.SCHOOL, channel=CHANNEL, by=by)
        store_origins([row for each in changed for row in _origins(each.learner_id, stood[each.learner_id]["origins"])])


def _as_it_stood(learner_id: UUID, kept: dict[str, Any]) -> BulkRow:
    grounds = {field: facts[3] for field, facts in kept["origins"].items() if facts[3]}
    return BulkRow(learner_id, {key: FIELDS[key].read(text) for key, text in kept["values"].items()}, grounds)


def _typed(table: Table, values: dict[str, str | None]) -> dict[str, Any]:
    """Return what was kept as text as the table's columns hold it."""
    return {name: _value(table.c[name].type.python_type, text) for name, text in values.items()}


def _value(python: type, text: str | None) -> Any:
    if text is None:
        return None
    if python is bool:
        return text == "ja"
    return python.fromisoformat(text) if python in {date, datetime} else python(text)


def _origins(learner_id: UUID, kept: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "school_id": current_school_id(),
            "learner_id": learner_id,
            "field": field,
            "source": Source(source),
            "channel": channel,
            "since_on": date.fromisoformat(since),
            "ground": ground,
        }
        for field, (source, channel, since, ground) in kept.items()
    ]


def _remove_named(run: ImportRun) -> None:
    """Remove groups, courses, clients and contacts that the run made and nothing points to any more."""
    for name in _NAMED:
        table = Base.metadata.tables[name]
        unused = [
            ~exists(select(column).where(pointing.c.school_id == table.c.school_id, column == table.c.id))
            for pointing, column in _pointing_to(name)
            if pointing.name != "privacy_notice"  # goes with whom it was sent to
        ]
        made = [UUID(each) for each in run.made.get(name, [])]
        session.execute(delete(table).where(_own(table), among(table.c.id, made), *unused))
