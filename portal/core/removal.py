"""Letting the rows go of a field, a category or a person, and nothing else: keys, ledger and audit are the caller's.

What was made from the data goes with it: what is derived from it, where it came from, what was proposed for it, files.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, CursorResult, Table, and_, delete, func, or_, select, update

from portal.core.crypto import files
from portal.core.db.base import Base
from portal.core.db.bulk import Ids, among, among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.jobs.erasures import forget_people as forget_in_jobs
from portal.core.personal_data import (
    OWN_TABLE,
    Path,
    PersonKind,
    category_of_rows,
    derived_from,
    fields_of,
    holds_own_id,
    is_signature,
    paths_about,
    people_of,
    registry,
    rows_by,
    rows_of,
)
from portal.core.ports import Port
from portal.core.shared_accounts import who_go_along, who_share_accounts
from portal.core.submissions import forget_people as forget_in_submissions


@dataclass(frozen=True)
class Derivation:
    """How the derived columns of a table are made: `derive` takes the values of a row by column, and returns them."""

    table: str
    derive: Callable[[Mapping[str, Any]], Mapping[str, Any]]


DERIVATIONS: Port[Derivation] = Port("core.derivations")

TRACES: Port[Callable[[Sequence[UUID], Collection[str]], None]] = Port("core.traces")
"""Called with learners and fields that are erased: clears what other rows hold about those fields of theirs."""


@dataclass(frozen=True)
class Part:
    """What goes of people who stay: all of these categories, or of them these fields (`table.column`) alone."""

    categories: Collection[str]
    fields: Collection[str] | None = None

    def has(self, field: str) -> bool:
        """Say whether a field goes."""
        return field in self.all_fields

    @cached_property
    def all_fields(self) -> frozenset[str]:
        """All fields that go."""
        if self.fields is not None:
            return frozenset(self.fields)
        known = registry(Base.metadata).items()
        return frozenset(key for key, field in known if field.category in self.categories)


SHARED: Port[Callable[[PersonKind, Sequence[UUID], Part | None], None]] = Port("core.shared_holdings")
"""Called before people, or a part of what is held of them, are erased: takes it out of what is others' as well."""


@dataclass(frozen=True)
class _Whom:
    """The people of one kind of whom something is erased."""

    kind: PersonKind
    ids: Sequence[UUID]
    shares_account: bool = False
    keeps_signatures: bool = False

    def rows(self, table: Table) -> ColumnElement[bool]:
        return and_(_here(table), rows_of(table, self.kind, self.ids))


def remove_fields(kind: PersonKind, ids: Sequence[UUID], fields: Collection[str], *, is_moved: bool = False) -> int:
    """Do what `erase_fields` does to the rows, and no more: keys, ledger and audit are the caller's."""
    known = registry(Base.metadata, kind)
    by_table: dict[str, list[str]] = {}
    for key in fields:
        by_table.setdefault(known[key].table, []).append(known[key].column)
    whom = _Whom(kind, ids)
    if is_moved:
        session.flush()
    else:
        _take_part_out(kind, ids, Part({known[key].category for key in fields}, fields))
    return sum(_erase_columns(Base.metadata.tables[name], whom, columns) for name, columns in by_table.items())


def remove_categories(kind: PersonKind, ids: Sequence[UUID], categories: Collection[str]) -> int:
    """Do what `erase_categories` does to the rows, and no more: keys, ledger and audit are the caller's."""
    _take_part_out(kind, ids, Part(categories))
    whom = _Whom(kind, ids)
    return sum(_remove_category(whom, category) for category in categories)


def _remove_category(whom: _Whom, category: str) -> int:
    kind, count = whom.kind, 0
    for table in reversed(Base.metadata.sorted_tables):
        if people_of(table).kept_because or not people_of(table).paths[kind]:
            continue
        if category_of_rows(table, kind) == category:
            count += _remove(table, whom, whom.rows(table))
        else:
            held = [each.column for each in fields_of(table, kind) if each.category == category]
            count += _erase_columns(table, whom, held)
    return count


def remove_people(kind: PersonKind, ids: Sequence[UUID], *, keeps_signatures: bool = False) -> int:
    """Do what `erase_person` does to the rows, of several people at once: keys, ledger and audit are the caller's."""
    ids = Ids(ids)
    for other, along in who_go_along(kind, ids):
        remove_people(other, along)
    _take_part_out(kind, ids, None)
    sharing = set(who_share_accounts(kind, ids))
    parted = [(Ids(each for each in ids if (each in sharing) is shares), shares) for shares in (False, True)]
    count = sum(_remove_people(_Whom(kind, some, shares, keeps_signatures)) for some, shares in parted if some)
    forget_in_jobs(ids)
    forget_in_submissions(ids)
    return count


def _take_part_out(kind: PersonKind, ids: Sequence[UUID], part: Part | None) -> None:
    """Take people, or a part of theirs, out of what is held of several, while it is still known what is theirs."""
    session.flush()
    for take_out in SHARED.all:
        take_out(kind, ids, part)
    session.flush()


def _remove_people(whom: _Whom) -> int:
    hers = {table: _rows_about(table, whom) for table in Base.metadata.sorted_tables}
    for table in Base.metadata.sorted_tables if not whom.keeps_signatures else ():
        _clear_signatures(table, whom)
    about = {table: rows for table, rows in hers.items() if rows is not None}
    _forget(whom, [f"{table.name}.{field.column}" for table in about for field in fields_of(table, whom.kind)])
    return sum(_delete(table, and_(_here(table), about[table])) for table in reversed(about))


def _here(table: Table) -> ColumnElement[bool]:
    return table.columns["school_id"] == current_school_id()


def _erase_columns(table: Table, whom: _Whom, names: Collection[str]) -> int:
    """Empty columns, or let rows go that can't do without one of them; return how many values went."""
    columns = [table.columns[name] for name in names]
    if not columns:
        return 0
    needed = [column.name for column in columns if not column.nullable]
    if needed and table.name == OWN_TABLE[whom.kind]:
        raise ValueError(f"{table.name} can't do without {', '.join(needed)}")
    if needed:
        return _remove(table, whom, whom.rows(table))
    held = select(*(func.count(column) for column in columns)).where(whom.rows(table))
    count = sum(session.execute(held).one())
    if count:
        _derive_anew(table, _empty(table, whom.rows(table), columns), names)
    _forget(whom, [f"{table.name}.{name}" for name in names])
    return count


def _empty(table: Table, rows: ColumnElement[bool], columns: Collection[Column[Any]]) -> list[UUID]:
    """Empty columns with what is made from them alone, and return which rows held any."""
    _remove_files(table, rows, columns)
    names = {column.name for column in columns}
    gone: dict[str, Any] = dict.fromkeys([*names, *(each.name for each in table.columns if _is_made_from(each, names))])
    if "version" in table.columns:
        gone["version"] = table.columns["version"] + 1
    held = or_(*(column.is_not(None) for column in columns))
    return list(session.scalars(update(table).where(rows, held).values(gone).returning(table.columns["id"])))


def _is_made_from(column: Column[Any], names: Collection[str]) -> bool:
    """Say whether a column that may be empty is made from these columns and from nothing else."""
    sources = derived_from(column)
    return bool(column.nullable and sources and sources <= set(names))


def _derive_anew(table: Table, row_ids: Collection[UUID], emptied: Collection[str]) -> None:
    """Make what is derived from these columns and others anew, from the values that are left."""
    stale = [each for each in table.columns if derived_from(each) & set(emptied) and not _is_made_from(each, emptied)]
    if not stale:
        return
    derive = next(each.derive for each in DERIVATIONS.all if each.table == table.name)
    wanted = sorted(set().union(*(derived_from(each) for each in stale)))
    columns = [table.columns["id"], *(table.columns[name] for name in wanted)]
    for row in session.execute(select(*columns).where(_here(table), among(table.columns["id"], row_ids))).all():
        fresh = derive(dict(zip(wanted, row[1:], strict=True)))
        values = {each.name: fresh[each.name] for each in stale}
        session.execute(update(table).where(_here(table), table.columns["id"] == row.id).values(values))


def _remove(table: Table, whom: _Whom, rows: ColumnElement[bool]) -> int:
    """Let rows go with their files, and return how many went."""
    _forget(whom, [f"{table.name}.{field.column}" for field in fields_of(table, whom.kind)])
    return _delete(table, rows)


def _delete(table: Table, rows: ColumnElement[bool]) -> int:
    _remove_files(table, rows, table.columns)
    gone = session.execute(delete(table).where(rows))
    return gone.rowcount if isinstance(gone, CursorResult) else 0


def _remove_files(table: Table, rows: ColumnElement[bool], columns: Iterable[Column[Any]]) -> None:
    """Let the files be gone to which these columns point."""
    stored = Base.metadata.tables["stored_file"]
    pointing = [each for each in columns if each.info.get("is_file") or (table is stored and each.name == "id")]
    for column in pointing:
        there = stored.columns["id"].in_(select(column).where(rows))
        for file_id in session.scalars(select(stored.columns["id"]).where(_here(stored), there)).all():
            files.remove(file_id)


def _forget(whom: _Whom, fields: Collection[str]) -> None:
    if whom.kind is PersonKind.LEARNER:
        for forget in TRACES.all:
            forget(whom.ids, fields)


def _clear_signatures(table: Table, whom: _Whom) -> None:
    """Take a person's name from the rows that she signed; not what was signed by an account that outlasts her."""
    people = people_of(table)
    if people.kept_because:
        return
    for path in people.paths[whom.kind]:
        if whom.shares_account and not holds_own_id(table, path, whom.kind):
            continue
        if is_signature(table.columns[path.column]):
            signed = [each for each in table.columns if path.column in each.info.get("of", ())]
            values = {each.name: None if each.nullable else "" for each in signed}
            session.execute(update(table).where(_here(table), rows_by(table, path, whom.kind, whom.ids)).values(values))


def _rows_about(table: Table, whom: _Whom) -> ColumnElement[bool] | None:
    """Return the condition of the rows that are about these people and nobody else; None where there are none.

    Rows that hold a person's own id are known by that. Others are looked up now, for the row goes that leads there.
    """
    if people_of(table).kept_because:
        return None
    conditions: list[ColumnElement[bool]] = []
    for path in paths_about(table, whom.kind):
        if whom.shares_account and _is_by_account(table, path):
            continue
        rows = rows_by(table, path, whom.kind, whom.ids)
        if holds_own_id(table, path, whom.kind):
            conditions.append(rows)
        elif ids := session.scalars(select(table.columns["id"]).where(_here(table), rows)).all():
            conditions.append(among_ids(table.columns["id"], ids))
    return or_(*conditions) if conditions else None


def _is_by_account(table: Table, path: Path) -> bool:
    target = path.target or table.columns[path.column].info.get("references")
    return "account" in {table.name, target}
