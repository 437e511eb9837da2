"""How features bring a restored database up to what ended since its backup."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.core.crypto.ledger import Ending, EndingsSince
from portal.core.personal_data import PersonKind
from portal.core.ports import Port


@dataclass(frozen=True)
class AppliedAgain:
    """How endings of one kind are applied again, in the school in scope: `apply` returns how many it met.

    It may be called again, and then meets none. What it changes isn't written into the ledger once more: that knows it.
    `count_left` returns for how many the school has something to do then, and `left_to_do` says what.
    """

    kind: Ending
    apply: Callable[[EndingsSince], int]
    count_left: Callable[[], int] | None = None
    left_to_do: str = ""


APPLIED_AGAIN: Port[AppliedAgain] = Port("core.applied_again")
"""One for each kind of ending, in the order in which they are applied."""


@dataclass(frozen=True)
class Voided:
    """What a restored database holds that counts for nothing any more, whoever it is of: `void` returns how many."""

    what: str
    void: Callable[[], int]


VOIDED: Port[Voided] = Port("core.voided")


OUTLASTING_AGAIN: Port[Callable[[PersonKind, Sequence[UUID], Collection[str] | None, EndingsSince], None]] = Port(
    "core.outlasting_again"
)
"""Called before people, or categories of theirs, are erased again: keeps what was kept of it without their names."""
