"""The port to the room that makes certificates of erasure: she gets the answer by category (MN-16)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.core.http.access import Actor
from portal.core.ports import Port


@dataclass(frozen=True)
class Erasing:
    """What is about to be erased of a learner: these categories, or all of her where there is none.

    `refused` has the article on which each category stays that she asked for.
    """

    learner_id: UUID
    categories: Sequence[str]
    refused: Mapping[str, str]
    language: str


@dataclass(frozen=True)
class Certified:
    """The number of a certificate, and the path at which who has the link reads it."""

    number: str
    path: str


CERTIFY: Port[Callable[[Erasing, Actor], Certified]] = Port("requests.certify")
"""Called before something is erased because it was asked, in that transaction."""
