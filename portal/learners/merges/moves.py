"""Letting rows of one learner be another's, in every table that reaches a learner."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, UniqueConstraint, and_, bindparam, delete, exists, select, text, true, update

from portal.core.crypto import keys
from portal.core.db.bulk import among
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import Sealed, sealing_field


def drop_doubles(table: Table, column: Column[Any], kept_id: UUID, other_id: UUID) -> None:
    """Delete the other's rows for which the kept record has one with the same key: two marks for one lesson, say."""
    for columns, partial in _unique_with(table, column):
        twin = table.alias()
        others = [each for each in columns if each.name not in {"school_id", column.name}]
        same = and_(true(), *(twin.c[each.name] == each for each in others))
        condition = [text(f"({partial})")] if partial is not None else []  # names mean the row here, its twin inside
        session.execute(
            delete(table).where(
                table.c.school_id == current_school_id(),
                column == other_id,
                *condition,
                exists().where(twin.c.school_id == table.c.school_id, twin.c[column.name] == kept_id, same, *condition),
            )
        )


def _unique_with(table: Table, column: Column[Any]) -> Iterator[tuple[list[Column[Any]], Any]]:
    """Yield the columns of each unique key that the learner's column is in, and the condition of a partial one."""
    keys_ = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    for key in [table.primary_key, *keys_]:
        if column.name in key.columns:
            yield list(key.columns), None
    for index in table.indexes:
        if index.unique and column.name in index.columns:
            yield list(index.columns), index.dialect_options["postgresql"]["where"]


def move_rows(
    table: Table, column: Column[Any], from_id: UUID, to_id: UUID, *, only: Collection[UUID] | None = None
) -> None:
    """Let rows that point to one learner point to another; what is sealed in them is sealed anew under her key.

    `only` are the ids of those that move; without it they all do.
    """
    own = [table.c.school_id == current_school_id(), column == from_id]
    if only is not None:
        own.append(among(table.c.id, only))
    sealed = [each for each in table.columns if isinstance(each.type, Sealed)]
    rows = session.execute(select(table).where(*own)).mappings().all() if sealed else []
    if rows:
        fresh = [{"row_id": row["id"]} for row in rows]
        for each in sealed:
            for values, blob in zip(fresh, _resealed(each, rows, from_id, to_id), strict=True):
                values[f"new_{each.name}"] = blob
        session.connection().execute(
            update(table)
            .where(table.c.school_id == current_school_id(), table.c.id == bindparam("row_id"))
            .values({each.name: bindparam(f"new_{each.name}") for each in sealed}),
            fresh,
        )
    session.execute(update(table).where(*own).values({column.name: to_id}))


def _resealed(column: Column[Any], rows: Sequence[Any], from_id: UUID, to_id: UUID) -> list[bytes | None]:
    """Return what stands sealed in a column, sealed under another person's keys; None where it opens no more."""
    purpose = f"{column.table.name}.{column.name}"
    categories = [keys.category_of(sealing_field(column, row)) for row in rows]
    blobs = [row[column.name] for row in rows]
    plain = keys.unseal_in_category(((from_id, *each) for each in zip(categories, blobs, strict=True)), purpose)
    held = [(to_id, category, text) for category, text in zip(categories, plain, strict=True) if text is not None]
    sealed = iter(keys.seal_in_category(held, purpose))
    return [None if text is None else next(sealed) for text in plain]
