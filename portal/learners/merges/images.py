"""Rows about learners as they are at a moment, what an act changed in them, and putting that back."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Executable,
    FromClause,
    Select,
    Table,
    column,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import IntegrityError

from portal.core.db.base import Base
from portal.core.db.bulk import among
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import OWN_TABLE, Path, PersonKind, people_of, rows_by

Row = dict[str, Any]
"""A row by column, as PostgreSQL's `to_jsonb` writes it: ids, days and moments as text, bytes in hexadecimals."""
Image = dict[str, dict[str, Row]]
"""Rows by their id, by table."""

_NOT_KEPT = frozenset({"job", "record_merge", "stored_file"})
"""What merging leaves alone: a file's content is bound to the key under which it was stored."""
_COUNTS_ON = frozenset({("learner", "version"), ("account_session", "ended_at")})
"""What never goes back: a page that was opened meanwhile is out of date, and whoever was signed out stays so."""


@dataclass(frozen=True)
class TableChange:
    """What an act changed in a table: by row and column the value before and after, rows it dropped, rows it made."""

    changed: dict[str, dict[str, tuple[Any, Any]]] = field(default_factory=dict)
    gone: list[Row] = field(default_factory=list)
    made: list[Row] = field(default_factory=list)


def take_image(learner_ids: Sequence[UUID], *, also: Mapping[str, Collection[str]] | None = None) -> Image:
    """Return every row that is about these learners, and by table those of these ids; one statement."""
    wanted = {}
    for table, paths in _tables():
        ways = [rows_by(table, path, PersonKind.LEARNER, learner_ids) for path in paths]
        if "merged_into_id" in table.c:
            ways.append(table.c.merged_into_id.in_(learner_ids))
        wanted[table.name] = or_(*ways, _with_ids(table, (also or {}).get(table.name, ())))
    return _read(wanted)


def rows_now(ids: Mapping[str, Collection[str]]) -> Image:
    """Return rows of these ids, by table, that are still there; one statement."""
    return _read({name: _with_ids(Base.metadata.tables[name], listed) for name, listed in ids.items()})


def _with_ids(table: Table, row_ids: Iterable[str]) -> ColumnElement[bool]:
    return among(table.c.id, [UUID(each) for each in row_ids])


def _tables() -> Iterator[tuple[Table, list[Path]]]:
    """Yield the tables whose rows are about a learner alone, with the ways by which they are."""
    for table in Base.metadata.sorted_tables:
        people = people_of(table)
        paths = [path for path in people.paths[PersonKind.LEARNER] if not path.is_shared]
        if paths and not people.kept_because and table.name not in _NOT_KEPT:
            yield table, paths


def _read(wanted: Mapping[str, ColumnElement[bool]]) -> Image:
    """Return the rows of each table that answer to a condition."""
    session.flush()
    found: Image = {name: {} for name in wanted}
    if wanted:
        for name, row in session.execute(union_all(*(_whole_rows(*each) for each in wanted.items()))):
            found[name][row["id"]] = row
    return found


def _whole_rows(name: str, condition: ColumnElement[bool]) -> Select[Any]:
    table = Base.metadata.tables[name]
    whole = select(table).where(table.c.school_id == current_school_id(), condition).subquery("whole_row")
    return select(literal(name), func.to_jsonb(whole.table_valued(), type_=JSONB))


def changes_between(before: Image, after: Image) -> dict[str, TableChange]:
    """Return what differs between two images, by table in the order in which they point to each other."""
    found = {}
    for name, old in before.items():
        new = after[name]
        changed = {row_id: _differing(name, old[row_id], new[row_id]) for row_id in old.keys() & new.keys()}
        change = TableChange(
            changed={row_id: columns for row_id, columns in sorted(changed.items()) if columns},
            gone=[old[row_id] for row_id in sorted(old.keys() - new.keys())],
            made=[new[row_id] for row_id in sorted(new.keys() - old.keys())],
        )
        if change.changed or change.gone or change.made:
            found[name] = change
    return found


def _differing(name: str, old: Row, new: Row) -> dict[str, tuple[Any, Any]]:
    return {
        each: (value, new[each]) for each, value in old.items() if value != new[each] and (name, each) not in _COUNTS_ON
    }


def others_in(changes: Mapping[str, TableChange]) -> set[UUID]:
    """Return the ids of everybody besides the learners who stands in these changes: accounts, representatives, others.

    Of an account also who has it.
    """
    found: set[UUID] = set()
    for name, change in changes.items():
        table = Base.metadata.tables[name]
        ways = _ways_to_others(table)
        rows = [*change.gone, *change.made]
        found |= {UUID(row[way]) for row in rows for way in ways if row[way] is not None}
        pairs = (columns[way] for columns in change.changed.values() for way in ways if way in columns)
        found |= {UUID(each) for pair in pairs for each in pair if each is not None}
    for kind in (PersonKind.REPRESENTATIVE, PersonKind.CONTACT_PERSON):
        table = Base.metadata.tables[OWN_TABLE[kind]]
        found |= set(session.scalars(select(table.c.id).where(among(table.c.account_id, found))))
    return found


def _ways_to_others(table: Table) -> set[str]:
    """Return the columns that hold the id of somebody who isn't a learner."""
    return {
        path.column
        for kind, paths in people_of(table).paths.items()
        for path in paths
        if kind is not PersonKind.LEARNER and (path.column != "id" or table.name == OWN_TABLE[kind])
    }


def put_values(table: Table, rows: Mapping[str, Row]) -> list[str]:
    """Put values in rows, by their id; return the ids of those that can't have them any more."""
    by_columns: dict[tuple[str, ...], list[Row]] = {}
    for row_id, values in rows.items():
        if values:
            by_columns.setdefault(tuple(sorted(values)), []).append({"id": row_id, **values})
    failed: list[str] = []
    for names, listed in by_columns.items():
        failed += _store(partial(_update, table, names), listed)
    return failed


def put_rows(table: Table, rows: Sequence[Row]) -> list[str]:
    """Insert rows as they were; return the ids of those whose place is taken or that point to what is gone."""
    failed = _store(partial(_insert, table), rows)
    there = rows_now({table.name: [row["id"] for row in rows]})[table.name]
    return sorted({*failed, *(row["id"] for row in rows if row["id"] not in there)})


def _store(make: Callable[[Sequence[Row]], Executable], rows: Sequence[Row]) -> list[str]:
    """Run a statement over rows, or over each apart where together they break a constraint; return what still does."""
    if not rows:
        return []
    try:
        with session.begin_nested():
            session.execute(make(rows))
    except IntegrityError:
        return [rows[0]["id"]] if len(rows) == 1 else [each for row in rows for each in _store(make, [row])]
    return []


def _update(table: Table, names: Iterable[str], rows: Sequence[Row]) -> Executable:
    source = _source(table, ["id", *names], rows)
    own = (table.c.school_id == current_school_id(), table.c.id == source.c.id)
    return update(table).where(*own).values({name: source.c[name] for name in names})


def _insert(table: Table, rows: Sequence[Row]) -> Executable:
    names = [each.name for each in table.columns]
    source = _source(table, names, rows)
    wanted = select(*(source.c[name] for name in names)).where(source.c.school_id == current_school_id())
    return insert(table).from_select(names, wanted, include_defaults=False).on_conflict_do_nothing()


def _source(table: Table, names: Iterable[str], rows: Sequence[Row]) -> FromClause:
    """Return rows as PostgreSQL reads them back from what `to_jsonb` wrote."""
    columns = [column(name, table.c[name].type) for name in names]
    return (
        func.jsonb_to_recordset(literal(list(rows), JSONB()))
        .table_valued(*columns)
        .render_derived(name="was", with_types=True)
    )
