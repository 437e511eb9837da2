"""Four made people, each reached by a row of every table that says it reaches such a person."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, DateTime
from sqlalchemy.dialects.postgresql import ARRAY

from portal.core.db.base import new_id
from portal.core.personal_data import OWN_TABLE, Path, PersonKind, fields_of, people_of
from portal.permissions import Role
from tests.house.rows import TABLES, make_row, value_for

_ROLES = {
    PersonKind.LEARNER: Role.LEARNER,
    PersonKind.REPRESENTATIVE: Role.REPRESENTATIVE,
    PersonKind.CONTACT_PERSON: Role.CLIENT_CONTACT,
    PersonKind.STAFF: Role.TEACHER,
}


_TOGETHER: Mapping[str, Mapping[str, Any]] = {
    "attendance_mark": {"status": "absent", "late_minutes": 0, "early_minutes": 0, "minutes": 0},
    "mark_change": {"old_status": "absent", "new_status": "absent"},
    "trajectory": {"act": "wi2021", "target_group": "family"},
}
"""Values with which all the others of a row may be filled in: an absence alone is authorised or not, and a municipality
asks only of some."""


class MadePerson:
    """Somebody of one kind, with an account; `rows` has by table the ids of the rows made to reach her."""

    def __init__(self, kind: PersonKind) -> None:
        self.kind = kind
        self.rows: dict[str, list[UUID]] = {}
        if kind is PersonKind.STAFF:
            self.id = self.account_id = self._make("account")
            return
        self.account_id = self._make("account")
        self.id = self._make(OWN_TABLE[kind], account_id=self.account_id)

    def reach_everywhere(self) -> None:
        """Make a row of every table for each way in which it says it reaches her, with everything filled in."""
        for table in TABLES.values():
            for path in people_of(table).paths[self.kind]:
                self.reach(table.name, path)

    def reach(self, name: str, path: Path | None = None) -> UUID:
        """Return the id of a row of this table that reaches her, by this path or by its first; made if need be."""
        path = path or people_of(TABLES[name]).paths[self.kind][0]
        if name == OWN_TABLE[self.kind]:
            return self.id
        if name == "account":
            return self.account_id
        if path.held_in is not None:
            return self._make_held(name, path.held_in)
        return self._make(name, **{path.column: self._pointed_at(name, path)})

    def _make_held(self, name: str, held_in: str) -> UUID:
        row_id = self._make(name)
        holder, _, column = held_in.partition(".")
        self._make(holder, **{people_of(TABLES[holder]).paths[self.kind][0].column: self.id, column: row_id})
        return row_id

    def _pointed_at(self, name: str, path: Path) -> Any:
        target = path.target or TABLES[name].columns[path.column].info.get("references") or OWN_TABLE[self.kind]
        if path.is_array:
            return [self.id]
        return self.id if target == OWN_TABLE[self.kind] else self.reach(target)

    def _make(self, name: str, **given: Any) -> UUID:
        table = TABLES[name]
        row = {"id": new_id(), **_TOGETHER.get(name, {}), **given}
        if name == "membership":
            row["role"] = _ROLES[self.kind]
        kind = self.kind if people_of(table).is_of_one else None
        for column in (table.columns[field.column] for field in fields_of(table, kind)):
            target, sealed_as = column.info.get("references"), column.info.get("sealed_as")
            if sealed_as is not None:
                row.setdefault(sealed_as, value_for(table.columns[sealed_as], row))
            reaching = {path.column for path in people_of(table).paths[self.kind]}
            is_hers = target == OWN_TABLE[self.kind] or (target == "account" and column.name in reaching)
            if not column.nullable or column.name in row or is_hers:
                continue
            row[column.name] = _filled(column, row) if target is None else make_row(target)["id"]
        make_row(name, **row)
        self.rows.setdefault(name, []).append(row["id"])
        return UUID(str(row["id"]))


def _filled(column: Column[Any], row: dict[str, Any]) -> Any:
    """A value for a column that may be empty, also for one that says when something ended."""
    if isinstance(column.type, ARRAY):
        return [b"sealed"]
    if isinstance(column.type, DateTime):
        return datetime(2026, 9, 2, 12, tzinfo=UTC)
    if isinstance(column.type, Date):
        return date(2026, 9, 2)
    return value_for(column, row)
