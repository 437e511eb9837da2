"""Behind each row stand at least five people, whatever came before it, and nothing is told by subtracting (LB-13)."""

from collections import Counter
from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from portal.retention.deidentified.sums import FEWEST, Part, Sum, coarsened

CLIENTS = [UUID(int=number) for number in range(1, 4)]
PARTS = st.lists(
    st.builds(
        Part,
        person_id=st.integers(1, 30).map(lambda number: UUID(int=number)),
        year=st.sampled_from([2019, 2020, 2021]),
        kind=st.sampled_from(["nt2", "knm"]),
        client_id=st.sampled_from([None, *CLIENTS]),
        minutes=st.integers(0, 600),
        cents=st.integers(0, 90_000),
    ),
    max_size=60,
)


@given(PARTS)
def test_at_least_five_people_stand_behind_each_row(parts: list[Part]) -> None:
    people = {part.person_id for part in parts}
    for row in coarsened(parts):
        assert FEWEST <= row.people <= len(people)


@given(PARTS)
def test_nothing_is_counted_twice_and_what_is_left_out_is_of_fewer_than_five(parts: list[Part]) -> None:
    rows = coarsened(parts)
    left_out = sum(part.minutes for part in parts) - sum(row.minutes for row in rows)
    least = Counter[UUID]()
    for part in parts:
        least[part.person_id] += part.minutes
    assert 0 <= left_out <= sum(minutes for _, minutes in least.most_common(FEWEST - 1))


@given(st.lists(PARTS, max_size=4))
def test_who_subtracts_one_night_from_another_is_left_with_five_people_or_more(nights: list[list[Part]]) -> None:
    """A night only adds rows: what a table has more than one before it is whole rows."""
    held = Counter[Sum]()
    for parts in nights:
        before = held.copy()
        held.update(coarsened(parts))
        more = held - before
        assert before - held == Counter()
        assert all(row.people >= FEWEST for row in more)


def test_the_client_goes_first_then_the_kind_then_the_year() -> None:
    def some(number: int, **values: Any) -> list[Part]:
        return [Part(**{"person_id": UUID(int=next(people)), "minutes": 60, **values}) for _ in range(number)]

    people = count(1)
    parts = [
        *some(5, year=2020, kind="nt2", client_id=CLIENTS[0]),
        *some(2, year=2020, kind="nt2", client_id=CLIENTS[1]),
        *some(3, year=2020, kind="nt2", client_id=CLIENTS[2]),
        *some(3, year=2020, kind="knm", client_id=None),
        *some(2, year=2020, kind="ona", client_id=None),
        *some(4, year=2019, kind="nt2", client_id=None),
        *some(1, year=2021, kind="nt2", client_id=None),
    ]
    assert [(row.year, row.kind, row.client_id, row.people) for row in coarsened(parts)] == [
        (2020, "nt2", CLIENTS[0], 5),
        (2020, "nt2", None, 5),
        (2020, None, None, 5),
        (None, None, None, 5),
    ]
