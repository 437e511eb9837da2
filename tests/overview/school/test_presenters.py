"""The school's figures in lines and columns: what is joined, what isn't counted, how long answers took."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.core.clock import now
from portal.hours.figures.models import FigureKind
from portal.hours.figures.queries import Figures, GroupName, MonthOfFigures
from portal.overview.school.forms import Split, period_asked
from portal.overview.school.measures import measures_for, measures_in_table
from portal.overview.school.presenters import Names, SchoolInFigures, present_school, took

NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
NAMES = Names(
    groups={
        "a": GroupName("A2 ochtend", "x", "A2"),
        "b": GroupName("Avond", "x", "A2"),
        "c": GroupName("B1 middag", "y", "B1"),
    },
    clients={"k": "Gemeente Houten"},
)


@pytest.fixture(autouse=True)
def on_friday(clock: Callable[[datetime], None], in_dutch: None) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


def row(kind: FigureKind, subject: str, people: int, month: date = NOVEMBER, **counts: int) -> MonthOfFigures:
    return MonthOfFigures(kind, subject, month, people, people, now(), Figures(**counts))


def present(split: Split, *rows: MonthOfFigures) -> SchoolInFigures:
    return present_school(rows, period_asked({"periode": "maand"}), split, NAMES)


def test_groups_stand_by_name_with_their_course_where_that_says_more() -> None:
    found = present(
        Split.GROUP,
        row(FigureKind.SCHOOL, "", 24),
        row(FigureKind.COURSE, "x", 16),
        row(FigureKind.COURSE, "y", 8),
        row(FigureKind.GROUP, "c", 8),
        row(FigureKind.GROUP, "b", 7),
        row(FigureKind.GROUP, "a", 9),
    )
    assert [(line.label, line.about) for line in found.lines] == [
        ("A2 ochtend", ""), ("Avond", "A2"), ("B1 middag", "")
    ]  # fmt: skip
    assert not found.has_joined


def test_a_small_course_is_joined_and_takes_its_groups_and_the_next_smallest_along() -> None:
    found = present(
        Split.GROUP,
        row(FigureKind.SCHOOL, "", 20),
        row(FigureKind.COURSE, "x", 16, present=16),
        row(FigureKind.COURSE, "y", 4, present=4),
        row(FigureKind.GROUP, "a", 9, present=9),
        row(FigureKind.GROUP, "b", 7, present=7),
        row(FigureKind.GROUP, "c", 4, present=4),
    )
    [line] = found.lines
    assert (line.label, line.is_joined, line.now.figures.present) == ("Andere groepen samen", True, 20)


def test_a_month_of_a_handful_counts_for_nothing() -> None:
    found = present(
        Split.ROUTE,
        row(FigureKind.SCHOOL, "", 3, OCTOBER, present=3),
        row(FigureKind.ROUTE, "b1", 3, OCTOBER, present=3),
        row(FigureKind.SCHOOL, "", 9, present=9, minutes_attended=9, minutes_offered=9),
        row(FigureKind.ROUTE, "b1", 9, present=9),
    )
    assert not found.whole.before.is_counted
    assert [(column.value, column.said, column.is_before) for column in found.percents] == [
        (None, "–", True), (100, "100%", False)
    ]  # fmt: skip
    assert [line.label for line in found.lines] == ["B1-route"]
    [attendance] = [each for each in measures_for(None, lambda _feature: True) if each.key == "attendance"]
    assert (attendance.said(found.whole.before), attendance.value(found.whole.before)) == ("–", None)


def test_the_moment_told_is_that_of_the_newest_count() -> None:
    earlier = row(FigureKind.SCHOOL, "", 9, OCTOBER)._replace(counted_at=now() - timedelta(hours=9))
    found = present(Split.ROUTE, earlier, row(FigureKind.SCHOOL, "", 9))
    assert found.counted_at == now()


def test_who_has_no_client_stands_last() -> None:
    rows = [row(FigureKind.CLIENT, subject, 9) for subject in ("", "k")]
    found = present(Split.CLIENT, row(FigureKind.SCHOOL, "", 18), *rows)
    assert [line.label for line in found.lines] == ["Gemeente Houten", "Zonder opdrachtgever"]


def test_a_school_without_levels_has_no_such_figure_and_no_client_has_registers() -> None:
    keys = {each.key for each in measures_for(Split.CLIENT, lambda feature: feature != "levels")}
    assert "levels" not in keys
    assert "open" not in keys
    assert "attendance" in keys


@pytest.mark.parametrize(
    ("minutes", "answers", "said"),
    [
        (40, 4, ""),
        (2, 5, "gemiddeld minder dan een minuut"),
        (100, 5, "gemiddeld 20 minuten"),
        (5 * 180, 5, "gemiddeld 3 uur"),
        (5 * 3 * 1440, 5, "gemiddeld 3 dagen"),
    ],
)
def test_how_long_answers_took_is_said_of_five_or_more(minutes: int, answers: int, said: str) -> None:
    assert took(minutes, answers) == said


def test_who_waits_is_of_the_last_month_and_the_mean_of_few_is_not_said() -> None:
    found = present(
        Split.COURSE,
        row(FigureKind.SCHOOL, "", 20, OCTOBER, waiting=9, waiting_days=90),
        row(FigureKind.SCHOOL, "", 20, waiting=6, waiting_days=60),
    )
    [waiting] = [each for each in measures_for(Split.COURSE, lambda _feature: True) if each.key == "waiting"]
    assert (waiting.value(found.whole.now), waiting.value(found.whole.before)) == (6, 9)
    assert "waiting" not in [each.key for each in measures_for(Split.GROUP, lambda _feature: True)]
    assert took(found.whole.now.last.waiting_days * 24 * 60, 6) == "gemiddeld 10 dagen"
    assert took(40 * 24 * 60, 4) == ""


def test_places_and_who_waits_have_a_column_where_there_are_any() -> None:
    measures = measures_for(Split.COURSE, lambda _feature: True)
    none = present(Split.COURSE, row(FigureKind.SCHOOL, "", 20)).whole
    then, today_ = row(FigureKind.SCHOOL, "", 20, OCTOBER, waiting=1), row(FigureKind.SCHOOL, "", 20, places=9)
    some = present(Split.COURSE, then, today_)
    keys = {each.key for each in measures}
    assert keys - {each.key for each in measures_in_table(measures, none)} == {"occupancy", "waiting"}
    assert {each.key for each in measures_in_table(measures, some.whole)} == keys
