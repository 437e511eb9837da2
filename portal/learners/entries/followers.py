"""What is told of an entry of a record that is added, changed or removed."""

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any

from portal.core.http.access import Actor
from portal.core.ports import Port


class EntryChange(StrEnum):
    """What happened to an entry."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


ENTRY_FOLLOWERS: Port[Callable[[Any, EntryChange, Collection[str], Actor], None]] = Port("learners.entry_followers")
"""Called with an entry's row, what happened to it, the fields that changed, and by whom."""


def follow(row: Any, change: EntryChange, fields: Collection[str], by: Actor) -> None:
    """Hand on what happened to an entry to whoever tells those whom it concerns."""
    for follower in ENTRY_FOLLOWERS.all:
        follower(row, change, fields, by)
