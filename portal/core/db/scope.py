"""The school's scope: every transaction begins here, in one school or outside all, where there are no rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, func, select, text

from portal.core.db.commit_hooks import run_commit_hooks
from portal.core.db.session import session

_school: ContextVar[UUID | None] = ContextVar("school", default=None)

_SET_SCHOOL = text("select set_config('portal.school', :school, true)")
_ENTERED = ("id", "slug", "name", "hue", "chroma", "has_logo", "look_version", "idle_minutes", "second_factor_roles",
            "policy_version_id", "uses_sublevels")  # fmt: skip
_ENTER_SCHOOL = select(func.enter_school(bindparam("host")).table_valued(*_ENTERED))


def current_school_id() -> UUID:
    """Return the school in scope; raises LookupError when none is set."""
    school_id = _school.get()
    if school_id is None:
        raise LookupError("no school is set")
    return school_id


def set_school(connection: Connection, school_id: UUID | None) -> None:
    """Let the transaction of this connection see the rows of one school, or of none."""
    connection.execute(_SET_SCHOOL, {"school": str(school_id or "")})


def begin(school_id: UUID | None) -> None:
    """Begin a transaction in this school; None for outside all. Raises InvalidRequestError where one is in hand."""
    session.begin()
    set_school(session.connection(), school_id)
    _school.set(school_id)


def begin_by_host(host: str) -> Row[Any] | None:
    """Begin a transaction in the school that answers to `host` and return its row: what `enter_school` tells of it.

    None for an unknown host: the transaction is outside all schools then.
    """
    session.begin()
    row = session.connection().execute(_ENTER_SCHOOL, {"host": host}).one_or_none()
    _school.set(row.id if row is not None else None)
    return row


def commit() -> None:
    """Commit the transaction in hand, and do what waited for that (`on_commit`)."""
    session.commit()
    run_commit_hooks()


def checkpoint() -> None:
    """Commit the transaction in hand, and begin the next one in the same school."""
    commit()
    begin(_school.get())


def restart() -> None:
    """Roll back the transaction in hand, and begin the next one in the same school."""
    session.rollback()
    begin(_school.get())


@contextmanager
def in_school(school_id: UUID | None) -> Iterator[None]:
    """Run a block in a transaction of this school (None: outside all), committed when the block ends.

    An exception rolls it back. A transaction in hand is committed before, and begun anew in its own school after.
    """
    outer, was_begun = _school.get(), session().in_transaction()
    if was_begun:
        commit()
        session.remove()
    try:
        begin(school_id)
        yield
        commit()
    finally:
        session.remove()
        _school.set(outer)
        if was_begun:
            begin(outer)
