"""Which months an address asks for, and against which they stand."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from urllib.parse import parse_qsl

import pytest

from portal.core.db.base import new_id
from portal.core.errors import Invalid
from portal.courses.terms.models import Term
from portal.overview.school.forms import Split, period_asked, split_asked


@pytest.fixture(autouse=True)
def on_friday(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("asked", "first", "last", "before"),
    [
        ("", (2026, 10), (2026, 12), (2026, 7)),
        ("periode=maand", (2026, 11), (2026, 11), (2026, 10)),
        ("periode=maand&rond=2026-01", (2026, 1), (2026, 1), (2025, 12)),
        ("periode=halfjaar", (2026, 8), (2027, 1), (2026, 2)),
        ("periode=halfjaar&rond=2026-07", (2026, 2), (2026, 7), (2025, 8)),
        ("periode=eigen&van=2026-03&tot=2026-06", (2026, 3), (2026, 6), (2025, 11)),
        ("periode=eigen&van=2026-06&tot=2026-03", (2026, 3), (2026, 6), (2025, 11)),
        ("periode=eigen&van=1999-01&tot=2099-01", (2023, 11), (2026, 11), (2020, 10)),
    ],
)
def test_a_period_stands_against_the_one_before_of_the_same_length(
    asked: str, first: tuple[int, int], last: tuple[int, int], before: tuple[int, int]
) -> None:
    period = period_asked(dict(parse_qsl(asked)))
    found = [(month.year, month.month) for month in (period.first, period.last, period.before.first)]
    assert found == [first, last, before]
    assert len(period.before.months) == len(period.months)
    assert period_asked(period.address) == period


def test_there_is_nothing_after_what_runs() -> None:
    assert period_asked({}).following is None
    assert period_asked({}).is_running
    earlier = period_asked({"rond": "2026-02"})
    assert earlier.following is not None
    assert earlier.following.first == date(2026, 4, 1)
    assert not earlier.is_running


@pytest.mark.parametrize("asked", [{"periode": "eeuw"}, {"rond": "gisteren"}, {"periode": "eigen", "van": "2026-13"}])
def test_what_there_is_not_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        period_asked(asked)


def test_figures_are_split_by_group_unless_asked() -> None:
    assert split_asked({}) is Split.GROUP
    assert split_asked({"per": "leerroute"}) is Split.ROUTE
    with pytest.raises(Invalid):
        split_asked({"per": "docent"})


def term(name: str, first: date, last: date) -> Term:
    return Term(id=new_id(), name=name, starts_on=first, ends_on=last)


def test_a_term_stands_in_whole_months_against_the_term_before() -> None:
    spring = term("Voorjaar", date(2026, 2, 2), date(2026, 7, 3))
    autumn = term("Najaar", date(2026, 7, 27), date(2026, 12, 18))
    coming = term("Winter", date(2027, 1, 4), date(2027, 3, 5))
    terms = [coming, autumn, spring]

    period = period_asked({"periode": "lesperiode"}, terms)

    assert (period.name, period.first, period.last) == ("Najaar", date(2026, 7, 1), date(2026, 12, 1))
    assert (period.before.name, period.before.first, period.before.last) == (
        "Voorjaar", date(2026, 2, 1), date(2026, 6, 1)
    )  # fmt: skip
    assert period.following is None
    first = period_asked(period.before.address, terms)
    assert first.name == "Voorjaar"
    assert first.following is not None
    assert first.following.name == "Najaar"
    assert first.before.address == {"periode": "eigen", "van": "2025-08", "tot": "2026-01"}


@pytest.mark.parametrize("terms", [[], [term("Winter", date(2027, 1, 4), date(2027, 3, 5))]])
def test_there_is_no_term_before_one_has_begun(terms: list[Term]) -> None:
    with pytest.raises(Invalid):
        period_asked({"periode": "lesperiode"}, terms)
