"""Reads of where the values of a record came from, by which channel and since when (MN-02)."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.learners.record.models import OWN_RECORD, FieldOrigin, Learner, Source


def list_origins(learner: Learner) -> dict[str, FieldOrigin]:
    """Return where the values of a learner's own fields came from, by field key."""
    return origins_of(list_all_origins(learner))


def list_all_origins(learner: Learner) -> list[FieldOrigin]:
    """Return where the values of a learner's fields came from, and those in her entries that were changed since."""
    rows = session.scalars(
        select(FieldOrigin).where(FieldOrigin.school_id == current_school_id(), FieldOrigin.learner_id == learner.id)
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


def origins_of(rows: Iterable[AnOrigin], entry: Any = None) -> dict[str, AnOrigin]:
    """Return of these origins those of one entry, or of her own row, by field key."""
    entry_id = entry.id if entry is not None else OWN_RECORD
    return {row.field: row for row in rows if row.entry_id == entry_id}


class Origin(NamedTuple):
    """From whom, by which channel and since when the school has something (MN-02)."""

    source: Source
    channel: str | None
    since_on: date


def origin_of(row: Any) -> Origin:
    """Return the origin that an entry has, or that was noted of one value."""
    return Origin(row.source, row.channel, row.since_on)
