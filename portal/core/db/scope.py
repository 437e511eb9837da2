"""The school's scope, set per transaction: with no school there are no rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session, SessionTransaction

from portal.core.db.session import session

Entering = Callable[[Connection], Any]

_school: ContextVar[UUID | None] = ContextVar("school", default=None)
_entering: ContextVar[Entering | None] = ContextVar("entering", default=None)
_outside: ContextVar[UUID | None] = ContextVar("outside", default=None)
_entered: ContextVar[Any] = ContextVar("entered", default=None)

_SET_SCHOOL = text("select set_config('portal.school', :school, true)")
_ENTER_SCHOOL = text("select * from enter_school(:host)")


def current_school_id() -> UUID:
    """Return the school in scope; raises LookupError when none is set."""
    school_id = _school.get()
    if school_id is None:
        raise LookupError("no school is set")
    return school_id


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
