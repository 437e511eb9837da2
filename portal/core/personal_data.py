"""What a column holds of a person is said once, on the column; everything else reads the registry here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Column, LargeBinary, MetaData, Table
from sqlalchemy.types import TypeDecorator

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


class Sealed(TypeDecorator[bytes]):
    """A value that the database holds encrypted under the person's key for the column's category.

    `core.crypto.keys` seals and unseals it. Where the column's info has `sealed_as`, each row names in that column the
    field whose category it is.
    """

    impl = LargeBinary
    cache_ok = True


CATEGORIES: tuple[str, ...] = get_args(Category)


def personal(category: Category, **more: Any) -> dict[str, Any]:
    """Declare on a column that it holds something of a person, in this category."""
    return {"personal": category, **more}


def not_personal(**more: Any) -> dict[str, Any]:
    """Declare on a column that it holds nothing of a person."""
    return {"personal": None, **more}


@dataclass(frozen=True)
class Reach:
    """How a table's rows reach the person they are about."""

    column: str | None
    through: str | None = None
    why: str = ""


def reaches(column: str, through: str | None = None) -> Reach:
    """Rows reach a person by `column`: a learner's id; or, with `through`, what that `table.column` holds."""
    return Reach(column=column, through=through)


def no_person(why: str) -> Reach:
    """Rows are about nobody in particular, and why."""
    return Reach(column=None, why=why)


@dataclass(frozen=True)
class Field:
    """A declared column that holds something of a person."""

    table: str
    column: str
    category: Category
    sealed: bool

    @property
    def key(self) -> str:
        """The name by which policy files call it: `table.column`."""
        return f"{self.table}.{self.column}"


def declared(column: Column[Any]) -> bool:
    """Say whether a column is declared personal or not personal."""
    return "personal" in column.info


def fields_of(table: Table) -> Iterator[Field]:
    """Yield the personal fields of a table, in the order of its columns."""
    for column in table.columns:
        category = column.info.get("personal")
        if category is not None:
            yield Field(table.name, column.name, category, isinstance(column.type, Sealed))


def sealing_field(column: Column[Any], row: Mapping[str, Any]) -> str:
    """Return the key of the field in whose category a sealed column of this row is sealed: the column's own, mostly."""
    naming: str | None = column.info.get("sealed_as")
    return f"{column.table.name}.{column.name}" if naming is None else row[naming]


def find_field(metadata: MetaData, key: str) -> Field | None:
    """Return the personal field of this key (`table.column`), or None where there is none."""
    table, _, column = key.partition(".")
    found = metadata.tables[table].columns.get(column) if table in metadata.tables else None
    if found is None or found.info.get("personal") is None:
        return None
    return Field(table, column, found.info["personal"], isinstance(found.type, Sealed))


def registry(metadata: MetaData) -> dict[str, Field]:
    """Return every personal field by its key. Walks tables, not mappers, so that none is missed."""
    return {field.key: field for table in metadata.sorted_tables for field in fields_of(table)}
