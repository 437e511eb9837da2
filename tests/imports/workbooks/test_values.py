"""One cell to one value: BSN, phones, hours, levels, results and choices as schools write them."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from portal.imports.workbooks.dates import Unusable
from portal.imports.workbooks.targets import TARGETS
from portal.imports.workbooks.values import Result, read
from portal.learners.record.models import Gender
from portal.learners.trajectories.models import Act, Funding, Route
from portal.progress.models import Rung

TODAY = date(2026, 11, 22)


def _read(key: str, cell: Any) -> Any:
    return read(TARGETS[key], cell, today=TODAY)


def _code(key: str, cell: Any) -> str:
    with pytest.raises(Unusable) as refused:
        _read(key, cell)
    return refused.value.code


@pytest.mark.parametrize(
    "cell", [11222335, 11222335.0, "11222335", "011222335", "0112.22.335", "011 222 335", "٠١١٢٢٢٣٣٥"]
)
def test_a_bsn_gets_its_leading_zero_back(cell: Any) -> None:
    assert _read("learner.bsn", cell) == "011222335"


@pytest.mark.parametrize("cell", ["123456789", "000000000", "1234567", "1234567890", "12345678a", "00000000"])
def test_what_is_no_bsn_is_refused(cell: str) -> None:
    assert _code("learner.bsn", cell) == "bsn_invalid"


@pytest.mark.parametrize(
    "cell",
    [
        "06-12345678",
        "0612345678",
        612345678,
        "06 12 34 56 78",
        "+31 6 12345678",
        "0031612345678",
        "+31 (0)6 12345678",
        "06.12345678",
        "31612345678",
        "06-12345678 (moeder)",
        "06-12345678 / 030-2345678",
        "tel: 0612345678",
    ],
)
def test_a_phone_number_as_typed(cell: Any) -> None:
    assert _read("learner.phone", cell) == "+31612345678"


def test_a_number_from_abroad_stays_so() -> None:
    assert _read("learner.phone", "+380 44 123 4567") == "+380441234567"
    assert _code("learner.phone", "0612") == "phone_invalid"


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        (40, 2400),
        (12.5, 750),
        ("12,5", 750),
        ("12.50", 750),
        ("1.040,75", 62445),
        ("1.040", 62400),
        ("40 uur", 2400),
        ("40u", 2400),
        ("12:30", 750),
        (timedelta(hours=30, minutes=15), 1815),
        (time(4, 30), 270),
        (0, 0),
    ],
)
def test_hours_become_minutes(cell: Any, minutes: int) -> None:
    assert _read("trajectory.hours_before", cell) == minutes


@pytest.mark.parametrize("cell", ["veel", -1, "-5", 10**9, True])
def test_what_are_no_hours_is_refused(cell: Any) -> None:
    assert _code("trajectory.hours_before", cell) == "hours_unreadable"


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("learner.gender", "V", Gender.FEMALE),
        ("learner.gender", "Dhr.", Gender.MALE),
        ("trajectory.act", "Wet inburgering 2021", Act.WI2021),
        ("trajectory.act", 2013.0, Act.WI2013),
        ("trajectory.route", "B1-route", Route.B1),
        ("trajectory.route", "Z", Route.Z),
        ("trajectory.funding", "DUO-lening", Funding.DUO_LOAN),
        ("level.reading", "alfa c", Rung.ALFA_C),
        ("level.reading", "A2+", Rung.A2_PLUS),
        ("level.reading", "< A1", None),
        ("learner.preferred_language", "Arabisch", "ar"),
        ("trajectory.reports_to_government", "Ja", True),
        ("trajectory.reports_to_government", False, False),
    ],
)
def test_choices_in_the_words_of_schools(key: str, cell: Any, value: Any) -> None:
    if value is None:
        assert _code(key, cell) == "level_unknown"
    else:
        assert _read(key, cell) == value


def test_an_exam_says_passed_or_not_and_perhaps_when() -> None:
    assert _read("exam.knm", "geslaagd 12-3-2025") == Result(is_passed=True, taken_on=date(2025, 3, 12))
    assert _read("exam.knm", date(2025, 3, 12)) == Result(is_passed=True, taken_on=date(2025, 3, 12))
    assert _read("exam.knm", "Niet behaald") == Result(is_passed=False)
    assert _read("exam.reading", "B1") == Result(is_passed=True, level=Rung.B1)
    assert _read("exam.knm", "nog niet") is None
    assert _code("exam.knm", "misschien") == "exam_unreadable"


@pytest.mark.parametrize("cell", ["", "-", "n.v.t.", "onbekend", "  ", "?"])
def test_the_signs_for_nothing_are_nothing(cell: str) -> None:
    for key in ("learner.phone", "learner.birth_date", "trajectory.hours_before", "level.reading", "learner.bsn"):
        assert _read(key, cell) is None


def test_what_doesnt_fit_is_refused_and_not_cut_off() -> None:
    assert _code("learner.city", "x" * 81) == "too_long"
    assert _code("learner.number", "x" * 21) == "too_long"
    assert _code("learner.city", "#REF!") == "formula_error"


def test_numbers_and_signs_become_tidy_text() -> None:
    assert _read("learner.number", 1001.0) == "1001"
    assert _read("learner.city", "  Den\u00a0 Haag\u200b ") == "Den Haag"
    assert _read("learner.postcode", "3511ab") == "3511 AB"
    assert _read("learner.iban", "nl91 abna 0417 1643 00") == "NL91ABNA0417164300"
    assert _code("learner.iban", "NL91ABNA0417164301") == "iban_invalid"
