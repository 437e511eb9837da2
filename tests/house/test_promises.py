"""The count of kept promises is honest, and what policies cite exists."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from portal.policy.services import shipped_files
from tests import promises
from tests.promises import LISTED, Tally


def report(promise: str, *, when: str = "call", passed: bool = True, part: str | None = None) -> Any:
    return SimpleNamespace(user_properties=[("promise", (promise, part))], when=when, passed=passed)


def tally_of(*reports: Any) -> Tally:
    tally = Tally()
    for each in reports:
        tally.pytest_runtest_logreport(each)
    return tally


def test_all_of_them_are_listed() -> None:
    assert len(LISTED) == 78
    assert {promise[:2] for promise in LISTED} == {"LB", "MN", "ST", "OP", "LL"}


def test_a_promise_is_kept_when_its_tests_pass() -> None:
    tally = tally_of(report("LB-12", when="setup"), report("LB-12"), report("LB-12", when="teardown"))
    assert tally.state("LB-12") == "kept"
    assert tally.state("LB-13") == "no test"


def test_one_failure_or_a_broken_setup_is_enough_to_fail() -> None:
    assert tally_of(report("LB-12"), report("LB-12", passed=False)).state("LB-12") == "failing"
    assert tally_of(report("LB-12", when="setup", passed=False)).state("LB-12") == "failing"


def test_a_test_that_never_ran_keeps_nothing() -> None:
    assert tally_of(report("LB-12", when="setup")).state("LB-12") == "no test"


def test_every_part_needs_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(promises.LISTED, "LB-12", {"title": "", "parts": ["after", "before"]})
    assert tally_of(report("LB-12", part="after")).state("LB-12") == "in part"
    assert tally_of(report("LB-12", part="after"), report("LB-12", part="before")).state("LB-12") == "kept"


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_a_policy_cites_promises_that_exist(path: Path) -> None:
    cited = set(re.findall(r'"([A-Z]{2}-\d{2})"', path.read_text()))
    assert cited
    assert cited <= set(LISTED)
