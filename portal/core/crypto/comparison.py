"""Comparing both copies of the key store row by row: what is damaged, missing or behind in one, and mending it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from sqlalchemy import Table, bindparam

from portal.core.crypto.ciphers import KeyDamaged, SchoolGone
from portal.core.crypto.copies import Copy
from portal.core.crypto.key_store import Store
from portal.core.crypto.store_tables import (
    HOSTING,
    OF_HOSTING,
    SCHOOL_KEY,
    STORE,
    Row,
    is_later,
    key_of,
    keys_of,
    rows_of,
)

_AT_ONCE = 5_000
_A_PAGE = 500
_OTHERS = [table for table in STORE.sorted_tables if table not in (SCHOOL_KEY, *OF_HOSTING)]

Rows = dict[Row, Row]


@dataclass(frozen=True)
class Difference:
    """A row that isn't in a copy as it should be: `damaged`, `missing`, `behind` the other, or `unlike` it.

    `good` is the row as the other copy has it; None where that isn't whole either, or where none is later.
    """

    setting: str
    school_id: UUID
    table: str
    key: Row
    what: str
    good: Row | None

    def __str__(self) -> str:
        """Say it in words, for the operator."""
        of = " ".join(map(str, (self.table, *self.key)))
        lost = "" if self.good is not None else ", and the other copy has it no better"
        words = {"behind": "is behind the other copy", "unlike": "is unlike that of the other copy"}
        said = words.get(self.what, f"is {self.what}")
        return f"school {self.school_id}: {of} {said} in {self.setting}{lost}"


@dataclass
class Comparison:
    """What was compared: how many rows stand in each table, what differs, and how much of it was mended."""

    store: Store
    mends: bool
    rows: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    mended: int = 0

    def add(self, table: Table, school_id: UUID, sides: list[Rows]) -> None:
        """Compare rows that each copy has under the same keys."""
        mirror = self.store.mirror
        for key in sorted(sides[0].keys() | sides[1].keys()):
            self.rows[table.name] = self.rows.get(table.name, 0) + 1
            held = [side.get(key) for side in sides]
            if held[0] == held[1] and mirror.is_whole(table, school_id, held[0] or ()):
                continue
            whole = [row if row is not None and mirror.is_whole(table, school_id, row) else None for row in held]
            for place, copy in enumerate(mirror.copies):
                what = _what(table, held[place], whole[place], whole[1 - place])
                if what is not None:
                    good = whole[1 - place] if what != "unlike" else None
                    self.differences.append(Difference(copy.setting, school_id, table.name, key, what, good))
                    self._mend(copy, table, self.differences[-1])

    def _mend(self, copy: Copy, table: Table, difference: Difference) -> None:
        if self.mends and difference.good is not None:
            copy.put(table, difference.school_id, [difference.good], whatever=difference.what == "damaged")
            self.mended += 1


def compare(store: Store, *, mend: bool) -> Comparison:
    """Compare both copies, school by school; with `mend` what one has whole is stored in the other.

    Raises Unreachable, WrongMasterKey.
    """
    store.check_master()
    found = Comparison(store, mend)
    _add_hosting(found)
    schools = [copy.schools() for copy in store.mirror.copies]
    for school_id in sorted(schools[0].keys() | schools[1].keys()):
        _add_school(found, school_id, schools)
    return found


def compare_school(store: Store, school_id: UUID) -> Comparison:
    """Compare what both copies have of one school, and the keys of backups; raises Unreachable, WrongMasterKey."""
    store.check_master()
    found = Comparison(store, mends=False)
    _add_hosting(found)
    _add_school(found, school_id, [copy.schools() for copy in store.mirror.copies])
    return found


def _add_hosting(found: Comparison) -> None:
    for table in OF_HOSTING:
        for sides in _aligned(found.store.mirror.copies, table, HOSTING):
            found.add(table, HOSTING, sides)


def _add_school(found: Comparison, school_id: UUID, schools: list[dict[UUID, Row]]) -> None:
    found.add(SCHOOL_KEY, school_id, [{(): rows[school_id]} if school_id in rows else {} for rows in schools])
    try:
        found.store.school_key(school_id)
    except (KeyDamaged, SchoolGone):
        return
    for table in _OTHERS:
        for sides in _aligned(found.store.mirror.copies, table, school_id):
            found.add(table, school_id, sides)


def _what(table: Table, held: Row | None, whole: Row | None, other: Row | None) -> str | None:
    """Return what is wrong with a row that a copy holds, by the whole row that the other one has; None if nothing."""
    if held is None:
        return "missing"
    if whole is None:
        return "damaged"
    if other is None or whole == other or is_later(table, whole, other):
        return None
    return "behind" if is_later(table, other, whole) else "unlike"


def _aligned(copies: tuple[Copy, Copy], table: Table, school_id: UUID) -> Iterator[list[Rows]]:
    """Yield the rows of both copies by the first column of their keys, in its order, few at a time."""
    in_order = merge(*(_groups(copy, table, school_id) for copy in copies), key=itemgetter(0))
    for _, same in groupby(in_order, key=itemgetter(0)):
        sides: dict[Copy, Rows] = {copy: rows for _, copy, rows in same}
        yield [sides.get(copy, {}) for copy in copies]


def pages_of(copy: Copy, table: Table, school_id: UUID) -> Iterator[list[Row]]:
    """Yield the rows that a copy has of a school in a table, in the order of their keys, some hundreds at a time."""
    page: list[Row] = []
    for _, _, rows in _groups(copy, table, school_id):
        page += rows.values()
        if len(page) >= _A_PAGE:
            yield page
            page = []
    if page:
        yield page


def _groups(copy: Copy, table: Table, school_id: UUID) -> Iterator[tuple[UUID, Copy, Rows]]:
    """Yield a copy's rows by the first column of their keys, a UUID, which Python and PostgreSQL order alike."""
    keys = keys_of(table)
    if not keys:
        found = [tuple(row) for row in copy.rows(rows_of(table), school=school_id)]
        yield UUID(int=0), copy, {key_of(table, row): row for row in found}
        return
    page = rows_of(table).where(keys[0] > bindparam("last", type_=keys[0].type)).limit(_AT_ONCE)
    last = UUID(int=0)
    while rows := [tuple(row) for row in copy.rows(page, school=school_id, last=last)]:
        groups = [(first, {key_of(table, row): row for row in same}) for first, same in groupby(rows, itemgetter(0))]
        if len(rows) == _AT_ONCE:
            groups.pop()  # it may go on beyond the page
        for first, same_first in groups:
            yield first, copy, same_first
        last = groups[-1][0]
