"""Of which categories of personal data a column of a workbook is, and so whether a learner restricted it (ST-08)."""

from collections.abc import Iterable
from functools import lru_cache

from portal.core.db.base import Base
from portal.core.personal_data import registry

_OF_ROWS = {
    "group": frozenset({"trajectory"}),
    "enrolment": frozenset({"trajectory"}),
    "skill": frozenset({"level"}),
    "outcome": frozenset({"exam"}),
    "result": frozenset({"level", "exam"}),
}
"""By the first part of a target: the categories of the rows that it makes, where it is no column by itself."""


@lru_cache(maxsize=512)
def categories_of(target: str) -> frozenset[str]:
    """Return the categories of what a target is, or may be, stored as."""
    known, kind = registry(Base.metadata), target.partition(".")[0]
    if target in known:
        return frozenset({known[target].category})
    return _OF_ROWS.get(kind, frozenset({kind}))


def touches(targets: Iterable[str], hidden: frozenset[str]) -> bool:
    """Say whether one of these targets is of one of these categories."""
    return bool(hidden) and any(not hidden.isdisjoint(categories_of(each)) for each in targets)
