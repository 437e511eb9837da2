"""28 days is not one month, and a month on from the 31st is the month's last day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.policy.schema.periods import Period, counted_from

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("number", "unit", "day", "end"),
    [
        (28, "days", date(2026, 2, 1), date(2026, 3, 1)),
        (4, "weeks", date(2026, 2, 1), date(2026, 3, 1)),
        (1, "months", date(2026, 2, 1), date(2026, 3, 1)),
        (1, "months", date(2026, 3, 1), date(2026, 4, 1)),
        (28, "days", date(2026, 3, 1), date(2026, 3, 29)),
        (1, "months", date(2027, 1, 31), date(2027, 2, 28)),
        (1, "months", date(2028, 1, 31), date(2028, 2, 29)),
        (3, "months", date(2026, 11, 30), date(2027, 2, 28)),
        (2, "months", date(2026, 12, 31), date(2027, 2, 28)),
        (1, "years", date(2028, 2, 29), date(2029, 2, 28)),
        (4, "years", date(2024, 2, 29), date(2028, 2, 29)),
        (0, "days", date(2026, 11, 22), date(2026, 11, 22)),
    ],
)
def test_a_period_ends_on_its_day(number: int, unit: str, day: date, end: date) -> None:
    assert Period.model_validate({"number": number, "unit": unit}).added_to(day) == end


@given(DAYS, st.integers(0, 120))
def test_months_keep_the_day_or_end_with_the_month(day: date, months: int) -> None:
    end = Period.model_validate({"number": months, "unit": "months"}).added_to(day)

    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


@given(DAYS, st.integers(0, 100))
def test_years_are_twelve_months(day: date, years: int) -> None:
    in_years = Period.model_validate({"number": years, "unit": "years"}).added_to(day)

    assert in_years == Period.model_validate({"number": years * 12, "unit": "months"}).added_to(day)


@given(DAYS, st.integers(0, 120), st.sampled_from(["days", "weeks", "months", "years"]))
def test_what_was_recorded_since_is_still_kept_and_the_day_before_is_not(day: date, number: int, unit: str) -> None:
    period = Period.model_validate({"number": number % 30, "unit": unit})
    since = period.kept_since(day)

    assert period.added_to(since) >= day
    assert period.added_to(since - timedelta(days=1)) < day


def test_the_first_known_date_counts() -> None:
    contact, guidance = date(2022, 3, 1), date(2021, 6, 1)

    both = {"last_contact": contact, "end_of_guidance": guidance}
    assert counted_from(("end_of_guidance", "last_contact"), both) == guidance
    assert counted_from(("end_of_guidance", "last_contact"), {"last_contact": contact}) == contact
    assert counted_from(("end_of_guidance",), {"end_of_guidance": None}) is None


def test_the_end_of_the_year_is_that_of_the_latest_known_date() -> None:
    anchors = {"last_contact": date(2022, 3, 1), "end_of_contract": date(2023, 1, 2), "handled": None}

    assert counted_from(("end_of_year",), anchors) == date(2023, 12, 31)
    assert counted_from(("end_of_year",), {"end_of_year": date(2020, 12, 31), **anchors}) == date(2020, 12, 31)
    assert counted_from(("end_of_year",), {}) is None
