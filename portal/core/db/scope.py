"""The school's scope: every transaction begins here, in one school or outside all, where there are no rows.

What is restricted (AVG art. 18) is hidden from its beginning on. `reveal` and `revealed` let who may see it, and what
is done for her own sake; they are called where that is known, and by nothing that shows, sends or counts for others.
"""

import json
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, func, select, text
from sqlalchemy.exc import InternalError, PendingRollbackError

from portal.core.db.commit_hooks import run_commit_hooks
from portal.core.db.session import session

_school: ContextVar[UUID | None] = ContextVar("school", default=None)

WHOLE = "all"
"""The key of those who restricted everything, beside those of categories; and of whoever sees what everybody did."""
_Restricted = Mapping[str, frozenset[UUID]]
_restricted: ContextVar[_Restricted] = ContextVar("restricted", default=MappingProxyType({}))
_seen: ContextVar[frozenset[UUID | str]] = ContextVar("seen", default=frozenset())
_EVERYBODY: frozenset[UUID | str] = frozenset({WHOLE})
_began: ContextVar[float] = ContextVar("began", default=0.0)

_SET_SCHOOL = text("select begin_school(:school, :seen)")
_ENTERED = ("id", "slug", "name", "hue", "chroma", "has_logo", "look_version", "idle_minutes", "second_factor_roles",
            "policy_version_id", "uses_sublevels", "restricted")  # fmt: skip
_ENTER_SCHOOL = select(func.enter_school(bindparam("host")).table_valued(*_ENTERED))


def current_school_id() -> UUID:
    """Return the school in scope; raises LookupError when none is set."""
    school_id = _school.get()
    if school_id is None:
        raise LookupError("no school is set")
    return school_id


def set_school(connection: Connection, school_id: UUID | None) -> Mapping[str, frozenset[UUID]]:
    """Let the transaction of this connection see the rows of one school, or of none, without what is restricted.

    Returns who restricted what, by category and under `WHOLE`, those who are seen all the same included.
    """
    values = {"school": str(school_id or ""), "seen": _as_setting(_seen.get())}
    return _read_restricted(connection.execute(_SET_SCHOOL, values).scalar_one())


def began_at() -> float:
    """Return when the transaction in hand began, as `time.monotonic` counts."""
    return _began.get()


def _begin() -> None:
    session.begin()
    _began.set(time.monotonic())


def begin(school_id: UUID | None) -> None:
    """Begin a transaction in this school; None for outside all. Raises InvalidRequestError where one is in hand."""
    _begin()
    _restricted.set(set_school(session.connection(), school_id))
    _school.set(school_id)


def begin_by_host(host: str) -> Row[Any] | None:
    """Begin a transaction in the school that answers to `host` and return its row: what `enter_school` tells of it.

    None for an unknown host: the transaction is outside all schools then.
    """
    _begin()
    row = session.connection().execute(_ENTER_SCHOOL, {"host": host}).one_or_none()
    _school.set(row.id if row is not None else None)
    _restricted.set(_read_restricted(row.restricted if row is not None else None))
    return row


def _as_setting(seen: Collection[UUID | str]) -> str:
    if WHOLE in seen:
        return WHOLE
    return "{" + ",".join(sorted(map(str, seen))) + "}" if seen else ""


def _read_restricted(found: str | None) -> _Restricted:
    if not found:
        return {}
    return {key: frozenset(map(UUID, ids[1:-1].split(","))) for key, ids in json.loads(found).items()}


def _hidden() -> _Restricted:
    restricted, seen = _restricted.get(), _seen.get()
    if not restricted or WHOLE in seen:
        return {}
    return {key: ids - seen for key, ids in restricted.items() if not ids <= seen}


def hides_anyone(category: str | None = None) -> bool:
    """Say whether anything, or this category by itself, is hidden in the transaction in hand because somebody
    restricted it; no statement.
    """
    return bool(_hidden() if category is None else _hidden().get(category))


def is_restricted(learner_id: UUID) -> bool:
    """Say whether a learner restricted anything, seen here or not; no statement."""
    return any(learner_id in ids for ids in _restricted.get().values())


def hidden_learners(category: str | None = None) -> frozenset[UUID]:
    """Return the learners of whom all, or this category, is hidden in the transaction in hand; no statement."""
    hidden = _hidden()
    whole = hidden.get(WHOLE, frozenset())
    return whole if category is None else whole | hidden.get(category, frozenset())


def restricted_learners(category: str | None = None) -> frozenset[UUID]:
    """Return the learners who restricted all, or this category, seen in the transaction in hand or not; no statement.

    For what is sent or used for a purpose of the school: that stops whoever may look at it.
    """
    restricted = _restricted.get()
    whole = restricted.get(WHOLE, frozenset())
    return whole if category is None else whole | restricted.get(category, frozenset())


def hidden_categories(learner_id: UUID) -> frozenset[str]:
    """Return the single categories that are hidden of a learner in the transaction in hand; no statement.

    Tables of such a category are hidden by the database. Columns of her own row count as not seen by who reads them.
    """
    return frozenset(key for key, ids in _hidden().items() if key != WHOLE and learner_id in ids)


def reveal(*learner_ids: UUID) -> None:
    """See what these learners restricted, from here to the end of the request or job; of everybody where none is named.

    For herself, for privacy staff who handle a request of hers, and on a recorded ground (art. 18(2)).
    """
    _see(_seen.get() | (frozenset(learner_ids) or _EVERYBODY))


@contextmanager
def revealed(*learner_ids: UUID) -> Iterator[None]:
    """See what these learners restricted within a block; of everybody where none is named.

    What was read in it is the caller's to keep from others. No statement where nothing of theirs is hidden.
    """
    before = _seen.get()
    _see(before | (frozenset(learner_ids) or _EVERYBODY))
    try:
        yield
        session.flush()
    finally:
        _see(before)


def _see(seen: frozenset[UUID | str]) -> None:
    """See these and nobody else, in the transaction in hand and those after it; a failed one is left as it is."""
    hidden, _before = _hidden(), _seen.set(seen)
    if hidden == _hidden() or not session().in_transaction():
        return
    with suppress(InternalError, PendingRollbackError):
        set_school(session.connection(), _school.get())


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

    An exception rolls it back. What was revealed in it is hidden again after. A transaction in hand is committed
    before, and begun anew in its own school after.
    """
    outer, seen, was_begun = _school.get(), _seen.get(), session().in_transaction()
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
        _seen.set(seen)
        if was_begun:
            begin(outer)
