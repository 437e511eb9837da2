"""No table of counts points to fewer than five people, by a row, by what is left of a sum, or by its parents."""

from collections.abc import Iterable, Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from portal.hours.figures.models import LEAST_PEOPLE
from portal.overview.school.small_rows import Parted, hide_few, join_small, join_small_within

MONTHS = 3
Table = Mapping[str, Sequence[frozenset[int]]]
"""By row and month, who stands behind it."""


def months_of(people: Iterable[int]) -> st.SearchStrategy[list[frozenset[int]]]:
    return st.lists(st.frozensets(st.sampled_from(list(people)), max_size=14), min_size=MONTHS, max_size=MONTHS)


def tables(rows: str = "abcdef", people: Iterable[int] = range(40)) -> st.SearchStrategy[Table]:
    return st.dictionaries(st.sampled_from(rows), months_of(people), min_size=1, max_size=6)


def counts_of(table: Table) -> dict[str, list[int]]:
    return {key: [len(month) for month in months] for key, months in table.items()}


def shared_in(table: Table) -> list[frozenset[str]]:
    """Return, for each who stands behind several rows in any month, which."""
    of: dict[int, set[str]] = {}
    for key, months in table.items():
        for person in frozenset().union(*months):
            of.setdefault(person, set()).add(key)
    return [frozenset(keys) for keys in of.values() if len(keys) > 1]


def points_to_few(table: Table, keys: Iterable[str]) -> bool:
    """Say whether in some month one to four people stand behind these rows together."""
    chosen = [table[key] for key in keys]
    together = [frozenset().union(*month) for month in zip(*chosen, strict=True)]
    return any(0 < len(month) < LEAST_PEOPLE for month in together)


def check(table: Table, parts: Parted) -> None:
    assert sorted([*parts.single, *parts.joined]) == sorted(table)
    assert not any(points_to_few(table, [key]) for key in parts.single)
    assert parts.is_hidden or not points_to_few(table, parts.joined)


@given(tables())
def test_each_row_and_the_sum_less_the_rows_shown_are_of_five_or_of_nobody(table: Table) -> None:
    check(table, join_small(counts_of(table), shared_in(table)))


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 30), max_size=12))
def test_counts_of_different_people_are_hidden_only_where_all_of_them_are_few(counts: dict[str, int]) -> None:
    parts = join_small({key: [count] for key, count in counts.items()})
    assert all(counts[key] == 0 or counts[key] >= LEAST_PEOPLE for key in parts.single)
    left = sum(counts.values()) - sum(counts[key] for key in parts.single)
    assert parts.is_hidden == (0 < left < LEAST_PEOPLE)
    assert not parts.is_hidden or 0 < sum(counts.values()) < LEAST_PEOPLE


@given(tables("abcdef"), st.fixed_dictionaries({key: st.sampled_from("XYZ") for key in "abcdef"}))
def test_a_course_less_its_groups_gives_no_small_group_away(table: Table, parent_of: dict[str, str]) -> None:
    parents: dict[str, list[frozenset[int]]] = {}
    for key, months in table.items():
        so_far = parents.setdefault(parent_of[key], [frozenset()] * MONTHS)
        parents[parent_of[key]] = [one | more for one, more in zip(so_far, months, strict=True)]

    parts = join_small_within(counts_of(parents), counts_of(table), parent_of, shared_in(table))

    assert sorted([*parts.single, *parts.rest, *(key for keys in parts.joined.values() for key in keys)]) == sorted(
        table
    )
    assert not any(points_to_few(table, [key]) for key in parts.single)
    assert parts.is_hidden or not parts.rest or not points_to_few(table, parts.rest)
    for parent, keys in parts.joined.items():
        assert not points_to_few(table, keys) or set(keys) == {key for key in table if parent_of[key] == parent}
    shown = {parent_of[key] for key in parts.single} | set(parts.joined)
    assert not any(points_to_few(parents, [parent]) for parent in shown)


def test_one_small_row_takes_the_next_smallest_with_it() -> None:
    parts = join_small({"a": [12], "b": [3], "c": [9], "d": [30]})
    assert (parts.single, parts.joined, parts.is_hidden) == (("a", "d"), ("b", "c"), False)


def test_small_rows_that_are_enough_together_take_none_with_them() -> None:
    assert join_small({"a": [12], "b": [3], "c": [4]}).single == ("a",)


def test_who_is_in_two_rows_counts_once() -> None:
    shared = [frozenset("bc")] * 3
    assert join_small({"a": [12], "b": [3], "c": [4]}, shared).single == ()


def test_a_school_of_four_shows_no_row() -> None:
    assert join_small({"a": [2], "b": [2]}).is_hidden


def test_a_row_that_is_small_in_one_month_stands_with_others() -> None:
    assert join_small({"a": [12, 12], "b": [9, 2], "c": [20, 0]}).joined == ("a", "b")


def test_who_is_also_in_a_group_without_figures_counts_where_there_are_some() -> None:
    rows = {"a": [8], "b": [9]}
    shared = [frozenset({"a", "made since"}), frozenset({"made since", "another"})]

    parted = join_small_within({"course": [17]}, rows, {"a": "course", "b": "course"}, shared)

    assert parted.single == ("a", "b")


def of_month(people: Iterable[int] = range(30)) -> st.SearchStrategy[dict[str, frozenset[int]]]:
    """Who has something of a figure in a month, by row: an exam, a step up."""
    return st.dictionaries(
        st.sampled_from("abcdef"), st.frozensets(st.sampled_from(list(people)), max_size=9), min_size=1
    )


def is_of_few(people: Iterable[int]) -> bool:
    return 0 < len(frozenset(people)) < LEAST_PEOPLE


def together(rows: Mapping[str, frozenset[int]], keys: Iterable[str]) -> frozenset[int]:
    return frozenset().union(*(rows[key] for key in keys))


def twice_in(rows: Mapping[str, frozenset[int]]) -> list[frozenset[str]]:
    return shared_in({key: [people] for key, people in rows.items()})


@given(of_month())
def test_no_figure_is_of_few_nor_what_the_others_leave_of_the_sum(rows: dict[str, frozenset[int]]) -> None:
    counts = {key: len(people) for key, people in rows.items()}
    hidden = hide_few(counts, counts, {key: key for key in rows}, twice_in(rows))
    assert not any(is_of_few(rows[key]) for key in rows.keys() - hidden)
    assert hidden == rows.keys() or not is_of_few(together(rows, hidden))


@given(of_month(), st.fixed_dictionaries({key: st.sampled_from("XYZ") for key in "abcdef"}))
def test_no_figure_of_a_course_less_its_groups_is_of_few(
    rows: dict[str, frozenset[int]], parent_of: dict[str, str]
) -> None:
    of = {key: parent_of[key] for key in rows}
    parents = {parent: together(rows, [key for key in rows if of[key] == parent]) for parent in set(of.values())}
    sums = {key: len(people) for key, people in parents.items()}
    of_courses = [frozenset(of[key] for key in each) for each in twice_in(rows)]

    courses = hide_few(sums, sums, {key: key for key in parents}, of_courses)
    hidden = hide_few(sums, {key: len(people) for key, people in rows.items()}, of, twice_in(rows))

    assert not any(is_of_few(rows[key]) for key in rows.keys() - hidden)
    assert hidden == rows.keys() or not is_of_few(together(rows, hidden))
    for parent in parents.keys() - courses:
        left = [key for key in hidden if of[key] == parent]
        assert not is_of_few(together(rows, left))


def test_what_nobody_has_is_shown_beside_what_few_have() -> None:
    rows = {"a": 1, "b": 9, "c": 0, "d": 20}
    assert hide_few(rows, rows, {key: key for key in rows}) == {"a", "b"}


def test_nothing_is_shown_of_what_few_have_in_all() -> None:
    rows = {"a": 1, "b": 0}
    assert hide_few(rows, rows, {key: key for key in rows}) == {"a", "b"}
