"""Everything that is held on one person, walked by the registry: each row of each table that is about her, opened.

Complete by construction: a column that is declared as hers is here, is counted in `signed` where it only says that she
did something with a row about another, or stands in `withheld` with its reason.
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
from portal.core.personal_data import (
    OWN_TABLE,
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
from portal.requests.copies.contents.answers import answers_in, asked_beside, put_questions
from portal.requests.copies.contents.subjects import DataSubject
from portal.requests.copies.contents.withheld import BESIDES, LOG, STRUCTURED, withheld

_LEARNER = PersonKind.LEARNER
_OWNERS = ("learner_id", "kept_id", "contact_person_id", "account_id", "representative_id")
"""The columns that say whose row it is, under whose key its values are sealed; else the row is the person's own."""


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
            if is_free_text(self.table.columns[name]):
                yield from ((name, each) for each in ([value] if isinstance(value, str) else answers_in(value)) if each)


def is_free_text(column: Column[Any]) -> bool:
    """Say whether a column holds what somebody wrote, and not a number, a code or a name of her own."""
    is_text = isinstance(column.type, Sealed) or (isinstance(column.type, String) and not isinstance(column.type, Enum))
    return is_text and f"{column.table.name}.{column.name}" not in STRUCTURED


@lru_cache(maxsize=1024)
def fields_held(table: Table, kind: PersonKind) -> tuple[Field, ...]:
    """Return the fields of a table that a copy gives a person of this kind, in their order."""
    if table.name in LOG:
        return ()
    return tuple(
        field
        for field in fields_of(table, kind)
        if field.key not in withheld(kind) and not (kind is not _LEARNER and is_signed(table, field, kind))
    )


def is_signed(table: Table, field: Field, kind: PersonKind) -> bool:
    """Say whether a field only tells that she did something with a row that is about another."""
    of = {path.column for path in people_of(table).paths[kind]} & set(table.columns[field.column].info.get("of", ()))
    return bool(of) and all(signs(table.columns[name]) for name in of)


def signs(column: Column[Any]) -> bool:
    """Say whether a column by which people are reached only says who signed the row."""
    return is_signature(column) and column.name != "id"


def list_rows(subject: DataSubject, *, tables: Collection[str] | None = None) -> list[HeldRow]:
    """Return every row about a person, table by table. With `tables` those of these tables alone."""
    found: list[HeldRow] = []
    for table in Base.metadata.sorted_tables:
        fields = fields_held(table, subject.kind)
        if fields and (tables is None or table.name in tables):
            found += _rows_in(table, fields, subject)
    return found


def _rows_in(table: Table, fields: Sequence[Field], subject: DataSubject) -> list[HeldRow]:
    kind, ids = subject.kind, subject.ids
    besides = BESIDES.get(table.name, ())
    direct = [
        rows_by(table, path, kind, ids)
        for path in people_of(table).paths[kind]
        if not signs(table.columns[path.column])
    ]
    names = list(dict.fromkeys([*(field.column for field in fields), *besides, *asked_beside(table)]))
    owners = [name for name in _OWNERS if name in table.columns and name not in names]
    statement = select(
        *(table.columns[name] for name in (*names, *owners)),
        table.columns["id"].label("held_id")
        if "id" in table.columns
        else table.primary_key.columns.values()[-1].label("held_id"),
        or_(false(), *direct).label("is_direct"),
    ).where(
        table.columns["school_id"] == current_school_id(),
        rows_of(table, kind, ids) if subject.is_learner else or_(false(), *direct),
    )
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
    """Put in the place of each sealed value what it says, answers beside what was asked; None where its key is gone."""
    for field in fields:
        column = table.columns[field.column]
        if not isinstance(column.type, Sealed):
            continue
        if column.info.get("sealed_as") is None:
            opened = keys.unseal_values((_owner(table, row), field.key, row[field.column]) for row in rows)
        else:
            opened = keys.unseal_in_category(
                ((_owner(table, row), keys.category_of(sealing_field(column, row)), row[field.column]) for row in rows),
                field.key,
            )
        for row, text in zip(rows, opened, strict=True):
            row[field.column] = text
    for row in rows:
        put_questions(table, row)


def _owner(table: Table, row: dict[str, Any]) -> UUID:
    named = () if table.name in OWN_TABLE.values() else _OWNERS
    found: UUID = next((row[name] for name in named if row.get(name) is not None), row["held_id"])
    return found
