"""Adding, changing and removing an entry of a record: one way for all kinds."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.learners.conditions.queries import Facts, refusals, source_taken_over, usual_source
from portal.learners.conditions.services import clear_expired_fields
from portal.learners.corrections.kinds import Correctable
from portal.learners.entries.followers import EntryChange, follow
from portal.learners.entries.kinds import EntryKind
from portal.learners.entries.queries import get_entry
from portal.learners.origins.services import drop_origins, store_entry_origins
from portal.learners.record.conflicts import own_changes
from portal.learners.record.fields import FIELDS, RecordField
from portal.learners.record.models import Source
from portal.learners.record.services import lock_learner
from portal.learners.record.values import Changes, changes_for_log, sealed_columns, values_of
from portal.learners.trajectories.entries import TRAJECTORY
from portal.learners.trajectories.services import must_fit_request
from portal.organisations.models import ContactPerson, Organisation
from portal.policy.queries import current_policy, must_be_in_force

_LINKS: dict[str, type[Organisation] | type[ContactPerson]] = {
    "trajectory.client_id": Organisation,
    "trajectory.client_manager_id": ContactPerson,
}


def add_entry(
    kind: EntryKind,
    learner_id: UUID,
    values: Mapping[str, Any],
    *,
    source: Source | None = None,
    channel: str | None = None,
    statement_shown: str | None = None,
    by: Actor,
) -> UUID:
    """Add an entry with these values by field key (`appointment.subject`), and return its id.

    `source` and `channel` say from whom the school has it (MN-02): unless given, from itself where the policy lists it
    as an origin, else from the first that it lists. `statement_shown` is the id of the version of the
    statement that was pointed out at this intake, where one was (LB-01). Raises Invalid, NotAllowed, NotFound, and
    Conflict("another_text") where another is in force by now.
    """
    by.scope.must_change(kind.category)
    lock_learner(learner_id, by)
    required = {field.key: None for field in kind.all_fields if field.is_required}
    source = source or usual_source(current_policy(), kind.category)
    cleaned = _clean(kind, {**required, **values}, source)
    held = {key: value for key, value in cleaned.items() if value is not None}
    _must_make_sense(kind, {}, held)
    own = {"learner_id": learner_id, "source": source, "channel": channel, "since_on": today()}
    row = kind.model(id=new_id(), **own, **_columns(learner_id, held))
    if kind.mentions_statement and statement_shown is not None:
        row.statement_version_id, row.statement_shown_at = must_be_in_force(statement_shown), now()
    session.add(row)
    session.flush()
    _log("added", row, changes_for_log({}, held), by)
    follow(row, EntryChange.ADDED, held, by)
    return UUID(str(row.id))


def change_entry(
    kind: EntryKind,
    learner_id: UUID,
    entry_id: UUID,
    values: Mapping[str, Any],
    *,
    source: Source | None = None,
    channel: str | None = None,
    seen: str | None = None,
    by: Actor,
) -> None:
    """Change an entry; what stays the same keeps its source and date.

    `seen` is what a form showed (`as_seen`): a field that was left as it was shown stays as it is now, and one that
    somebody else changed too raises Conflict("stale").
    """
    by.scope.must_change(kind.category)
    row = get_entry(kind, learner_id, entry_id, by.scope, lock=True)
    source = source or usual_source(current_policy(), kind.category)
    cleaned = _clean(kind, values, source)
    before = values_of(row, kind.fields(current_policy()))
    if seen is not None:
        cleaned = {key: cleaned[key] for key in own_changes(cleaned, now=before, seen=seen)}
    _store(kind, row, cleaned, before, source=source, channel=channel, by=by)


def _store(
    kind: EntryKind,
    row: Any,
    cleaned: Mapping[str, Any],
    before: Mapping[str, Any],
    *,
    source: Source,
    channel: str | None,
    by: Actor,
) -> None:
    _must_make_sense(kind, before, {**before, **cleaned})
    changed = {key: value for key, value in cleaned.items() if value != before[key]}
    if not changed:
        return
    for name, value in _columns(row.learner_id, changed).items():
        setattr(row, name, value)
    session.flush()
    store_entry_origins(row, changed, by.scope, source=source, channel=channel)
    _log("changed", row, changes_for_log(before, changed), by)
    follow(row, EntryChange.CHANGED, changed, by)
    _clear_expired(kind, row.learner_id, by)


def remove_entry(kind: EntryKind, learner_id: UUID, entry_id: UUID, *, by: Actor) -> None:
    """Remove an entry for good; the log keeps that it was there."""
    by.scope.must_change(kind.category)
    row = get_entry(kind, learner_id, entry_id, by.scope, lock=True)
    before = values_of(row, kind.fields(current_policy()))
    follow(row, EntryChange.REMOVED, before, by)
    session.delete(row)
    session.flush()
    drop_origins([learner_id], before, by.scope, entry_id=entry_id)
    emptied = {key: None for key, value in before.items() if value is not None}
    _log("removed", row, changes_for_log(before, emptied), by)
    _clear_expired(kind, learner_id, by)


def _clean(kind: EntryKind, values: Mapping[str, Any], source: Source) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    for key, value in values.items():
        field = FIELDS.get(key)
        if field is None or field.table != kind.name:
            raise Invalid(key, "unknown_field")
        cleaned[key] = _linked(field, value) if field.kind == "link" else field.clean(value)
    for refusal in refusals(cleaned, Facts(), source=source):
        raise refusal
    return cleaned


def _must_make_sense(kind: EntryKind, before: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Raise Invalid where the values of an entry contradict each other; `before` is what stood there."""
    first, last = (f"{kind.name}.{column}" for column in kind.period or ("", ""))
    starts, ends = values.get(first), values.get(last)
    if starts is not None and ends is not None and ends < starts:
        raise Invalid(last, "ends_before_start")
    manager_id, client_id = (values.get(f"trajectory.{name}") for name in ("client_manager_id", "client_id"))
    if manager_id is not None:
        manager = session.get_one(ContactPerson, (current_school_id(), manager_id))
        if client_id is not None and manager.organisation_id != client_id:
            raise Invalid("trajectory.client_manager_id", "manager_of_other_client")
    if kind is TRAJECTORY:
        must_fit_request(before, values)


def _linked(field: RecordField, value: Any) -> UUID | None:
    """Return the id of the organisation or person that was chosen; raises Invalid for one that isn't there."""
    if value in {None, ""}:
        return None
    try:
        chosen = value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise Invalid(field.key, "choice_unknown") from None
    if session.get(_LINKS[field.key], (current_school_id(), chosen)) is None:
        raise Invalid(field.key, "choice_unknown")
    return chosen


def _columns(learner_id: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as columns: sealed where they are; an emptied one with a default gets its default."""
    columns: dict[str, Any] = {}
    for key, value in values.items():
        field = FIELDS[key]
        columns[field.column] = value
        if value is None and field.kind in {"hours", "yes_no"}:
            columns[field.column] = 0 if field.kind == "hours" else False
    return columns | sealed_columns(learner_id, values)


def _clear_expired(kind: EntryKind, learner_id: UUID, by: Actor) -> None:
    if kind is TRAJECTORY:
        clear_expired_fields([learner_id], by=by)


def _log(what: str, row: Any, changes: Changes, by: Actor) -> None:
    name = row.__tablename__
    audit.record(f"learners.{name}_{what}", learner_id=row.learner_id, subject=(name, row.id), changes=changes, by=by)


def correctable(kind: EntryKind) -> Correctable:
    """Return how a learner may ask to correct entries of this kind.

    To which organisation an entry points is the school's own affair: a learner has no list of them.
    """

    def change(row: Any, values: Sequence[tuple[RecordField, Any]], channel: str, by: Actor) -> None:
        before = values_of(row, kind.fields(current_policy()))
        said = {field.key: value for field, value in values}
        source = source_taken_over(current_policy(), values[0][0].key)
        _store(kind, row, said, before, source=source, channel=channel, by=by)

    fields = tuple(field for field in kind.all_fields if field.kind != "link")
    return Correctable(kind.slug, kind.model, kind.one, fields, change)
