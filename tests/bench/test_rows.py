"""The bench's own arithmetic: which side of a bar holds, and how two sides become one ratio."""

import sys

import pytest

from tests.bench import __main__ as bench
from tests.bench import measuring
from tests.bench.rows import Line


@pytest.mark.parametrize(
    ("value", "at_least", "holds"),
    [(1.5, False, True), (1.51, False, False), (1.5, True, True), (1.49, True, False)],
)
def test_a_bar_is_reached_at_its_very_value(value: float, at_least: bool, holds: bool) -> None:
    line = Line("a row", value, 1.5, at_least=at_least)
    assert line.holds is holds
    assert ("SHORT" in line.as_line()) is not holds


def test_a_ratio_is_the_median_of_the_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([2.0, 1.0, 9.0, 1.0, 3.0, 1.0])
    monkeypatch.setattr(measuring, "timed", lambda _work: next(seconds))
    assert measuring.ratio_of(str, str, rounds=3) == (3.0, 1.0, 3.0)


def test_a_row_that_falls_short_ends_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    short = {"one": 0, "two": 1}
    monkeypatch.setattr(bench, "_measured", lambda chosen: sum(short[name] for name in chosen))
    monkeypatch.setattr(bench, "PARTS", dict.fromkeys(short))
    monkeypatch.setattr(bench.signal, "signal", lambda *_: None)
    monkeypatch.setattr(bench.os.environ, "update", lambda **_: None)
    for named, code in (([], 1), (["one"], 0), (["two"], 1), (["three"], 2)):
        monkeypatch.setattr(sys, "argv", ["bench", *named])
        assert bench.main() == code
