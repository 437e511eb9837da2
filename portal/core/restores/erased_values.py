"""Searching a restored database for what was erased: of those whom the ledger names, by what tells one from another."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Column, ColumnElement, String, Table, Text, any_, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from portal.core.crypto.ledger import Ending, EndingsSince
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import OWN_TABLE, PersonKind, people_of

_PEOPLE_MOST = 500
_SHORTEST = 6
"""A shorter value says little: others have the same."""


def list_values(ended: EndingsSince) -> list[str]:
    """Return ids and values of whoever is to be erased, and of nobody else, in the school in scope; of 500 at most."""
    values: set[str] = set()
    for kind in PersonKind if ended.has(Ending.ERASURE) else ():
        table = Base.metadata.tables[OWN_TABLE[kind]]
        ids = ended.among(Ending.ERASURE, session.scalars(select(table.c.id).where(_here(table))))[:_PEOPLE_MOST]
        values.update(str(each) for each in ids)
        for column in _telling(table):
            hers = session.scalars(select(column).where(_here(table), table.c.id.in_(ids)).distinct()).all()
            values.update(_of_nobody_else(table, column, ids, [each for each in hers if each]))
    return sorted(value for value in values if len(value) >= _SHORTEST)


def count_traces(values: Sequence[str]) -> dict[str, int]:
    """Return in which tables rows still hold one of these values, and how many; kept proof aside."""
    if not values:
        return {}
    patterns = cast(bindparam("patterns", [f"%{_escaped(each)}%" for each in values]), ARRAY(Text))
    found = {}
    for table in Base.metadata.sorted_tables:
        if not table.info.get("school_owned") or people_of(table).kept_because:
            continue
        row = cast(func.to_jsonb(table.table_valued()), Text)
        count = session.scalar(select(func.count()).select_from(table).where(_here(table), row.ilike(any_(patterns))))
        if count:
            found[table.name] = count
    return found


def _here(table: Table) -> ColumnElement[bool]:
    return table.columns["school_id"] == current_school_id()


def _telling(table: Table) -> list[Column[str]]:
    """Return the columns that tell whom a row is about, in the open."""
    return [each for each in table.columns if each.info.get("identifies") and isinstance(each.type, String)]


def _of_nobody_else(table: Table, column: Column[str], ids: Iterable[UUID], values: Sequence[str]) -> set[str]:
    others = select(column).where(_here(table), table.c.id.not_in(list(ids)), column.in_(values)).distinct()
    return set(values) - set(session.scalars(others))


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
