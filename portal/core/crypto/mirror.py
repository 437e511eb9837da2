"""Both copies of the key store as one: what is missing or damaged in one is read from the other, and mended."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Executable, Table

from portal.core.crypto.ciphers import KeyDamaged
from portal.core.crypto.copies import Copy, Unreachable
from portal.core.crypto.store_tables import Row, code_of_row, key_of, rows_of

Select = Callable[[Copy, Sequence[Row]], Iterable[Row]]
"""Reads rows by their keys from one copy."""

_log = structlog.get_logger(__name__)


def all_rows(table: Table, school_id: UUID) -> Select:
    """Return what reads every row that a school has in a table."""
    return lambda copy, _: [tuple(row) for row in copy.rows(rows_of(table), school=school_id)]


class Mirror:
    """Two copies of the same rows. `code_key` gives the key under which a table's rows of a school have their code."""

    def __init__(self, copies: tuple[Copy, Copy], code_key: Callable[[Table, UUID], bytes]) -> None:
        self.copies = copies
        self._code_key = code_key

    def sign(self, table: Table, school_id: UUID, *values: object) -> Row:
        """Return a row of these values with its code."""
        return (*values, code_of_row(self._code_key(table, school_id), table, school_id, values))

    def is_whole(self, table: Table, school_id: UUID, row: Row) -> bool:
        """Say whether a row is as it was stored."""
        return bool(row[-1] == code_of_row(self._code_key(table, school_id), table, school_id, row[:-1]))

    def find(self, table: Table, school_id: UUID, wanted: Iterable[Row], select: Select) -> dict[Row, Row]:
        """Return rows by their keys; one that was never stored is absent.

        The first copy is asked, and the second for what is missing or damaged there. Raises KeyDamaged where neither
        has a row whole, and Unreachable where one is missing while a copy can't be reached.
        """
        first, second = self.copies
        asked = [*wanted]
        found, damaged = self._look(first, table, school_id, asked, select)
        missing = [key for key in dict.fromkeys((*asked, *damaged)) if key not in found]
        if not missing:
            return found
        others, also_damaged = self._look(second, table, school_id, missing, select)
        away = [copy for copy in self.copies if copy.is_away]
        if away and any(key not in others for key in missing):
            raise Unreachable(f"{' and '.join(copy.setting for copy in away)} can't be reached")
        if (damaged | also_damaged) - found.keys() - others.keys():
            raise KeyDamaged(f"a row of {table.name} is damaged, and no copy has it whole")
        if others and not away:
            self._mend(first, table, school_id, others, damaged)
        return found | others

    def _look(
        self, copy: Copy, table: Table, school_id: UUID, wanted: Sequence[Row], select: Select
    ) -> tuple[dict[Row, Row], set[Row]]:
        """Return the whole rows of a copy by their keys, and the keys of damaged ones; nothing where it is away."""
        try:
            rows = [*select(copy, wanted)]
        except Unreachable:
            return {}, set()
        found = {key_of(table, row): row for row in rows if self.is_whole(table, school_id, row)}
        return found, {key_of(table, row) for row in rows} - found.keys()

    @staticmethod
    def _mend(copy: Copy, table: Table, school_id: UUID, rows: dict[Row, Row], damaged: set[Row]) -> None:
        for whatever in (True, False):
            some = [row for key, row in rows.items() if (key in damaged) is whatever]
            if some:
                copy.put(table, school_id, some, whatever=whatever)
        _log.warning("keys_mended", setting=copy.setting, table=table.name, rows=len(rows), damaged=len(damaged))

    def gather(self, table: Table, school_id: UUID, statement: Executable, values: Mapping[str, Any]) -> list[Row]:
        """Return the whole rows that a statement gives in either copy, each perhaps twice; raises Unreachable.

        For rows that are only ever added: a copy that can't be reached is left out while the other can.
        """
        found: list[Row] = []
        for copy in self.copies:
            try:
                rows = [tuple(row) for row in copy.rows(statement, **values)]
            except Unreachable:
                if all(each.is_away for each in self.copies):
                    raise
                continue
            found += [row for row in rows if self.is_whole(table, school_id, row)]
        return found

    def put(self, table: Table, school_id: UUID, rows: Sequence[Row]) -> bool:
        """Store rows in each copy that can be reached, where they are later; say whether both have them now."""
        reached = 0
        for copy in self.copies:
            try:
                copy.put(table, school_id, rows)
                reached += 1
            except Unreachable as error:
                _log.warning("keys_not_reached", setting=copy.setting, error=str(error))
        return reached == len(self.copies)

    def put_new(self, table: Table, school_id: UUID, rows: Iterable[Row], select: Select) -> dict[Row, Row]:
        """Store rows in both copies, and return by key what stands there then: another process may have been faster.

        The second copy comes first, so that nothing is found in the first that the second lacks. Raises Unreachable.
        """
        standing = {key_of(table, row): row for row in rows}
        first, second = self.copies
        for copy in self.copies:
            if copy.is_away:
                raise Unreachable(f"{copy.setting} can't be reached, and a new key must stand in both copies")
        for copy in (second, first):
            others = copy.put(table, school_id, standing.values())
            if others:
                standing |= self._look(copy, table, school_id, [*others], select)[0]
        return standing
