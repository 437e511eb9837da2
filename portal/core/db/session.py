"""Engine, session, base model and the school's scope: set per transaction; with no school there are no rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg
import uuid_utils
from sqlalchemy import (
    Boolean,
    Connection,
    CursorResult,
    Date,
    DateTime,
    Engine,
    Enum,
    Executable,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    MappedColumn,
    Session,
    SessionTransaction,
    mapped_column,
    relationship,
    scoped_session,
    sessionmaker,
)
from uuid_utils.compat import uuid7

from portal.core.personal_data import Reach, not_personal

Entering = Callable[[Connection], Any]

_school: ContextVar[UUID | None] = ContextVar("school", default=None)
_entering: ContextVar[Entering | None] = ContextVar("entering", default=None)
_outside: ContextVar[UUID | None] = ContextVar("outside", default=None)
_entered: ContextVar[Any] = ContextVar("entered", default=None)

_SET_SCHOOL = text("select set_config('portal.school', :school, true)")
_ENTER_SCHOOL = text("select * from enter_school(:host)")


def new_id() -> UUID:
    """Return a new identifier: UUID version 7, so that rows sort by when they were made."""
    return uuid7()


def new_ids(count: int) -> list[str]:
    """Return so many new identifiers as text, for a statement that takes them as an array."""
    return [str(uuid_utils.uuid7()) for _ in range(count)]


def as_array(members: Iterable[Any]) -> str:
    """Return ids, numbers or our own words as PostgreSQL reads an array: the driver takes its time over lists."""
    return "{" + ",".join(map(str, members)) + "}"


def current_school_id() -> UUID:
    """Return the school in scope; raises LookupError when none is set."""
    school_id = _school.get()
    if school_id is None:
        raise LookupError("no school is set")
    return school_id


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
        table.info.setdefault("person", getattr(cls, "__person__", None))
        table.info.setdefault("school_owned", issubclass(cls, SchoolScoped))
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
    __person__: Reach

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


session = scoped_session(sessionmaker(expire_on_commit=False))


OUTDATED = (psycopg.errors.FeatureNotSupported, psycopg.errors.InvalidSqlStatementName)
"""What a connection says whose prepared statements no longer fit: a migration changed the columns that they return."""


def make_engine(url: str, **options: Any) -> Engine:
    """Return an engine for the application's role; parameters never stand in an exception's text.

    A connection whose prepared statements no longer fit is replaced, with all others of the pool.
    """
    options.setdefault("pool_pre_ping", False)
    options.setdefault("hide_parameters", True)
    options.setdefault("pool_use_lifo", True)  # the connection used last knows its statements best
    engine = create_engine(url, **options)

    @event.listens_for(engine, "handle_error")
    def replace_outdated(context: ExceptionContext) -> None:
        if isinstance(context.original_exception, OUTDATED):
            context.is_disconnect = True

    return engine


def plans_once(engine: Engine) -> Engine:
    """Let PostgreSQL plan each statement once for a connection, whatever its values are; returns the engine.

    Pages run the same few statements again and again, and planning them took longer than running them. Not for the
    worker: a statement over all marks of a school is worth a plan of its own.
    """

    @event.listens_for(engine, "connect")
    def keep_plans(connection: Any, _record: Any) -> None:
        connection.prepared_max = 300
        connection.execute("set plan_cache_mode = force_generic_plan")
        connection.commit()

    return engine


def bind(engine: Engine) -> None:
    """Let `session` use this engine."""
    session.remove()
    session.configure(bind=engine)


def engine() -> Engine:
    """Return the engine that `session` uses."""
    bound = session.session_factory.kw.get("bind")
    if isinstance(bound, Connection):
        return bound.engine
    if not isinstance(bound, Engine):
        raise LookupError("no database is bound")
    return bound


@event.listens_for(Session, "after_begin")
def _set_school(_session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.nested:
        return
    entering = _entering.get()
    if entering is None:
        connection.execute(_SET_SCHOOL, {"school": str(_school.get() or "")})
        return
    _entering.set(None)
    row = entering(connection)
    _entered.set(row)
    _school.set(row.id if row is not None else None)


def enter_by_host(host: str, asking: Entering | None = None) -> Any:
    """Start a transaction in the school that answers to `host`, and return its row; None for an unknown host.

    One statement: it finds the school and sets it for the transaction. `asking` may ask more of it.
    """
    session.rollback()
    _outside.set(_school.get())
    _entering.set(asking or (lambda connection: connection.execute(_ENTER_SCHOOL, {"host": host}).one_or_none()))
    session.connection()
    return _entered.get()


def read(statement: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement that gives columns, past what the session does for whole rows of a table.

    For what every page needs, and for lists: it flushes nothing first, and it takes half the time.
    """
    return session.connection().execute(statement, values)


def leave_school() -> None:
    """Go back to the school in scope before, which is none but within a test; called when a request or a job ends."""
    try:
        session.close()
    finally:
        _school.set(_outside.get())
        _outside.set(None)
        _entering.set(None)
        _entered.set(None)


@contextmanager
def in_school(school_id: UUID | None) -> Iterator[None]:
    """Set the school for the transactions that begin inside; the one in hand is ended before and after."""
    session.commit()
    token = _school.set(school_id)
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.remove()
        _school.reset(token)
