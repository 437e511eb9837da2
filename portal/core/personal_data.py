"""The registry: what each column holds of a person, and how each table's rows reach the people they are about.

Declared once, on the columns and tables; copy, erasure, policy and access read it here. It holds no query that runs.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import Column, ColumnElement, LargeBinary, MetaData, Table, false, or_, select
from sqlalchemy.types import TypeDecorator

from portal.core.db.bulk import among_ids, array_of

Category = Literal[
    "name",
    "address",
    "contact",
    "birth",
    "identification",
    "bsn",
    "residence",
    "education",
    "work",
    "circumstances",
    "trajectory",
    "intake",
    "attendance",
    "evidence",
    "level",
    "exam",
    "progress",
    "appointment",
    "finance",
    "company",
    "correspondence",
    "complaint",
    "activity",
    "account",
    "consent",
    "special",
    "newsletter",
    "dealings",
]
CATEGORIES: tuple[str, ...] = get_args(Category)


class Sealed(TypeDecorator[bytes]):
    """A value that the database holds encrypted under the person's key for the column's category.

    `core.crypto.keys` seals and unseals it. Where the column's info has `sealed_as`, each row names in that column the
    field whose category it is.
    """

    impl = LargeBinary
    cache_ok = True


class PersonKind(StrEnum):
    """What somebody is to a school that holds data on her. One human being may be several."""

    LEARNER = "learner"
    REPRESENTATIVE = "representative"
    CONTACT_PERSON = "contact_person"
    STAFF = "staff"


OWN_TABLE: Mapping[PersonKind, str] = {
    PersonKind.LEARNER: "learner",
    PersonKind.REPRESENTATIVE: "representative",
    PersonKind.CONTACT_PERSON: "contact_person",
    PersonKind.STAFF: "account",
}
"""The table whose row is the person; her id is its id."""


@dataclass(frozen=True)
class Path:
    """One way from a row to a person: `column` holds the id of her row, or of a row that reaches her.

    `target` names the table whose id it holds where no foreign key does. With `held_in`, a `table.column`, the row is
    hers because that column of a row that reaches her holds its `column`; `is_shared` says that others' rows may too.
    """

    column: str
    target: str | None = None
    held_in: str | None = None
    is_shared: bool = False
    is_array: bool = False


Paths = str | Path | tuple[str | Path, ...] | None


@dataclass(frozen=True)
class People:
    """How a table's rows reach each kind of person; `why` says it of a table that reaches nobody.

    `kept_because` says why rows outlast the erasure of a person: they prove something, and tell nothing without a key.
    `is_of_one`: a row is about one person alone, so that a column by which it reaches a learner is of learners alone.
    """

    paths: Mapping[PersonKind, tuple[Path, ...]]
    why: str = ""
    kept_because: str = ""
    is_of_one: bool = False


def by_account(column: str) -> Path:
    """Reach whoever has the account whose id this column holds."""
    return Path(column, target="account")


def held_in(column: str, *, is_shared: bool = False) -> Path:
    """Reach whoever the rows reach that hold this row's id in `table.column`."""
    return Path("id", held_in=column, is_shared=is_shared)


def in_array(column: str) -> Path:
    """Reach everybody whose id stands in this array."""
    return Path(column, is_array=True)


def reaches(
    *,
    learner: Paths,
    representative: Paths,
    contact_person: Paths,
    staff: Paths,
    kept_because: str = "",
    is_of_one: bool = False,
) -> People:
    """Declare on a table how its rows reach each kind of person: by these columns, or (None) not at all."""
    given = {
        PersonKind.LEARNER: learner,
        PersonKind.REPRESENTATIVE: representative,
        PersonKind.CONTACT_PERSON: contact_person,
        PersonKind.STAFF: staff,
    }
    paths = {kind: _as_paths(of_kind) for kind, of_kind in given.items()}
    return People(paths, kept_because=kept_because, is_of_one=is_of_one)


def reaches_learner(*, staff: Paths = None) -> People:
    """Declare that rows reach a learner by `learner_id`, and perhaps the members of staff who signed them."""
    return reaches(learner="learner_id", representative=None, contact_person=None, staff=staff)


def reaches_account(column: str) -> People:
    """Declare that rows reach, whatever she is, whoever has the account to which this column points."""
    return reaches(learner=column, representative=column, contact_person=column, staff=column)


def no_person(why: str) -> People:
    """Declare that rows are about nobody in particular, and why."""
    return People(dict.fromkeys(PersonKind, ()), why=why)


def _as_paths(paths: Paths) -> tuple[Path, ...]:
    if paths is None:
        return ()
    several = paths if isinstance(paths, tuple) else (paths,)
    return tuple(Path(each) if isinstance(each, str) else each for each in several)


def personal(
    category: Category,
    *,
    of: str | tuple[str, ...] = (),
    identifies: bool = False,
    is_file: bool = False,
    sealed_as: str | None = None,
) -> dict[str, Any]:
    """Declare on a column that it holds something of a person, in this category.

    `of` names the columns by which the row reaches those it is about, where that isn't everybody the row is about: a
    column that names itself says who signed the row. `identifies`: it tells by itself who she is. `is_file`: it holds
    the id of a stored file. `sealed_as` names the column in which a row says as which field a sealed value is sealed.
    """
    whom = (of,) if isinstance(of, str) else of
    return {
        "personal": category,
        "of": whom,
        "identifies": identifies,
        "is_file": is_file,
        "sealed_as": sealed_as,
    }


def derived(*columns: str) -> dict[str, Any]:
    """Declare on a column that it is made from these columns of the row, and goes or changes with them."""
    return {"personal": None, "derived_from": columns}


def not_personal(*, is_file: bool = False) -> dict[str, Any]:
    """Declare on a column that it holds nothing of a person."""
    return {"personal": None, "is_file": is_file}


@dataclass(frozen=True)
class Field:
    """A declared column that holds something of a person; `kinds` are those of the people it is about."""

    table: str
    column: str
    category: Category
    kinds: frozenset[PersonKind]
    sealed: bool = False
    identifies: bool = False

    @property
    def key(self) -> str:
        """The name by which policy files call it: `table.column`."""
        return f"{self.table}.{self.column}"


def is_declared(column: Column[Any]) -> bool:
    """Say whether a column is declared personal or not personal."""
    return "personal" in column.info


def people_of(table: Table) -> People:
    """Return how a table's rows reach people; raises LookupError for one that doesn't say."""
    declared = table.info.get("people")
    if not isinstance(declared, People):
        raise LookupError(f"{table.name} doesn't say whom its rows reach")
    return declared


def is_signature(column: Column[Any]) -> bool:
    """Say whether a column only tells who signed the row: it names itself as that by which she is reached."""
    return column.name in column.info.get("of", ())


@cache
def kinds_of(column: Column[Any]) -> frozenset[PersonKind]:
    """Return the kinds of people that a personal column is about."""
    table, of = column.table, column.info.get("of", ())
    people = people_of(table)
    reached = {kind for kind, paths in people.paths.items() if any(path.column == column.name for path in paths)}
    if people.is_of_one and reached and not of:
        return frozenset(reached)
    return frozenset(
        kind
        for kind, paths in people.paths.items()
        for path in paths
        if (path.column in of if of else not is_signature(table.columns[path.column]))
    )


def derived_from(column: Column[Any]) -> frozenset[str]:
    """Return the columns of the row from which a column is made; none for one that isn't derived."""
    return frozenset(column.info.get("derived_from", ()))


@cache
def fields_of(table: Table, kind: PersonKind | None = None) -> tuple[Field, ...]:
    """Return the personal fields of a table, those about this kind of person where one is given, in their order.

    What is derived is no field of its own.
    """
    return tuple(
        Field(
            table=table.name,
            column=column.name,
            category=column.info["personal"],
            kinds=kinds_of(column),
            sealed=isinstance(column.type, Sealed),
            identifies=column.info.get("identifies", False),
        )
        for column in table.columns
        if column.info.get("personal") is not None and (kind is None or kind in kinds_of(column))
    )


def sealing_field(column: Column[Any], row: Mapping[str, Any]) -> str:
    """Return the key of the field in whose category a sealed column of this row is sealed: the column's own, mostly."""
    naming: str | None = column.info.get("sealed_as")
    return f"{column.table.name}.{column.name}" if naming is None else row[naming]


def find_field(metadata: MetaData, key: str) -> Field | None:
    """Return the personal field of this key (`table.column`), or None where there is none."""
    name, _, column = key.partition(".")
    table = metadata.tables.get(name)
    return None if table is None else next((each for each in fields_of(table) if each.column == column), None)


def registry(metadata: MetaData, kind: PersonKind | None = None) -> dict[str, Field]:
    """Return every personal field by its key, or those about one kind of person.

    Walks tables, not mappers, so that none is missed.
    """
    return {field.key: field for table in metadata.sorted_tables for field in fields_of(table, kind)}


def direct_columns(table: Table, kind: PersonKind) -> list[Column[Any]]:
    """Return the columns of a table that hold the id of such a person's own row, in any of its paths."""
    own = OWN_TABLE[kind]
    return [
        table.columns[path.column]
        for path in people_of(table).paths[kind]
        if not (path.is_array or path.is_shared or path.held_in)
        and (
            table.name == own
            if path.column == "id"
            else (path.target or table.columns[path.column].info.get("references") or own) == own
        )
    ]


def category_of_rows(table: Table, kind: PersonKind) -> str | None:
    """Return the category that a row as such is of: that of the column by which it reaches the person."""
    if table.name == OWN_TABLE[kind]:
        return None
    columns = (table.columns[path.column] for path in paths_about(table, kind))
    return next((column.info["personal"] for column in columns if column.info["personal"]), None)


def paths_about(table: Table, kind: PersonKind) -> list[Path]:
    """Return the paths by which a row is about somebody, and about nobody else: not one that says who signed it."""
    paths = people_of(table).paths[kind]
    return [path for path in paths if not path.is_shared and not is_signature(table.columns[path.column])]


def rows_of(table: Table, kind: PersonKind, ids: Collection[UUID]) -> ColumnElement[bool]:
    """Return the condition that selects the rows of a table that reach these people, in any way.

    Row-level security keeps to the school.
    """
    return or_(false(), *(rows_by(table, path, kind, ids) for path in people_of(table).paths[kind]))


def rows_by(table: Table, path: Path, kind: PersonKind, ids: Collection[UUID]) -> ColumnElement[bool]:
    """Return the condition that selects the rows that reach these people by this path."""
    column, tables = table.columns[path.column], table.metadata.tables
    if path.is_array:
        return column.bool_op("&&")(array_of(ids, column.type))
    if path.held_in is not None:
        holder, _, name = path.held_in.partition(".")
        return column.in_(select(tables[holder].columns[name]).where(rows_of(tables[holder], kind, ids)))
    if holds_own_id(table, path, kind):
        return among_ids(column, ids)
    target = tables[path.target or column.info["references"]]
    return column.in_(select(target.columns["id"]).where(_rows_about(target, kind, ids)))


def holds_own_id(table: Table, path: Path, kind: PersonKind) -> bool:
    """Say whether the column of a path holds the id of a person's own row."""
    if path.is_array or path.held_in is not None:
        return False
    own, column = OWN_TABLE[kind], table.columns[path.column]
    target = path.target or column.info.get("references") or own
    return bool(target == own or (column.name == "id" and table.name == own))


def _rows_about(table: Table, kind: PersonKind, ids: Collection[UUID]) -> ColumnElement[bool]:
    """Return the condition that selects the rows that are about these people: what they only signed leads no further.

    The answer to a request is of who asked it, not of who handled it.
    """
    paths = [path for path in people_of(table).paths[kind] if not is_signature(table.columns[path.column])]
    return or_(false(), *(rows_by(table, path, kind, ids) for path in paths))
