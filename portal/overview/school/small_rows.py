"""Which rows of a table of counts may stand by themselves, so that nobody in a small one is pointed to.

Behind each row, and behind what is left of the sum without the rows that are shown, stand five people or nobody, in
each month that is counted. Small rows are joined; where that isn't enough, the next smallest joins them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from portal.hours.figures.models import LEAST_PEOPLE

People = Mapping[str, Sequence[int]]
Shared = Collection[frozenset[str]]


@dataclass(frozen=True)
class Parted:
    """The rows that stand by themselves, and those that are shown as one; `is_hidden`: even together these are few."""

    single: tuple[str, ...]
    joined: tuple[str, ...]
    is_hidden: bool = False


def is_few(people: People, keys: Collection[str], shared: Shared = ()) -> bool:
    """Say whether in some month there are people behind these rows, but fewer than five.

    `people` has for each row how many stand behind it in each month; `shared` has for each person who may stand behind
    several rows, which: she counts once.
    """
    wanted = set(keys)
    twice = sum(len(each & wanted) - 1 for each in shared if len(each & wanted) > 1)
    sums = [sum(month) for month in zip(*(people[key] for key in wanted), strict=True)]
    return any(total and total - twice < LEAST_PEOPLE for total in sums)


def join_small(people: People, shared: Shared = ()) -> Parted:
    """Tell rows that may stand by themselves from those that are shown as one."""
    small = {key for key in people if is_few(people, [key])}
    rest = sorted((key for key in people if key not in small), key=lambda key: (_size(people[key]), key))
    while rest and is_few(people, small, shared):
        small.add(rest.pop(0))
    return Parted(
        single=tuple(key for key in people if key not in small),
        joined=tuple(key for key in people if key in small),
        is_hidden=is_few(people, small, shared),
    )


def _size(months: Sequence[int]) -> int:
    return min((count for count in months if count), default=0)


@dataclass(frozen=True)
class PartedWithin:
    """Rows within parents: those apart, those joined within a parent that is shown, and those joined of all else.

    `joined` has by parent its rows that are shown as one.
    """

    single: tuple[str, ...]
    joined: Mapping[str, tuple[str, ...]]
    rest: tuple[str, ...]
    is_hidden: bool = False


def join_small_within(parents: People, rows: People, parent_of: Mapping[str, str], shared: Shared = ()) -> PartedWithin:
    """Part rows so that what is shown of their parents gives no small row away either: a course less its groups.

    What is left of a parent that is shown, without its rows that are, has five people too, or nobody. Rows of parents
    that are joined are joined with them.
    """
    known = [each & parent_of.keys() for each in shared]  # a group that was made since has no row yet
    of_parents = [frozenset(parent_of[key] for key in each) for each in known]
    outer = join_small(parents, of_parents)
    single: set[str] = set()
    joined: dict[str, tuple[str, ...]] = {}
    for parent in outer.single:
        inner = join_small({key: months for key, months in rows.items() if parent_of[key] == parent}, shared)
        single.update(inner.single)
        if inner.joined:
            joined[parent] = inner.joined
    rest = tuple(key for key in rows if parent_of[key] in outer.joined)
    return PartedWithin(tuple(key for key in rows if key in single), joined, rest, outer.is_hidden)


def hide_few(
    parents: Mapping[str, int], rows: Mapping[str, int], parent_of: Mapping[str, str], shared: Shared = ()
) -> frozenset[str]:
    """Return which rows of one month are not shown: those of few people, and what keeps sums from telling of these.

    What nobody has is shown, unless so few have it in all that whoever knows the sum would know who.
    """
    some = {key: [people] for key, people in rows.items() if people}
    with_some = {parent_of[key] for key in some}
    sums = {key: [people] for key, people in parents.items() if key in with_some}
    parts = join_small_within(sums, some, {key: parent_of[key] for key in some}, shared)
    if parts.is_hidden:
        return frozenset(rows)
    return frozenset(parts.rest).union(*parts.joined.values())
