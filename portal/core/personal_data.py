"""What a column holds of a person is said once, on the column; everything else reads the registry here."""

from collections.abc import Iterator
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
    """A value that the database holds encrypted under the learner's own key; `core.keys` seals and unseals it."""

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


def registry(metadata: MetaData) -> dict[str, Field]:
    """Return every personal field by its key. Walks tables, not mappers, so that none is missed."""
    return {field.key: field for table in metadata.sorted_tables for field in fields_of(table)}
