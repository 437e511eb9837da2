"""What stands in a learner's fields, opened where it is sealed."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import select

from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.learners.record.fields import RecordField
from portal.learners.record.models import OWN_RECORD, FieldOrigin, Learner, Source


def values_of(row: Any, fields: Iterable[RecordField], *, learner_id: UUID | None = None) -> dict[str, Any]:
    """Return the values of a row's fields by key, sealed ones opened; None where the learner's key was destroyed.

    `row` is a learner, or a row of another table with the id of its learner.
    """
    owner = learner_id or (row.id if isinstance(row, Learner) else row.learner_id)
    wanted = list(fields)
    sealed = [field for field in wanted if field.sealed]
    opened = keys.unseal_many((owner, field.key, getattr(row, field.column)) for field in sealed)
    texts = {field.key: text for field, text in zip(sealed, opened, strict=True)}
    return {field.key: texts[field.key] if field.sealed else getattr(row, field.column) for field in wanted}


def list_origins(learner_id: UUID) -> dict[str, FieldOrigin]:
    """Return where the values of a learner's own fields came from, by field key."""
    return origins_of(list_all_origins(learner_id))


def list_all_origins(learner_id: UUID) -> list[FieldOrigin]:
    """Return where the values of a learner's fields came from, and those in her entries that were changed since."""
    rows = session.scalars(
        select(FieldOrigin).where(FieldOrigin.school_id == current_school_id(), FieldOrigin.learner_id == learner_id)
    )
    return list(rows)


class Noted(NamedTuple):
    """Where a value came from, as `FieldOrigin` holds it."""

    field: str
    entry_id: UUID
    source: Source
    channel: str | None
    since_on: date
    ground: str | None


def noted_of(held: list[Any]) -> Noted:
    """Return an origin that came as JSON."""
    field, entry_id, source, channel, since_on, ground = held
    return Noted(field, UUID(entry_id), Source(source), channel, date.fromisoformat(since_on), ground)


AnOrigin = TypeVar("AnOrigin", FieldOrigin, Noted)


def origins_of(rows: Iterable[AnOrigin], entry_id: UUID = OWN_RECORD) -> dict[str, AnOrigin]:
    """Return of these origins those of one entry, or of her own row, by field key."""
    return {row.field: row for row in rows if row.entry_id == entry_id}
