"""The keys of a school that left: destroyed in both copies, with a row that says so and never goes.

That row is to the ledger what an ending is: a restored backup doesn't bring the school back.
"""

from uuid import UUID

from sqlalchemy import update

from portal.core.crypto.copies import Unreachable
from portal.core.crypto.key_store import Store, store
from portal.core.crypto.store_tables import PERSON_KEY, SCHOOL_KEY

DESTROYED = b""
"""Stands where the wrapped key of a school stood."""


def destroy_school(school_id: UUID) -> int:
    """Destroy the key of a school and those of all its people, in both copies; return how many people's keys went.

    Safe to repeat. Raises Unreachable: both copies are wanted.
    """
    here = store()
    here.mark_destroyed(school_id)
    gone = update(PERSON_KEY).where(PERSON_KEY.c.school_id == school_id, PERSON_KEY.c.wrapped.is_not(None))
    counts = [
        len(copy.rows(gone.values(wrapped=None).returning(PERSON_KEY.c.person_id))) for copy in here.mirror.copies
    ]
    return max(counts)


def list_closed(of: Store | None = None) -> set[UUID]:
    """Return the schools whose key was destroyed; one copy that says so is enough. Raises Unreachable."""
    found: set[UUID] = set()
    mirror, reached = (of or store()).mirror, 0
    for copy in mirror.copies:
        try:
            rows = copy.schools()
        except Unreachable:
            continue
        reached += 1
        found |= {
            school_id
            for school_id, row in rows.items()
            if bytes(row[0]) == DESTROYED and mirror.is_whole(SCHOOL_KEY, school_id, row)
        }
    if not reached:
        raise Unreachable("neither copy of the keys can be reached")
    return found
