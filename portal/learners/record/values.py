"""Values of a learner's fields and of her entries: opened from a row, sealed for a row, and as the audit keeps them."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from portal.core.crypto import keys
from portal.learners.conditions.queries import is_conditional
from portal.learners.record.fields import FIELDS, RecordField, as_text
from portal.learners.record.models import Learner
from portal.learners.search.keys import bsn_digest, found_by
from portal.policy.queries import current_policy
from portal.policy.schema import Policy

HIDDEN = "•••"
_FOUND_BY = frozenset({"given_name", "name_prefix", "family_name", "number", "email"})
Changes = dict[str, tuple[str | None, str | None]]


def values_of(row: Any, fields: Iterable[RecordField], *, learner_id: UUID | None = None) -> dict[str, Any]:
    """Return the values of a row's fields by key, sealed ones opened; None where the learner's key was destroyed.

    `row` is a learner, or a row of another table with the id of its learner.
    """
    owner = learner_id or (row.id if isinstance(row, Learner) else row.learner_id)
    wanted = list(fields)
    sealed = [field for field in wanted if field.sealed]
    opened = keys.unseal_values((owner, field.key, getattr(row, field.column)) for field in sealed)
    texts = {field.key: text for field, text in zip(sealed, opened, strict=True)}
    return {field.key: texts[field.key] if field.sealed else getattr(row, field.column) for field in wanted}


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
    blobs = keys.seal_values((learner_id, key, str(values[key])) for key in wanted)
    return {FIELDS[key].column: blob for key, blob in zip(wanted, blobs, strict=True)}


def put(learner: Learner, values: Mapping[str, Any]) -> None:
    """Put values (by field key) in a learner's row, with what she is found by."""
    columns = as_stored(learner.id, values)
    for name, value in columns.items():
        setattr(learner, name, value)
    if _FOUND_BY & columns.keys():
        for name, text in found_by({name: getattr(learner, name) for name in _FOUND_BY}).items():
            setattr(learner, name, text)


def changes_for_log(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """Return old and new value of each field, as the log keeps them."""
    policy = current_policy()
    return {key: log_pair(FIELDS[key], before.get(key), value, policy) for key, value in after.items()}


def log_pair(field: RecordField, old: Any, new: Any, policy: Policy) -> tuple[str | None, str | None]:
    """Return the old and the new value of one field, as the log keeps them.

    Of what is masked, and of what may have to be gone at once some day, it keeps that there was a value.
    """
    if field.is_secret or is_conditional(policy, field.key):
        return None if old is None else HIDDEN, None if new is None else HIDDEN
    return as_text(old), as_text(new)
