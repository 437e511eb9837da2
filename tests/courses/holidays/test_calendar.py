"""Which days close a Dutch school: the national days by rule, and what the file of school holidays must hold."""

from datetime import date

import pytest

from portal.courses.holidays.calendar import list_closings, national_days, span_of, year_of
from portal.schools.models import HolidayRegion


def test_national_days_follow_easter() -> None:
    days = national_days(2026)
    assert days["good_friday"] == date(2027, 3, 26)
    assert days["easter"] == date(2027, 3, 28)
    assert days["ascension_day"] == date(2027, 5, 6)
    assert days["whit_monday"] == date(2027, 5, 17)
    assert days["boxing_day"] == date(2026, 12, 26)


@pytest.mark.parametrize(("year", "day"), [(2024, date(2025, 4, 26)), (2026, date(2027, 4, 27))])
def test_kings_day_is_never_on_a_sunday(year: int, day: date) -> None:
    assert national_days(year)["kings_day"] == day


@pytest.mark.parametrize(("year", "is_usual"), [(2026, False), (2029, True)])
def test_liberation_day_is_usual_in_a_fifth_year(year: int, is_usual: bool) -> None:
    usual = {each.key: each.is_usual for each in list_closings(year, HolidayRegion.NORTH)}
    assert usual["liberation_day"] is is_usual
    assert usual["good_friday"] is False
    assert usual["easter_monday"] is True


@pytest.mark.parametrize("region", HolidayRegion)
@pytest.mark.parametrize("year", [2026, 2027, 2028, 2029])
def test_each_year_of_the_file_is_whole(year: int, region: HolidayRegion) -> None:
    first, last = span_of(year)
    closings = list_closings(year, region)
    assert len(closings) == 16
    for each in closings:
        assert each.starts_on is not None
        assert each.ends_on is not None
        assert first <= each.starts_on <= each.ends_on <= last
        if each.is_school_holiday:
            assert (each.starts_on.isoweekday(), each.ends_on.isoweekday()) == (6, 7)
    assert [each.starts_on for each in closings] == sorted(each.starts_on for each in closings if each.starts_on)


def test_regions_take_turns_in_summer() -> None:
    summers = {region: list_closings(2026, region)[-1].starts_on for region in HolidayRegion}
    assert summers == {
        HolidayRegion.NORTH: date(2027, 7, 10),
        HolidayRegion.MIDDLE: date(2027, 7, 17),
        HolidayRegion.SOUTH: date(2027, 7, 24),
    }


def test_a_year_that_is_not_in_the_file_has_no_school_holidays_to_offer() -> None:
    empty = [each for each in list_closings(2040, HolidayRegion.SOUTH) if each.starts_on is None]
    assert [each.name for each in empty] == [
        "Herfstvakantie", "Kerstvakantie", "Voorjaarsvakantie", "Meivakantie", "Zomervakantie",
    ]  # fmt: skip


@pytest.mark.parametrize(("day", "year"), [(date(2026, 7, 31), 2025), (date(2026, 8, 1), 2026)])
def test_a_school_year_begins_in_august(day: date, year: int) -> None:
    assert year_of(day) == year
