"""From parts of single people to rows behind each of which stand at least five; nothing here reads or writes.

What too few people share loses its client, then its kind, then its year; what is still of too few isn't kept. Rows are
only ever added, never changed: who subtracts one night's table from another's is left with rows of five people or more.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

FEWEST = 5
"""So many people stand behind each row."""


@dataclass(frozen=True)
class Part:
    """What is counted of one person: of a year, a kind and a client, as far as known; minutes and cents of a euro."""

    person_id: UUID
    year: int | None
    kind: str | None
    client_id: UUID | None
    minutes: int = 0
    cents: int = 0


@dataclass(frozen=True)
class Sum:
    """What is kept of several people together."""

    year: int | None
    kind: str | None
    client_id: UUID | None
    people: int
    minutes: int
    cents: int


def coarsened(parts: Iterable[Part], fewest: int = FEWEST) -> list[Sum]:
    """Return sums of parts, each of `fewest` people or more, by year, kind and client as far as so many share them."""
    left, found = list(parts), list[Sum]()
    for coarsen in (_as_it_is, _without_client, _without_kind, _without_year):
        left = [coarsen(part) for part in left]
        sums, left = _summed(left, fewest)
        found += sums
    return found


def _as_it_is(part: Part) -> Part:
    return part


def _without_client(part: Part) -> Part:
    return replace(part, client_id=None)


def _without_kind(part: Part) -> Part:
    return replace(part, kind=None)


def _without_year(part: Part) -> Part:
    return replace(part, year=None)


def _summed(parts: Iterable[Part], fewest: int) -> tuple[list[Sum], list[Part]]:
    """Return the sums of what enough people share, and the parts of what too few do."""
    shared: dict[tuple[int | None, str | None, UUID | None], list[Part]] = defaultdict(list)
    for part in parts:
        shared[part.year, part.kind, part.client_id].append(part)
    found, left = list[Sum](), list[Part]()
    for (year, kind, client_id), some in shared.items():
        people = len({part.person_id for part in some})
        if people < fewest:
            left += some
            continue
        minutes, cents = sum(part.minutes for part in some), sum(part.cents for part in some)
        found.append(Sum(year, kind, client_id, people, minutes, cents))
    return found, left


def ending_of(learner_id: UUID, category: str) -> UUID:
    """Return the id by which the ledger knows that a category of a learner was kept without her name as it went."""
    return uuid5(learner_id, f"{category} without names")
