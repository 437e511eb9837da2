"""What both copies of the key store must still learn: keys to destroy, and endings for the ledger.

Each is a row of the database, in the transaction that it belongs to. After the commit it is pushed to both copies; a
job pushes what stays behind again and again, until both have it, and only then is the row deleted. So nothing is lost
where a copy can't be reached or a process dies, and nothing is destroyed by what was rolled back.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, String, delete, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.crypto.key_store import Pair, store
from portal.core.crypto.store_tables import ENDING
from portal.core.db.base import SchoolOwned, new_id
from portal.core.db.commit_hooks import on_commit
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import no_person, not_personal

_DESTRUCTION, _ENDING = "destruction", "ending"
_AT_ONCE = 200


class KeyOutbox(SchoolOwned):
    """A destruction of keys or an ending that a copy of the key store may not have yet."""

    __tablename__ = "key_outbox"
    __people__ = no_person("ids for the key store, until both of its copies have them")
    __table_args__ = (
        CheckConstraint("kind in ('destruction', 'ending')", name="kind"),
        {"info": {"grants": "select, insert, delete"}},
    )

    kind: Mapped[str] = mapped_column(String(20), info=not_personal())
    contents: Mapped[dict[str, Any]] = mapped_column(JSONB, info=not_personal())


_is_silent: ContextVar[bool] = ContextVar("is_silent", default=False)


@contextmanager
def nothing_told() -> Iterator[None]:
    """Tell the key store of no destruction and no ending within a block: in a drill, on a copy of the database."""
    token = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(token)


def add_destruction(generations: dict[Pair, int]) -> None:
    """Let these keys be destroyed in both copies, up to this generation of each, once the transaction commits."""
    if generations and not _is_silent.get():
        listed = [[str(person_id), category, last] for (person_id, category), last in generations.items()]
        _add(_DESTRUCTION, {"keys": listed})
        store().drop(current_school_id(), generations)


def add_endings(kind: str, subjects: Iterable[bytes], at: datetime) -> None:
    """Let endings of a kind stand in the ledger of both copies once the transaction commits, all in one row."""
    listed = [[str(new_id()), subject.hex()] for subject in subjects]
    if listed and not _is_silent.get():
        _add(_ENDING, {"kind": kind, "subjects": listed, "at": at.isoformat()})


def _add(kind: str, contents: dict[str, Any]) -> None:
    row = KeyOutbox(id=new_id(), kind=kind, contents=contents)
    session.add(row)
    session.flush()
    on_commit(partial(_push, current_school_id(), row.id, kind, contents))


def _push(school_id: UUID, row_id: UUID, kind: str, contents: dict[str, Any]) -> bool:
    """Bring a row to both copies, as often as one likes; say whether both have it now."""
    if kind == _DESTRUCTION:
        return store().destroy(school_id, _generations(contents))
    mirror, at = store().mirror, datetime.fromisoformat(contents["at"])
    rows = [
        mirror.sign(ENDING, school_id, ending_id, contents["kind"], subject, at)
        for ending_id, subject in _endings(row_id, contents)
    ]
    return mirror.put(ENDING, school_id, rows)


def _endings(row_id: UUID, contents: dict[str, Any]) -> list[tuple[UUID, bytes]]:
    """Return the endings of a row, each with its id; a row of an earlier version holds one, whose id is the row's."""
    if "subject" in contents:
        return [(row_id, bytes.fromhex(contents["subject"]))]
    return [(UUID(ending_id), bytes.fromhex(subject)) for ending_id, subject in contents["subjects"]]


def _generations(contents: dict[str, Any]) -> dict[Pair, int]:
    return {(UUID(person_id), category): last for person_id, category, last in contents["keys"]}


def push_waiting() -> int:
    """Push what waits in the school in scope, the oldest first; return how many rows both copies have by now."""
    wanted = select(KeyOutbox).order_by(KeyOutbox.id).limit(_AT_ONCE)
    done = [row.id for row in session.scalars(wanted) if _push(row.school_id, row.id, row.kind, row.contents)]
    session.execute(delete(KeyOutbox).where(KeyOutbox.school_id == current_school_id(), KeyOutbox.id.in_(done)))
    return len(done)


def destructions_waiting() -> dict[Pair, int]:
    """Return which keys, up to which generation, a copy may still hold that must not be used any more.

    A row that is being filled in, of which a value is sealed just now, isn't stored half for it.
    """
    wanted = select(KeyOutbox.contents).where(
        KeyOutbox.school_id == current_school_id(), KeyOutbox.kind == _DESTRUCTION
    )
    with session.no_autoflush:
        found = session.scalars(wanted).all()
    return {pair: last for contents in found for pair, last in _generations(contents).items()}
