"""Many rows at once: in parts, and changed in a statement for each set of columns."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, update

from portal.core.database import current_school_id, session

AT_ONCE = 500


def in_parts(items: Iterable[Any], size: int = AT_ONCE) -> Iterator[list[Any]]:
    """Yield the items in lists of at most so many."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def insert_rows(table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows of this school; what one of them lacks is empty in it."""
    listed = list(rows)
    names = dict.fromkeys(name for row in listed for name in row)
    own = {"school_id": current_school_id()}
    for part in in_parts(listed):
        session.execute(insert(table).values([{**own, **{name: row.get(name) for name in names}} for row in part]))


def change_rows(table: Table, rows: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Set columns of many rows by their id."""
    alike: dict[frozenset[str], list[dict[str, Any]]] = {}
    for row_id, columns in rows.items():
        given = {"row": row_id, **{f"new_{name}": value for name, value in columns.items()}}
        alike.setdefault(frozenset(columns), []).append(given)
    for names, listed in alike.items():
        values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
        own = (table.c.school_id == current_school_id(), table.c.id == bindparam("row"))
        session.connection().execute(update(table).where(*own).values(**values), listed)
