"""Dates as people type them."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.imports.workbooks.dates import Unusable, parse_date

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "cell",
    [
        date(2019, 9, 1),
        datetime.combine(date(2019, 9, 1), time(12, 30)),
        43709,
        43709.0,
        "43709",
        "20190901",
        20190901,
        "1-9-2019",
        "01-09-2019",
        "1 - 9 - 2019",
        "1/9/2019",
        "1.9.2019",
        "1 9 2019",
        "01/09/'19",
        "01-09-’19",
        "1-9-19",
        "1 sept. 2019",
        "1 sept 2019",
        "1 september 2019",
        "1 September 2019",
        "1e september 2019",
        "1-sep-19",
        "01-SEP-2019",
        "zo 1-9-2019",
        "zondag 1 september 2019",
        "2019-09-01",
        "2019-09-01T00:00:00",
        "1-9-2019 00:00",
        "September 1, 2019",
        "1 sep '19",
    ],
)
def test_one_day_in_many_forms(cell: object) -> None:
    assert parse_date(cell, newest=TODAY) == date(2019, 9, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("month", ["mrt", "maart", "mrt.", "maa", "mar", "March"])
def test_march_has_many_names(month: str) -> None:
    assert parse_date(f"2 {month} 2020", newest=TODAY) == date(2020, 3, 2)


def test_two_figures_of_a_year_mean_the_past_for_a_birth_date_and_soon_for_an_end() -> None:
    assert parse_date("1-2-79", newest=TODAY, is_past=True) == date(1979, 2, 1)
    assert parse_date("1-2-27", newest=TODAY, is_past=True) == date(1927, 2, 1)
    assert parse_date("1-2-29", newest=TODAY) == date(2029, 2, 1)
    assert parse_date("1-2-99", newest=TODAY) == date(1999, 2, 1)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("31-02-2026", "date_impossible"),
        ("9/13/2019", "date_impossible"),
        ("29 februari 2026", "date_impossible"),
        ("1-1-0085", "date_impossible"),
        ("voorjaar 1996", "date_unreadable"),
        ("1 septober 2019", "date_unreadable"),
        ("1996", "date_unreadable"),
        (True, "date_unreadable"),
        (12, "date_unreadable"),
        (float("1e300"), "date_unreadable"),
        ("1-1-2062", "date_in_future"),
    ],
)
def test_what_is_no_date_is_refused_with_a_reason(cell: object, code: str) -> None:
    with pytest.raises(Unusable) as refused:
        parse_date(cell, newest=TODAY, is_past=True)  # type: ignore[arg-type]
    assert refused.value.code == code


@given(st.one_of(st.text(max_size=30), st.floats(allow_nan=True), st.integers(), st.booleans()))
def test_nothing_else_than_a_reason_comes_out(cell: object) -> None:
    try:
        found = parse_date(cell, newest=TODAY)  # type: ignore[arg-type]
    except Unusable:
        return
    assert 1900 <= found.year <= 2100
