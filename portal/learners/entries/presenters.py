"""Entries of a record as they are shown: each value in the reader's language, with where it came from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.learners.entries.kinds import EntryKind
from portal.learners.origins.queries import AnOrigin, Origin, origin_of, origins_of
from portal.learners.record.fields import RecordField
from portal.learners.record.values import values_of
from portal.policy.queries import current_policy


@dataclass(frozen=True)
class EntryView:
    """An entry of the record in words: its fields with a value, where it came from, and what a form shows of it.

    `own_origins` has, by label, the origin of those values that were changed since the entry was made; `verbatim` the
    labels of names and numbers, which a browser's translation would spoil.
    """

    id: UUID
    values: Mapping[str, Any]
    lines: list[tuple[str, str]]
    origin: Origin
    own_origins: Mapping[str, Origin]
    verbatim: frozenset[str]
    statement_version_id: UUID | None = None
    statement_shown_at: datetime | None = None


def show_entries(
    kind: EntryKind, rows: Iterable[Any], names: Mapping[UUID, str], origins: Iterable[AnOrigin]
) -> list[EntryView]:
    """Return entries in words; `names` are those of the organisations and people that they may point to."""
    fields, noted = kind.fields(current_policy()), list(origins)
    views = []
    for row in rows:
        values, changed = values_of(row, fields), origins_of(noted, row)
        held = [field for field in fields if values[field.key] not in {None, "", False}]
        views.append(
            EntryView(
                id=row.id,
                values=values,
                lines=[(str(field.label), _text_of(field, values[field.key], names)) for field in held],
                origin=origin_of(row),
                own_origins={str(field.label): origin_of(changed[field.key]) for field in held if field.key in changed},
                verbatim=frozenset(str(field.label) for field in held if field.is_verbatim),
                statement_version_id=getattr(row, "statement_version_id", None),
                statement_shown_at=getattr(row, "statement_shown_at", None),
            )
        )
    return views


def _text_of(field: RecordField, value: Any, names: Mapping[UUID, str]) -> str:
    return names.get(value, "") if field.kind == "link" else field.show(value)
