"""What every change of a record does besides: seal, keep the origin, keep the index by which she is found, log."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, update

from portal.core import audit
from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.db.base import Base, new_id
from portal.core.db.bulk import in_parts, insert_many
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.conditions.queries import is_conditional
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.record.fields import FIELDS, RecordField, as_text
from portal.learners.record.models import OWN_RECORD, FieldOrigin, Learner, Source
from portal.learners.search.keys import bsn_digest, found_by
from portal.policy.queries import current_policy

HIDDEN = "•••"
FIELD_ORIGIN = Base.metadata.tables["field_origin"]
_FOUND_BY = frozenset({"given_name", "name_prefix", "family_name", "number", "email"})
Changes = dict[str, tuple[str | None, str | None]]


def as_stored(learner_id: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values (by field key) as columns of the row: sealed where they are, a BSN with its digest."""
    columns = {FIELDS[key].column: value for key, value in values.items()} | sealed_columns(learner_id, values)
    if "learner.bsn" in values:
        bsn = values["learner.bsn"]
        columns["bsn_digest"] = bsn_digest(bsn) if bsn is not None else None
    return columns


def sealed_columns(learner_id: UUID, values: Mapping[str, Any]) -> dict[str, bytes]:
    """Return those of these values (by field key) that are kept sealed, as columns hold them, in few look-ups."""
    wanted = [key for key, value in values.items() if FIELDS[key].sealed and value is not None]
    blobs = keys.seal_many((learner_id, key, str(values[key])) for key in wanted)
    return {FIELDS[key].column: blob for key, blob in zip(wanted, blobs, strict=True)}


def put(learner: Learner, values: Mapping[str, Any]) -> None:
    """Put values (by field key) in a learner's row, with what she is found by."""
    columns = as_stored(learner.id, values)
    for name, value in columns.items():
        setattr(learner, name, value)
    if _FOUND_BY & columns.keys():
        for name, text in found_by({name: getattr(learner, name) for name in _FOUND_BY}).items():
            setattr(learner, name, text)


def logged(field: RecordField, value: Any) -> str | None:
    """Return what the log keeps of a value: not what is masked, nor what may have to be gone at once some day."""
    if value is None:
        return None
    return HIDDEN if field.is_secret or is_conditional(current_policy(), field.key) else as_text(value)


def changes_for_log(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """Return old and new value of each field, as the log keeps them."""
    return {key: log_pair(FIELDS[key], before.get(key), value) for key, value in after.items()}


def log_pair(field: RecordField, old: Any, new: Any) -> tuple[str | None, str | None]:
    """Return the old and the new value of one field, as the log keeps them."""
    return logged(field, old), logged(field, new)


def origin_rows(
    learner_id: UUID,
    values: Mapping[str, Any],
    *,
    source: Source,
    channel: str | None,
    grounds: Mapping[str, str] | None = None,
    entry_id: UUID = OWN_RECORD,
) -> list[dict[str, Any]]:
    """Return the rows that say where values came from, of her own row or of an entry; an empty value has no origin."""
    return [
        {
            "id": new_id(),
            "school_id": current_school_id(),
            "learner_id": learner_id,
            "field": key,
            "entry_id": entry_id,
            "source": source,
            "channel": channel,
            "since_on": today(),
            "ground": (grounds or {}).get(key) or None,
        }
        for key, value in values.items()
        if value is not None
    ]


def emptied_rows(learner_id: UUID, fields: Iterable[str], *, channel: str | None) -> list[dict[str, Any]]:
    """Return the rows that say that a learner emptied these fields herself, so that no file fills them again unseen."""
    return origin_rows(learner_id, dict.fromkeys(fields, ""), source=Source.LEARNER, channel=channel)


def store_origins(rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert origins, or bring those of the same fields up to date, in few statements; a ground on record stays."""
    if not rows:
        return
    for part in in_parts(rows):
        statement = insert_many(FIELD_ORIGIN, part)
        fresh: dict[str, Any] = {name: statement.excluded[name] for name in ("source", "channel", "since_on")}
        fresh["ground"] = func.coalesce(statement.excluded.ground, FIELD_ORIGIN.c.ground)
        session.execute(statement.on_conflict_do_update(constraint="uq_field_origin_field", set_=fresh))


def drop_origins(learner_ids: Sequence[UUID], fields: Iterable[str], *, entry_id: UUID | None = None) -> None:
    """Forget where values came from that are gone: of this entry, or of all that have these fields."""
    gone = delete(FieldOrigin).where(
        FieldOrigin.school_id == current_school_id(),
        FieldOrigin.learner_id.in_(learner_ids),
        FieldOrigin.field.in_(list(fields)),
    )
    session.execute(gone if entry_id is None else gone.where(FieldOrigin.entry_id == entry_id))


def store_entry_origins(row: Any, changed: Mapping[str, Any], *, source: Source, channel: str | None) -> None:
    """Note of values in an entry that were changed since it was made (by field key) where they are from."""
    store_origins(origin_rows(row.learner_id, changed, source=source, channel=channel, entry_id=row.id))
    emptied = [key for key, value in changed.items() if value is None]
    if emptied:
        drop_origins([row.learner_id], emptied, entry_id=row.id)


def clear_fields(learner_ids: Sequence[UUID], fields: Sequence[str], *, why: str, by: Actor | None = None) -> None:
    """Erase these fields of these learners, with their origins and what was proposed for them; `why` is a code."""
    if not learner_ids:
        return
    columns: dict[str, Any] = {FIELDS[key].column: None for key in fields}
    if "learner.bsn" in fields:
        columns["bsn_digest"] = None
    session.execute(
        update(Learner)
        .where(Learner.school_id == current_school_id(), Learner.id.in_(learner_ids))
        .values(**columns, version=Learner.version + 1),
        execution_options={"synchronize_session": "fetch"},
    )
    drop_origins(learner_ids, fields)
    forget_proposals(learner_ids, fields)
    audit.record("learners.cleared", learner_ids=learner_ids, facts={"fields": sorted(fields), "why": why}, by=by)


def forget_proposals(learner_ids: Sequence[UUID], fields: Iterable[str]) -> None:
    """Empty the values of proposals for these fields; one that still waits counts as withdrawn."""
    own = (
        Correction.school_id == current_school_id(),
        Correction.learner_id.in_(learner_ids),
        Correction.field.in_(list(fields)),
    )
    session.execute(
        update(Correction)
        .where(*own, Correction.state == CorrectionState.PROPOSED)
        .values(state=CorrectionState.WITHDRAWN, decided_at=now()),
        execution_options={"synchronize_session": "fetch"},
    )
    session.execute(
        update(Correction).where(*own).values(old=None, proposed=None, remark=None),
        execution_options={"synchronize_session": "fetch"},
    )
