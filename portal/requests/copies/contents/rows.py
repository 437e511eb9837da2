"""Everything that is held on one learner, walked by the registry: each row of each table that reaches her, opened.

Complete by construction: a column that is declared as hers is here, or stands in `WITHHELD` with its reason.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Enum, String, Table, false, or_, select

from portal.core.crypto import keys
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import read
from portal.core.http.access import PORTAL
from portal.core.personal_data import (
    Field,
    PersonKind,
    Sealed,
    fields_of,
    is_signature,
    people_of,
    rows_by,
    rows_of,
    sealing_field,
)
from portal.learners.merges.queries import list_merged_ids
from portal.requests.copies.contents.withheld import BESIDES, LOG, STRUCTURED, WITHHELD

_LEARNER = PersonKind.LEARNER


@dataclass(frozen=True)
class HeldRow:
    """A row about her: its declared values by column, sealed ones opened, and what one needs to read them beside."""

    table: Table
    id: UUID
    values: dict[str, Any]
    beside: dict[str, Any]

    @property
    def is_hidden(self) -> bool:
        """Say whether staff kept its text from her, with a reason (`hidden_because`)."""
        return bool(self.values.get("hidden_because"))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield the free texts of the row with their column: what may name somebody else."""
        if self.beside.get("field") in STRUCTURED:
            return
        for name, value in self.values.items():
            if isinstance(value, str) and value and is_free_text(self.table.columns[name]):
                yield name, value


def is_free_text(column: Column[Any]) -> bool:
    """Say whether a column holds what somebody wrote, and not a number, a code or a name of her own."""
    is_text = isinstance(column.type, Sealed) or (isinstance(column.type, String) and not isinstance(column.type, Enum))
    return is_text and f"{column.table.name}.{column.name}" not in STRUCTURED


@lru_cache(maxsize=256)
def fields_held(table: Table) -> tuple[Field, ...]:
    """Return the fields of a table that a copy gives, in their order."""
    return tuple(field for field in fields_of(table, _LEARNER) if field.key not in WITHHELD and table.name not in LOG)


def list_rows(learner_id: UUID, *, tables: Collection[str] | None = None) -> list[HeldRow]:
    """Return every row about a learner, with those of records that became part of hers, table by table.

    With `tables` those of these tables alone.
    """
    ids = [learner_id, *list_merged_ids(learner_id, PORTAL.scope)]
    found: list[HeldRow] = []
    for table in Base.metadata.sorted_tables:
        fields = fields_held(table)
        if fields and (tables is None or table.name in tables):
            found += _rows_in(table, fields, ids)
    return found


def _rows_in(table: Table, fields: Sequence[Field], ids: list[UUID]) -> list[HeldRow]:
    besides = BESIDES.get(table.name, ())
    signed = [path for path in people_of(table).paths[_LEARNER] if is_signature(table.columns[path.column])]
    direct = [rows_by(table, each, _LEARNER, ids) for each in people_of(table).paths[_LEARNER] if each not in signed]
    names = list(dict.fromkeys([*(field.column for field in fields), *besides]))
    statement = select(
        *(table.columns[name] for name in names),
        table.columns["id"].label("held_id")
        if "id" in table.columns
        else table.primary_key.columns.values()[-1].label("held_id"),
        or_(false(), *direct).label("is_direct"),
    ).where(table.columns["school_id"] == current_school_id(), rows_of(table, _LEARNER, ids))
    rows = [dict(row._mapping) for row in read(statement.order_by(*table.primary_key.columns))]
    _open_sealed(table, fields, rows)
    return [
        HeldRow(
            table=table,
            id=row["held_id"],
            values={field.column: row[field.column] for field in fields if _is_of_her(table, field, row)},
            beside={name: row[name] for name in besides},
        )
        for row in rows
    ]


def _is_of_her(table: Table, field: Field, row: dict[str, Any]) -> bool:
    """Say whether a value is hers in this row: of one that she only signs, or is for, it is nothing but that."""
    return bool(row["is_direct"]) or is_signature(table.columns[field.column])


def _open_sealed(table: Table, fields: Sequence[Field], rows: list[dict[str, Any]]) -> None:
    """Put in the place of each sealed value what it says; None where its key was destroyed."""
    owner = "learner_id" if "learner_id" in table.columns else "kept_id" if "kept_id" in table.columns else "held_id"
    for field in fields:
        column = table.columns[field.column]
        if not isinstance(column.type, Sealed):
            continue
        if column.info.get("sealed_as") is None:
            opened = keys.unseal_values((row[owner], field.key, row[field.column]) for row in rows)
        else:
            opened = keys.unseal_in_category(
                ((row[owner], keys.category_of(sealing_field(column, row)), row[field.column]) for row in rows),
                field.key,
            )
        for row, text in zip(rows, opened, strict=True):
            row[field.column] = text
