"""The base of every table, a school's own tables, and columns that point to a row of the same school."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import uuid_utils
from sqlalchemy import (
    Boolean,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column, relationship
from uuid_utils.compat import uuid7

from portal.core.db.scope import current_school_id
from portal.core.personal_data import People, not_personal

_BELOW_THE_TIME = 80
"""The bits of a UUID version 7 below the milliseconds at which it was made."""


def new_id() -> UUID:
    """Return a new identifier: UUID version 7, so that rows sort by when they were made."""
    return uuid7()


def oldest_id(age: timedelta) -> UUID:
    """Return the least identifier that may have been made at most so long ago."""
    made_at = new_id().int >> _BELOW_THE_TIME
    return UUID(int=made_at - int(age.total_seconds() * 1000) << _BELOW_THE_TIME)


def new_ids(count: int) -> list[str]:
    """Return so many new identifiers as text, for a statement that takes them as an array."""
    return [str(uuid_utils.uuid7()) for _ in range(count)]


def _is_found_by(table: Any, column: Any) -> bool:
    """Say whether an index of the table begins with the school and this column already."""
    whole = [index for index in table.indexes if index.dialect_options["postgresql"]["where"] is None]
    keys = [each for each in table.constraints if isinstance(each, (PrimaryKeyConstraint, UniqueConstraint))]
    return any([each.name for each in found.columns][:2] == ["school_id", column.name] for found in (*keys, *whole))


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {
        UUID: Uuid(),
        datetime: DateTime(timezone=True),
        date: Date(),
        time: Time(),
        str: Text(),
        bool: Boolean(),
    }

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Add the composite foreign key of each column made with `reference`."""
        super().__init_subclass__(**kwargs)
        table = getattr(cls, "__table__", None)
        if table is None:
            return
        table.info.setdefault("people", getattr(cls, "__people__", None))
        table.info.setdefault("school_owned", issubclass(cls, SchoolScoped))
        table.info.setdefault("seen_when_restricted", getattr(cls, "__seen_when_restricted__", ""))
        for column in list(table.columns):
            target = column.info.get("references")
            if target is None or column.info.get("bound"):
                continue
            column.info["bound"] = True
            table.append_constraint(
                ForeignKeyConstraint(
                    ["school_id", column.name],
                    [f"{target}.school_id", f"{target}.id"],
                    name=f"fk_{table.name}_{column.name}",
                    ondelete=column.info["ondelete"],
                )
            )
            if not _is_found_by(table, column):
                Index(f"ix_{table.name}_{column.name}", table.c.school_id, column)


class SchoolScoped(Base):
    """A table whose rows belong to one school: `school_id` is first in its keys, and row-level security guards it."""

    __abstract__ = True
    __people__: People
    __seen_when_restricted__: ClassVar[str] = ""
    """Why rows that hold a learner's id are seen though she is restricted; else row-level security hides them."""

    school_id: Mapped[UUID] = mapped_column(
        ForeignKey("school.id"), primary_key=True, default=current_school_id, info=not_personal(), sort_order=-2
    )


class SchoolOwned(SchoolScoped):
    """A school's table whose rows have an identifier of their own: the usual kind."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id, info=not_personal(), sort_order=-1)


def reference(
    target: str, *, info: dict[str, Any] | None = None, nullable: bool = False, ondelete: str | None = "CASCADE"
) -> MappedColumn[Any]:
    """Make a column that points to a row of `target` in the same school.

    `ondelete` is SQL; None forbids deleting the row pointed to while this one is there.
    For a nullable reference that should be emptied, give `SET NULL (column_name)`.
    """
    facts = {**(info or not_personal()), "references": target, "ondelete": ondelete}
    return mapped_column(Uuid, nullable=nullable, info=facts)


def one_of(
    choices: type[StrEnum],
    *,
    info: dict[str, Any],
    nullable: bool = False,
    check: str | None = None,
    default: StrEnum | None = None,
) -> MappedColumn[Any]:
    """Make a column that holds one of `choices`, as text, held to it by a check in the database.

    `check` names the constraint where a table has two columns of the same choices; `default` is that of Python and of
    the database.
    """
    kind = Enum(
        choices,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=check or choices.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )
    given: dict[str, Any] = {} if default is None else {"default": default, "server_default": default.value}
    return mapped_column(kind, nullable=nullable, info=info, **given)


def related(own: str, target: str, column: str, **kwargs: Any) -> Any:
    """Make the relationship of class `own` to class `target` through a `reference` column.

    Never loaded unasked: a query says what it loads (`joinedload`, `selectinload`).
    """
    join = f"and_({own}.school_id == {target}.school_id, foreign({own}.{column}) == {target}.id)"
    kwargs.setdefault("lazy", "raise")
    return relationship(target, primaryjoin=join, **kwargs)
