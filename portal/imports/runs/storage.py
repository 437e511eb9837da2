"""Storing what a workbook brings: all accepted rows in one transaction, and what it takes to undo them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.core import audit
from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.db.base import Base, new_id
from portal.core.db.bulk import among, change_rows, in_parts, insert_rows
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import PORTAL, Actor
from portal.core.jobs import ask
from portal.imports.models import ImportRun, Outcome, RunState, Subject
from portal.imports.plans import Person, Plan
from portal.imports.previews.services import LASTING, keep_pages
from portal.imports.queries import get_run, get_run_for, state_of
from portal.imports.results.queries import get_actor_of
from portal.imports.results.services import log_results, plan_for
from portal.imports.runs.inspection import remove_file, workbook_of
from portal.imports.runs.uploads import KEPT
from portal.learners.bulk.services import BulkRow, add_learners, change_learners
from portal.learners.origins.rows import origin_rows
from portal.learners.origins.services import store_origins
from portal.learners.record.fields import FIELDS, as_text
from portal.learners.record.models import FieldOrigin, Source
from portal.learners.record.numbers import next_number
from portal.permissions import Role

BEFORE = "import_row.before"
CHANNEL = "import"
_KINDS = ("trajectory", "enrolment", "level", "exam_result")
_ENTERED = frozenset({"level", "exam_result"})
Step = Callable[[int, int], None]


def start_storing(run_id: UUID, *, by: Actor) -> ImportRun:
    """Ask the worker to store what was shown; raises Conflict when the run is past that or nothing would change."""
    run = get_run_for(by, run_id, lock=True)
    if state_of(run) is not RunState.READY:
        raise Conflict("run_not_open", state=run.state.value)
    if not run.counts.get(Outcome.ADDED) and not run.counts.get(Outcome.CHANGED):
        raise Conflict("nothing_to_store")
    run.state = RunState.STORING
    run.job_id = ask("imports.store", {"run_id": str(run.id)}, unique=str(run.id)).id
    session.flush()
    return run


def store_workbook(run_id: UUID, step: Step, *, by: Actor) -> None:
    """Store all accepted rows of a run, worked out anew, and destroy the file. A second time does nothing.

    `step(done, total)` is called between parts, and may raise to stop: then nothing is stored.
    """
    run = get_run(run_id, by.scope, lock=True)
    if run.state is not RunState.STORING:
        return
    workbook = workbook_of(run)
    step(0, 0)
    plan = plan_for(run, workbook, by.scope, lock=True)
    store_plan(run, plan, step, by=acting_in(run, run.started_by, run.started_by_name))
    keep_pages(run, plan, workbook, LASTING)
    remove_file(run)


def acting(account_id: UUID | None, name: str) -> Actor:
    """Return who asked for a run, as she acts in a job: with what administration may change."""
    if account_id is None:
        return replace(PORTAL, name=name)
    return actor_of(account_id, name, frozenset({Role.ADMINISTRATION.value}))


def acting_in(run: ImportRun, account_id: UUID | None, name: str) -> Actor:
    """Return who asked for a run, as she acts in a job: of results with what she may herself."""
    return acting(account_id, name) if run.subject is Subject.LEARNERS else get_actor_of(run)


def store_plan(run: ImportRun, plan: Plan, step: Step, *, by: Actor) -> None:
    """Store a plan in the transaction in hand, and note in the run what was done."""
    people = [person for person in plan.people if person.is_touched]
    run.made = _store_named(plan)
    step(0, len(people))
    _number(people)
    for done, part in enumerate(in_parts(people), start=1):
        _store_people(run, part, by)
        step(min(done * len(part), len(people)), len(people))
    for kind in _KINDS:
        _store_entries(kind, people, by)
    log_entries = _log_entries if run.subject is Subject.LEARNERS else log_results
    log_entries(run, people, by)
    run.counts = plan.counts()
    run.state, run.stored_at, run.expires_at = RunState.STORED, now(), now() + KEPT
    facts = {name: count for name, count in run.counts.items() if count}
    audit.record("imports.stored", subject=("import_run", run.id), facts=facts, by=by)
    session.flush()


def _store_named(plan: Plan) -> dict[str, list[str]]:
    """Make the courses, groups, clients and contacts that the plan needs; return their ids by table."""
    made: dict[str, dict[UUID, dict[str, Any]]] = {
        "course": {key: {"is_active": True, **row} for key, row in plan.new_courses.items()},
        "learner_group": plan.new_groups,
        "organisation": plan.new_clients,
        "contact_person": plan.new_contacts,
    }
    for name, rows in made.items():
        insert_rows(Base.metadata.tables[name], ({"id": key, **row} for key, row in rows.items()))
    return {name: [str(key) for key in rows] for name, rows in made.items() if rows}


def _number(people: list[Person]) -> None:
    """Give those who are new and have no number the next ones, after the school's and the file's own."""
    waiting = [person for person in people if "learner.number" not in person.values]
    if not waiting:
        return
    given = (str(person.values.get("learner.number", "")) for person in people)
    highest = max((int(number) for number in given if number.isdecimal() and len(number) < 16), default=0)
    first = max(int(next_number()), highest + 1)
    for offset, person in enumerate(waiting):
        person.values["learner.number"] = str(first + offset)


def _row(person: Person, grounds: Mapping[str, str]) -> BulkRow:
    """Return the values of the record that a person gets."""
    names = person.values if person.is_new else person.before
    values = {key: person.values[key] for key in names if key in FIELDS}
    reports = any(
        entry.values["reports_to_government"] and (entry.values.get("ends_on") or today()) >= today()
        for entry in person.of("trajectory")
    )
    held = {key: ground for key, ground in grounds.items() if key in values}
    return BulkRow(person.learner_id, values, held, has_reporting_trajectory=reports)


def _store_people(run: ImportRun, people: list[Person], by: Actor) -> None:
    grounds = run.options.get("grounds", {})
    new = [_row(person, grounds) for person in people if person.is_new]
    changed = [_row(person, grounds) for person in people if not person.is_new and person.before]
    if new:
        add_learners(new, source=Source.SCHOOL, channel=CHANNEL, by=by)
    before: dict[UUID, dict[str, Any]] = {}
    if changed:
        origins = _origins(changed)
        for learner_id, values in change_learners(changed, source=Source.SCHOOL, channel=CHANNEL, by=by).items():
            stood = {key: old for key, (old, _new) in values.items()}
            before[learner_id] = {"values": stood, "origins": origins.get(learner_id, {})}
    _note_rows(run, people, before)


def _origins(rows: list[BulkRow]) -> dict[UUID, dict[str, list[str | None]]]:
    """Return where the values came from that are about to change."""
    keys_of = {row.learner_id: row.values.keys() for row in rows}
    found: dict[UUID, dict[str, list[str | None]]] = {}
    for origin in session.scalars(select(FieldOrigin).where(among(FieldOrigin.learner_id, list(keys_of)))):
        if origin.field in keys_of[origin.learner_id]:
            facts = [origin.source.value, origin.channel, origin.since_on.isoformat(), origin.ground]
            found.setdefault(origin.learner_id, {})[origin.field] = facts
    return found


def _note_rows(run: ImportRun, people: list[Person], before: dict[UUID, dict[str, Any]]) -> None:
    """Note of each learner what was done, so that it can be undone."""
    texts = {}
    for person in people:
        entries = {str(entry.id): _json(entry.before) for kind in _KINDS for entry in person.of(kind) if entry.before}
        stood = before.get(person.learner_id, {"values": {}, "origins": {}})
        if stood["values"] or entries:
            kept = {"values": _json(stood["values"]), "origins": stood["origins"], "entries": entries}
            texts[person.learner_id] = json.dumps(kept, ensure_ascii=False)
    blobs = keys.seal_values((learner_id, BEFORE, text) for learner_id, text in texts.items())
    sealed = dict(zip(texts, blobs, strict=True))
    rows = (
        {
            "id": new_id(),
            "run_id": run.id,
            "learner_id": person.learner_id,
            "is_added": person.is_new,
            "version": 1 if person.is_new else person.version + (person.learner_id in before),
            "before": sealed.get(person.learner_id),
            "made": json.dumps({kind: [str(each.id) for each in person.of(kind) if each.is_new] for kind in _KINDS}),
        }
        for person in people
    )
    insert_rows(Base.metadata.tables["import_row"], rows)


def _json(values: dict[str, Any]) -> dict[str, str | None]:
    return {name: as_text(value) for name, value in values.items()}


def _store_entries(kind: str, people: list[Person], by: Actor) -> None:
    """Insert the entries of a kind that are new, and change those that were there."""
    table = Base.metadata.tables[kind]
    own: dict[str, Any] = {}
    if kind in _ENTERED:
        own = {"entered_by": by.account_id, "entered_by_name": by.name, "entered_at": now()}
    else:
        own = {"source": Source.SCHOOL, "channel": CHANNEL, "since_on": today()}
    entries = [entry for person in people for entry in person.of(kind)]
    insert_rows(table, ({**own, "id": entry.id, **entry.values} for entry in entries if entry.is_new))
    changed = {entry.id: {name: entry.values[name] for name in entry.before} for entry in entries if entry.before}
    change_rows(table, changed)
    if kind not in _ENTERED:
        _note_origins(kind, people)


def _note_origins(kind: str, people: list[Person]) -> None:
    """Note of values in entries that were there and changed that they are from this file."""
    store_origins(
        [
            row
            for person in people
            for entry in person.of(kind)
            if entry.before and not entry.is_new
            for row in origin_rows(
                person.learner_id,
                {f"{kind}.{name}": entry.values[name] for name in entry.before},
                source=Source.SCHOOL,
                channel=CHANNEL,
                entry_id=entry.id,
            )
        ]
    )


def _log_entries(run: ImportRun, people: list[Person], by: Actor) -> None:
    """Write in the audit who got a trajectory, a group, a level or a result, and what changed in a trajectory."""
    changes = {
        person.learner_id: {
            change.field: (as_text(change.old), as_text(change.new))
            for row in person.rows
            for change in row.changes
            if change.field in FIELDS and not change.field.startswith("learner.")
        }
        for person in people
        if any(entry.is_new or entry.before for kind in _KINDS for entry in person.of(kind))
    }
    for part in in_parts(changes):
        audit.record(
            "imports.entries_stored",
            subject=("import_run", run.id),
            changes_of={learner_id: changes[learner_id] for learner_id in part},
            by=by,
        )
