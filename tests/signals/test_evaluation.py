"""What a school's rules say of a learner, by what she attended, her hours, levels and trajectory."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.learners.trajectories.models import Act, Route
from portal.progress.models import Rung, Skill
from portal.signals.evaluation import LOOKS_BACK, USUAL, Attended, History, evaluate
from portal.signals.models import SignalKind

DAY = date(2026, 11, 20)
SKILLS = (Skill.READING, Skill.LISTENING, Skill.WRITING, Skill.SPEAKING)


def lessons(marks: str) -> tuple[Attended, ...]:
    """Lessons of two hours, one a day until the day before: p present, l an hour late, a absent, g *geoorloofd*."""
    minutes = {"p": 120, "l": 60, "a": 0, "g": 0}
    return tuple(
        Attended(
            held_on=DAY - timedelta(days=len(marks) - at),
            minutes=120,
            minutes_attended=minutes[mark],
            is_absence=mark in "ag",
            is_excused=mark == "g",
        )
        for at, mark in enumerate(marks)
    )


def found(kind: SignalKind, threshold: int, history: History) -> dict[str, Any] | None:
    findings = evaluate(history, {kind: threshold}, DAY)
    return dict(findings[0].facts) if findings else None


@pytest.mark.parametrize(
    ("marks", "percent"),
    [
        ("pppppp", None),
        ("ppppaa", 66),
        ("ppppaaggg", 66),
        ("aaaaa", None),
        ("aaaaaa" + "p" * 12, None),
        ("llllllllllll", 50),
        ("pppppppppaaa", None),
    ],
)
def test_a_percentage_is_of_the_last_twelve_lessons_that_count(marks: str, percent: int | None) -> None:
    facts = found(SignalKind.LOW_ATTENDANCE, 70, History(lessons=lessons(marks)))
    assert (facts and facts["percent"]) == percent


@pytest.mark.parametrize(
    ("marks", "missed"), [("paaa", 3), ("paa", None), ("aaap", None), ("aagga", 3), ("ggggg", None), ("", None)]
)
def test_lessons_missed_in_a_row_are_the_last_ones_and_never_those_excused(marks: str, missed: int | None) -> None:
    facts = found(SignalKind.ABSENT_IN_A_ROW, 3, History(lessons=lessons(marks)))
    assert (facts and facts["lessons"]) == missed


def test_what_a_row_of_absences_rests_on_are_its_first_and_last_day() -> None:
    facts = found(SignalKind.ABSENT_IN_A_ROW, 3, History(lessons=lessons("paaa")))
    assert facts == {"lessons": 3, "first_on": "2026-11-17", "last_on": "2026-11-19"}


@pytest.mark.parametrize(
    ("marks", "last_on"), [("p" + "a" * 14, "2026-11-05"), ("p" + "a" * 12, None), ("p" * 15, None)]
)
def test_not_seen_counts_from_the_last_lesson_she_followed(marks: str, last_on: str | None) -> None:
    facts = found(SignalKind.NOT_SEEN, 14, History(lessons=lessons(marks)))
    assert (facts and facts["last_on"]) == last_on


def test_who_has_no_lessons_was_not_missed_in_any() -> None:
    quiet = (SignalKind.NOT_SEEN, SignalKind.ABSENT_IN_A_ROW, SignalKind.LOW_ATTENDANCE)
    assert evaluate(History(), {kind: USUAL[kind] for kind in quiet}, DAY) == []


@pytest.mark.parametrize(("days", "asks"), [(42, True), (41, False), (0, False)])
def test_no_contact_counts_days(days: int, asks: bool) -> None:
    history = History(last_contact_on=DAY - timedelta(days=days))
    assert bool(evaluate(history, {SignalKind.NO_CONTACT: 42}, DAY)) is asks


@pytest.mark.parametrize(
    ("bought", "minutes", "left"), [(400, 361 * 60, 39), (400, 360 * 60, None), (400, 410 * 60, 0), (None, 0, None)]
)
def test_hours_run_out_below_the_threshold(bought: int | None, minutes: int, left: int | None) -> None:
    facts = found(SignalKind.HOURS_RUNNING_OUT, 40, History(hours_bought=bought, minutes_total=minutes))
    assert (facts and facts["hours_left"]) == left


@pytest.mark.parametrize(
    ("act", "route", "reached", "skills"),
    [
        (Act.WI2021, Route.B1, Rung.A2, 4),
        (Act.WI2021, Route.B1, Rung.B2, None),
        (Act.WI2021, Route.B1, Rung.B1_MINUS, 4),
        (Act.WI2021, Route.B1, Rung.B1_PLUS, None),
        (Act.WI2021, Route.Z, Rung.A1, None),
        (Act.WI2021, Route.Z, Rung.ALFA_C, 4),
        (Act.WI2013, None, Rung.A1, 4),
        (Act.VOLUNTARY, None, Rung.A0, None),
    ],
)
def test_a_level_is_missed_near_the_end_of_the_trajectory_by_its_route(
    act: Act, route: Route | None, reached: Rung, skills: int | None
) -> None:
    history = History(act=act, route=route, ends_on=DAY + timedelta(days=30), levels=dict.fromkeys(SKILLS, reached))
    facts = found(SignalKind.LEVEL_MISSING, 60, history)
    assert (facts and len(facts["skills"])) == skills


@pytest.mark.parametrize(("days", "asks"), [(-1, False), (0, True), (59, True), (60, False)])
def test_a_level_is_missed_only_in_the_days_before_the_end(days: int, asks: bool) -> None:
    history = History(act=Act.WI2013, ends_on=DAY + timedelta(days=days))
    assert bool(evaluate(history, {SignalKind.LEVEL_MISSING: 60}, DAY)) is asks


@given(st.text(alphabet="plag", max_size=40), st.integers(1, 100), st.integers(2, 20), st.integers(3, 84))
def test_one_more_lesson_followed_never_asks_more_attention(marks: str, percent: int, row: int, days: int) -> None:
    thresholds = {
        SignalKind.LOW_ATTENDANCE: percent,
        SignalKind.ABSENT_IN_A_ROW: row,
        SignalKind.NOT_SEEN: days,
    }
    before = {each.kind for each in evaluate(History(lessons=lessons(marks + "a")), thresholds, DAY)}
    after = {each.kind for each in evaluate(History(lessons=lessons(marks + "p")), thresholds, DAY)}
    assert after <= before
    assert not after & {SignalKind.ABSENT_IN_A_ROW, SignalKind.NOT_SEEN}


def test_the_usual_thresholds_stand_for_every_kind() -> None:
    assert set(USUAL) == set(SignalKind)
    assert timedelta(days=USUAL[SignalKind.NOT_SEEN]) < LOOKS_BACK
