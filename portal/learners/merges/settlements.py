"""What other rooms say of their rows of two records that become one: what differs, what would end, and what stays."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from portal.core.http.access import Actor
from portal.core.ports import Port


@dataclass(frozen=True)
class Difference:
    """Something of which two records have each their own, and one stays; `key` is how a choice names it."""

    key: str
    label: str
    kept: str
    other: str


def _nothing_ends(_kept_id: UUID, _other_id: UUID) -> list[str]:
    return []


def _nothing_differs(_kept_id: UUID, _other_id: UUID, _by: Actor) -> list[Difference]:
    return []


def _nothing_hangs(_kept_id: UUID, _merge_id: UUID, _back: Collection[UUID]) -> Mapping[str, Collection[UUID]]:
    return {}


@dataclass(frozen=True)
class MergeSettlement:
    """How a feature makes its rows of two records agree before those of one move to the other.

    `settle` is called with the ids of the kept and the other record, both locked, while the rows of each still point
    to it, and the keys of those differences of which the other's stays. `foresee` is called with the same ids and
    returns what would end, in words; `differences` returns of what somebody chooses which one stays, as far as she
    sees it. `hanging` is called before a merging is taken back, with the ids of the kept record, of the merging (what
    was made since has a later one) and of the rows that go back; it returns by table the rows that go along though no
    key of theirs says so.
    """

    settle: Callable[[UUID, UUID, Actor, Collection[str]], None]
    foresee: Callable[[UUID, UUID], list[str]] = _nothing_ends
    differences: Callable[[UUID, UUID, Actor], list[Difference]] = _nothing_differs
    hanging: Callable[[UUID, UUID, Collection[UUID]], Mapping[str, Collection[UUID]]] = _nothing_hangs


MERGE_SETTLEMENTS: Port[MergeSettlement] = Port("learners.merge_settlements")
