"""The ports to the room that erases: what may not go though she asked, and erasing the rest (AVG art. 17, MN-16)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from portal.core.http.access import Actor
from portal.core.personal_data import PersonKind
from portal.core.ports import Port
from portal.finances.queries import FINANCE
from portal.requests.answers.grounds import Ground

MET_ELSEWHERE = frozenset({FINANCE})
"""What a law asks to keep that isn't kept here alone: the bookkeeping has the invoices (AWR art. 52)."""


@dataclass(frozen=True)
class LegalKeep:
    """Why a category may not be erased though she asked: on which ground, for which law or case, and until when.

    Without `until` its last day isn't known yet. `is_held`: a hold keeps it, whether or not a law's own term does for
    longer; else that law alone does, which may be met elsewhere.
    """

    ground: Ground
    kept_for: str
    until: date | None
    is_held: bool = False

    def may_go(self, category: str, elsewhere: Collection[str]) -> bool:
        """Say whether it may go after all, of what is kept elsewhere as the law asks: not what a hold keeps here."""
        return category in elsewhere and not self.is_held


@dataclass(frozen=True)
class Refusal:
    """On which article a category stays that she asked to erase, and until when where a day was said."""

    article: str
    until: date | None = None


@dataclass(frozen=True)
class Erasing:
    """What goes of somebody because she asked: these categories, or all of her where there is none.

    `refused` has each category that she asked for and that stays.
    """

    kind: PersonKind
    person_id: UUID
    categories: Sequence[str]
    refused: Mapping[str, Refusal]
    language: str


class AccountOutcome(StrEnum):
    """What became of the account of who was erased; she may have had none."""

    GONE = "gone"
    STAYS = "stays"
    """It serves another role of hers, or somebody else."""


@dataclass(frozen=True)
class Certified:
    """The number of a certificate, the path at which who has the link reads it, and what it says of her account."""

    number: str
    path: str
    account: AccountOutcome | None


class _LegalKeeps(Protocol):
    def __call__(
        self, kind: PersonKind, person_id: UUID, categories: Collection[str], /, *, lock: bool = False
    ) -> Mapping[str, LegalKeep]: ...


LEGAL_KEEPS: Port[_LegalKeeps] = Port("requests.legal_keeps")
"""Returns which of these categories of a person may not be erased because she asked (AVG art. 17(3)b and e).

With `lock` no hold is set on her before the commit.
"""

ERASE: Port[Callable[[Erasing, Actor], Certified | None]] = Port("requests.erase")
"""Erases what is granted, in the transaction of the decision; returns the certificate, None where nothing was there."""
