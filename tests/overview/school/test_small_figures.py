"""Figures of few people in a row of many: who took the one exam is known to the group, so how it went is not shown."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from portal.core.clock import now
from portal.hours.figures.models import FigureKind
from portal.hours.figures.queries import Figures, GroupName, MonthOfFigures
from portal.overview.school.columns import cells_of
from portal.overview.school.forms import Split, period_asked
from portal.overview.school.measures import MEASURES
from portal.overview.school.presenters import Names, SchoolInFigures, few_of, present_school

NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
NAMES = Names(
    groups={
        "a": GroupName("Ochtend", "x", "A2"),
        "b": GroupName("Avond", "x", "A2"),
        "c": GroupName("Middag", "y", "B1"),
    },
    clients={"k": "Gemeente Houten", "l": "Bakkerij Het Anker"},
)
HIDDEN = "niet getoond"
NAMED = {measure.key: measure for measure in MEASURES}
SCHOOL, COURSE, GROUP, CLIENT = FigureKind.SCHOOL, FigureKind.COURSE, FigureKind.GROUP, FigureKind.CLIENT


@pytest.fixture(autouse=True)
def on_friday(clock: Callable[[datetime], None], in_dutch: None) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


def row(kind: FigureKind, subject: str, month: date = NOVEMBER, *, people: int = 30, **counts: int) -> MonthOfFigures:
    return MonthOfFigures(kind, subject, month, people, people, now(), Figures(**counts))


def exams(taken: int, people: int | None = None) -> dict[str, int]:
    return {"exams": taken, "exams_passed": taken - 1, "exams_people": taken if people is None else people}


def present(split: Split, *rows: MonthOfFigures, asked: dict[str, str] | None = None) -> SchoolInFigures:
    return present_school(rows, period_asked(asked or {"periode": "maand"}), split, NAMES)


def said(found: SchoolInFigures, key: str = "exams", *, before: bool = False) -> dict[str, str]:
    measure = NAMED[key]
    return {line.label: measure.said(line.before if before else line.now) for line in [*found.lines, found.whole]}


def test_an_exam_of_one_in_a_group_of_many_is_not_shown_nor_what_would_tell_of_it() -> None:
    found = present(
        Split.CLIENT,
        row(SCHOOL, "", people=90, **exams(25)),
        row(CLIENT, "k", **exams(16)), row(CLIENT, "l", **exams(1)), row(CLIENT, "", **exams(8)),
    )  # fmt: skip
    assert said(found) == {
        "Gemeente Houten": "15 van 16", "Bakkerij Het Anker": HIDDEN, "Zonder opdrachtgever": HIDDEN,
        "Hele school": "24 van 25",
    }  # fmt: skip
    assert found.has_hidden


def test_five_exams_of_one_are_of_one() -> None:
    found = present(
        Split.CLIENT, row(SCHOOL, "", people=60, **exams(21, 17)), row(CLIENT, "k", **exams(16)),
        row(CLIENT, "l", **exams(5, 1)),
    )  # fmt: skip
    assert said(found)["Bakkerij Het Anker"] == HIDDEN


def test_the_few_exams_of_a_whole_school_are_not_shown() -> None:
    found = present(Split.CLIENT, row(SCHOOL, "", **exams(1)), row(CLIENT, "k", **exams(1)))
    assert set(said(found).values()) == {HIDDEN}


def test_what_few_did_is_counted_for_the_whole_school_alone() -> None:
    found = present(
        Split.CLIENT, row(SCHOOL, "", people=60, withdrawals=1, withdrawals_people=1),
        row(CLIENT, "k", withdrawals=1, withdrawals_people=1), row(CLIENT, "l"),
    )  # fmt: skip
    assert said(found, "withdrawals") == {
        "Gemeente Houten": HIDDEN, "Bakkerij Het Anker": HIDDEN, "Hele school": "1"
    }  # fmt: skip


def test_a_period_is_not_shown_where_one_of_its_months_is_not() -> None:
    months = [(OCTOBER, 2), (NOVEMBER, 8)]
    rows = [row(SCHOOL, "", month, people=60, **exams(taken + 20)) for month, taken in months]
    rows += [row(CLIENT, "k", month, **exams(20)) for month, _taken in months]
    rows += [row(CLIENT, "l", month, **exams(taken)) for month, taken in months]
    both = {"periode": "eigen", "van": "2026-10", "tot": "2026-11"}
    assert said(present(Split.CLIENT, *rows, asked=both))["Bakkerij Het Anker"] == HIDDEN
    found = present(Split.CLIENT, *rows)
    assert said(found)["Bakkerij Het Anker"] == "7 van 8"
    assert said(found, before=True)["Bakkerij Het Anker"] == HIDDEN


def test_a_course_less_its_groups_tells_of_no_group() -> None:
    found = present(
        Split.GROUP,
        row(SCHOOL, "", people=90, **exams(19)),
        row(COURSE, "x", people=60, **exams(9)), row(COURSE, "y", **exams(10)),
        row(GROUP, "a", **exams(7)), row(GROUP, "b", **exams(2)), row(GROUP, "c", **exams(10)),
    )  # fmt: skip
    assert said(found) == {
        "Ochtend": HIDDEN, "Avond": HIDDEN, "Middag": "9 van 10", "Hele school": "18 van 19"
    }  # fmt: skip


def test_attendance_of_rows_shown_as_one_is_of_five_in_a_register() -> None:
    marks: dict[str, Any] = {"present": 3, "minutes_attended": 60, "minutes_offered": 180}
    found = present(
        Split.CLIENT, row(SCHOOL, "", people=63, **marks), row(CLIENT, "k"), row(CLIENT, "l", people=3, **marks)
    )
    assert said(found, "attendance")["Andere opdrachtgevers samen"] == HIDDEN


def test_figures_from_before_people_were_counted_are_not_shown() -> None:
    rows = [row(SCHOOL, "", people=60, levels_up=20), row(CLIENT, "k", levels_up=20), row(CLIENT, "l")]
    assert said(present(Split.CLIENT, *rows), "levels")["Gemeente Houten"] == HIDDEN


def test_a_file_says_so_too() -> None:
    found = present(Split.CLIENT, row(SCHOOL, "", **exams(1)), row(CLIENT, "k", **exams(1)))
    assert cells_of(found.whole, [NAMED["exams"]]) == ["Hele school", HIDDEN, None, HIDDEN, 0]


def test_who_is_in_several_groups_matters_where_a_figure_is_of_few() -> None:
    month = period_asked({"periode": "maand"})
    assert not few_of([row(SCHOOL, ""), row(GROUP, "a", **exams(9))], month, Split.GROUP)
    assert few_of([row(SCHOOL, ""), row(GROUP, "a", **exams(2))], month, Split.GROUP)
