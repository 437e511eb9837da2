"""What somebody stored for several people in one step, which she can take back on the same day."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from portal.core.clock import local, today

K = TypeVar("K")


def last_step_of(
    account_id: UUID | None, rows: Iterable[tuple[K | None, UUID | None, datetime | None]]
) -> tuple[K, int] | None:
    """Return the last step that somebody took today for more than one row, and for how many; None where there is none.

    Of each row: by which step it was stored, by whom and when; None for what nobody stored.
    """
    hers = [
        (at, step)
        for step, by, at in rows
        if step is not None and at is not None and by == account_id and local(at).date() == today()
    ]
    counts = Counter(step for _at, step in hers)
    together = [(at, step) for at, step in hers if counts[step] > 1]
    if not together:
        return None
    last = max(together, key=lambda each: each[0])[1]
    return last, counts[last]
