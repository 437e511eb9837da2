"""Which kinds of job there are, by name (`@job("purposes.carry_out_withdrawal")`), and which come round: `@every`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.core.jobs.execution import Run

Work = Callable[["Run"], None]

QUICK_SECONDS = 600
SLOW_SECONDS = 3600


@dataclass(frozen=True)
class Kind:
    """A kind of job: what it does, how often it is tried, how long one try may take, and in which lane it waits.

    `retries_lost` says whether it is tried again after its worker ended with it.
    """

    name: str
    work: Work
    attempts: int
    slow: bool
    retries_lost: bool = True

    @property
    def seconds(self) -> int:
        """How long one try may take."""
        return SLOW_SECONDS if self.slow else QUICK_SECONDS


KINDS: dict[str, Kind] = {}
EVERY: dict[str, int] = {}


def job(name: str, *, attempts: int = 5, slow: bool = False, retries_lost: bool = True) -> Callable[[Work], Work]:
    """Declare what a kind of job does. It must be safe to run twice.

    `slow` is for what may take minutes (files, imports): it waits in a lane of its own, so that it never holds up
    what a person waits for. A slow try may take an hour, another ten minutes. `retries_lost=False` is for what reads
    something from outside, which may be what ended the worker: it fails then, and a person may ask for it once more.
    """

    def declare(work: Work) -> Work:
        if name in KINDS and KINDS[name].work is not work:
            raise RuntimeError(f"two jobs are called {name}")
        KINDS[name] = Kind(name, work, attempts, slow, retries_lost)
        return work

    return declare


def every(seconds: int) -> Callable[[Work], Work]:
    """Declare, above `@job`, that this kind comes round in every school; a missed run is made up for once."""

    def declare(work: Work) -> Work:
        names = [kind.name for kind in KINDS.values() if kind.work is work]
        EVERY.update(dict.fromkeys(names, seconds))
        return work

    return declare


def get_kind(name: str) -> Kind:
    """Return a kind of job; raises LookupError for one that nobody declared."""
    if name not in KINDS:
        raise LookupError(f"no job is called {name}")
    return KINDS[name]


def seconds_of(name: str) -> int:
    """Return how long one try of this kind may take; of a kind that this version doesn't know, as a quick one."""
    try:
        return get_kind(name).seconds
    except LookupError:
        return QUICK_SECONDS
