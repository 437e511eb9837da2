"""Adding and changing many records in few statements, for an import: the same rules as for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from portal.core import audit
from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.db.base import Base
from portal.core.db.bulk import insert_rows
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.learners.conditions.queries import Facts, facts_of, is_free, refusals
from portal.learners.origins.rows import origin_rows
from portal.learners.origins.services import NewValues, add_origins, drop_origins, store_origins
from portal.learners.record.fields import FIELDS, LEARNER_FIELDS
from portal.learners.record.models import Learner, Source
from portal.learners.record.numbers import FIRST_NUMBER, follow_numbers, next_number
from portal.learners.record.values import changes_for_log, values_of
from portal.learners.scope.queries import reaches_learner
from portal.learners.search.keys import bsn_digest, found_by
from portal.policy.queries import current_policy

LEARNER = Base.metadata.tables["learner"]
_AT_ONCE = 1000
_EVERY_COLUMN = [each.column for each in LEARNER_FIELDS]


@dataclass(frozen=True)
class BulkRow:
    """One learner of many: her id (made by the caller for a new one) and typed values by field key.

    `has_reporting_trajectory` says that one comes along in the same transaction; `grounds` are those given with it.
    """

    learner_id: UUID
    values: Mapping[str, Any]
    grounds: Mapping[str, str] = field(default_factory=dict)
    has_reporting_trajectory: bool = False


def refusals_in(rows: Sequence[BulkRow], *, is_new: bool, source: Source, scope: Scope) -> dict[UUID, list[Invalid]]:
    """Return why values of these learners may not be kept, of those of whom any may not; nothing is stored."""
    policy = current_policy()
    given = {key for row in rows for key, value in row.values.items() if value is not None}
    asked = {key for key in given if not is_free(policy, key, source)}
    if not asked:
        return {}
    known = {} if is_new else facts_of([row.learner_id for row in rows], asked, scope)
    found: dict[UUID, list[Invalid]] = {}
    for row in rows:
        facts = known.get(row.learner_id, Facts())
        if row.has_reporting_trajectory:
            facts = replace(facts, has_reporting_trajectory=True)
        values = {key: value for key, value in row.values.items() if key in asked}
        refused = list(refusals(values, facts, row.grounds, source=source))
        if refused:
            found[row.learner_id] = refused
    return found


def add_learners(rows: Sequence[BulkRow], *, source: Source, channel: str | None, by: Actor) -> None:
    """Add learners; who has no number gets the next one. Raises the first Invalid where the school may not keep one."""
    _raise_first(refusals_in(rows, is_new=True, source=source, scope=by.scope))
    numbers = _numbers(sum(1 for row in rows if not row.values.get("learner.number")))
    filled = [{**row.values, "learner.number": row.values.get("learner.number") or next(numbers)} for row in rows]
    for start in range(0, len(rows), _AT_ONCE):
        part = list(zip(rows[start : start + _AT_ONCE], filled[start : start + _AT_ONCE], strict=True))
        insert_rows(LEARNER, _columns(part))
        given = (NewValues(row.learner_id, values, row.grounds) for row, values in part)
        add_origins(given, source=source, channel=channel)
        audit.record(
            "learners.added",
            changes_of={row.learner_id: changes_for_log({}, _held(values)) for row, values in part},
            facts={"source": source.value, "channel": channel},
            by=by,
        )


def change_learners(
    rows: Sequence[BulkRow], *, source: Source, channel: str | None, by: Actor
) -> dict[UUID, dict[str, tuple[Any, Any]]]:
    """Change learners to these values, and return old and new value of each field that changed, typed, by learner.

    Raises the first Invalid where the school may not keep one.
    """
    _raise_first(refusals_in(rows, is_new=False, source=source, scope=by.scope))
    done: dict[UUID, dict[str, tuple[Any, Any]]] = {}
    for start in range(0, len(rows), _AT_ONCE):
        done |= _change_part(rows[start : start + _AT_ONCE], source, channel, by)
    return done


def _change_part(
    rows: Sequence[BulkRow], source: Source, channel: str | None, by: Actor
) -> dict[UUID, dict[str, tuple[Any, Any]]]:
    ids = [row.learner_id for row in rows]
    keys.fetch_keys((row.learner_id, key) for row in rows for key in row.values if FIELDS[key].sealed)
    learners = {
        learner.id: learner
        for learner in session.scalars(
            select(Learner)
            .where(Learner.school_id == current_school_id(), Learner.id.in_(ids), reaches_learner(by.scope))
            .order_by(Learner.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    changed: dict[UUID, dict[str, tuple[Any, Any]]] = {}
    origins = []
    for row in rows:
        learner = learners[row.learner_id]
        before = values_of(learner, [FIELDS[key] for key in row.values])
        fresh = {key: value for key, value in row.values.items() if value != before[key]}
        if fresh:
            changed[learner.id] = {key: (before[key], value) for key, value in fresh.items()}
            origins += origin_rows(learner.id, fresh, source=source, channel=channel, grounds=row.grounds)
    if changed:
        values = {
            learner_id: {key: new for key, (_old, new) in fields.items()} for learner_id, fields in changed.items()
        }
        sealed = _sealed(values)
        updates = [_updated(learners[each], values[each], sealed[each]) for each in changed]
        _store_changes(changed, updates, origins, by, {"source": source.value, "channel": channel})
    return changed


def _store_changes(
    changed: dict[UUID, dict[str, tuple[Any, Any]]],
    updates: list[dict[str, Any]],
    origins: list[dict[str, Any]],
    by: Actor,
    facts: dict[str, Any],
) -> None:
    session.execute(update(Learner), updates)
    renumbered = [learner_id for learner_id, fields in changed.items() if "learner.number" in fields]
    if renumbered:
        follow_numbers(renumbered)
    store_origins(origins)
    for learner_id, fields in changed.items():
        emptied = [key for key, (_old, new) in fields.items() if new is None]
        if emptied:
            drop_origins([learner_id], emptied, by.scope)
    audit.record(
        "learners.changed",
        changes_of={
            learner_id: changes_for_log(
                {key: old for key, (old, _new) in fields.items()}, {key: new for key, (_old, new) in fields.items()}
            )
            for learner_id, fields in changed.items()
        },
        facts=facts,
        by=by,
    )


def _sealed(values: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, dict[str, bytes]]:
    """Return of values by learner and field those that are kept sealed, as columns hold them, in few look-ups."""
    wanted = [
        (learner_id, key, str(value))
        for learner_id, fields in values.items()
        for key, value in fields.items()
        if value is not None and FIELDS[key].sealed
    ]
    found: dict[UUID, dict[str, bytes]] = {learner_id: {} for learner_id in values}
    for (learner_id, key, _value), blob in zip(wanted, keys.seal_values(wanted), strict=True):
        found[learner_id][FIELDS[key].column] = blob
    return found


def _updated(learner: Learner, values: Mapping[str, Any], sealed: Mapping[str, bytes]) -> dict[str, Any]:
    """Return a learner's whole row of fields with these values, so that all rows can be stored in one statement."""
    row = {name: getattr(learner, name) for name in _EVERY_COLUMN}
    row |= {FIELDS[key].column: value for key, value in values.items()}
    digest = learner.bsn_digest
    if "learner.bsn" in values:
        digest = bsn_digest(values["learner.bsn"]) if values["learner.bsn"] else None
    return {
        "school_id": current_school_id(),
        "id": learner.id,
        "version": learner.version + 1,
        "bsn_digest": digest,
        **row,
        **sealed,
        **found_by(row),
    }


def _columns(part: Sequence[tuple[BulkRow, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Return the rows of new learners."""
    sealed = _sealed({row.learner_id: values for row, values in part})
    rows: list[dict[str, Any]] = [
        {
            "school_id": current_school_id(),
            "id": row.learner_id,
            "last_contact_on": today(),
            "version": 1,
            "bsn_digest": bsn_digest(values["learner.bsn"]) if values.get("learner.bsn") else None,
            **{each.column: values.get(each.key) for each in LEARNER_FIELDS},
            **sealed[row.learner_id],
        }
        for row, values in part
    ]
    return [{**row, **found_by(row)} for row in rows]


def _numbers(count: int) -> Any:
    first = int(next_number()) if count else FIRST_NUMBER
    return iter([str(first + at) for at in range(count)])


def _held(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _raise_first(found: Mapping[UUID, Sequence[Invalid]]) -> None:
    for refused in found.values():
        raise refused[0]
