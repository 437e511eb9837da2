"""Trying, in a drill, what ended: nothing of it may hold or open anything in what was put back, nor a file be there.

What features look at is what still holds, whatever applied it again: an ending that was left out is found.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from portal.core.crypto import files
from portal.core.crypto.ledger import Ending, EndingsSince
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.ports import Port
from portal.core.restores.erasures import find_erased_files, find_unerased

FILES = "files of who was erased are there"


@dataclass(frozen=True)
class Tried:
    """How endings of one kind are tried, in the school in scope.

    `find_working` returns of what the ledger names the ids of what holds or opens something still; `what` says so of
    them ("ended accounts are open").
    """

    kind: Ending
    what: str
    find_working: Callable[[EndingsSince], Collection[UUID]]


TRIED: Port[Tried] = Port("core.tried_endings")
"""One for each kind of ending."""


def tried_rows(
    kind: Ending, what: str, ids: InstrumentedAttribute[UUID], conditions: Callable[[], Iterable[Any]] = tuple
) -> Tried:
    """Return how a kind is tried whose ledger names rows: those that still meet the conditions work still."""

    def find(ended: EndingsSince) -> Collection[UUID]:
        if not ended.has(kind):
            return []
        held = select(ids).where(ids.class_.school_id == current_school_id(), *conditions())
        return ended.among(kind, session.scalars(held).all())

    return Tried(kind, what, find)


ERASED_TRIED = Tried(Ending.ERASURE, "people who were erased, or of whom a part was, are there with it", find_unerased)


class Tries:
    """What worked in the school in scope as its backup has it, and what of that works once all was applied again."""

    def __init__(self, ended: EndingsSince) -> None:
        self._ended = ended
        self._files = find_erased_files(ended)
        self.counts = self._count() | {FILES: len(self._files)}

    def count_left(self) -> dict[str, int]:
        """Return how many work still, by what they are."""
        return self._count() | {FILES: sum(files.is_there(name) for name in self._files)}

    def _count(self) -> dict[str, int]:
        return {each.what: len(each.find_working(self._ended)) for each in TRIED.all}
