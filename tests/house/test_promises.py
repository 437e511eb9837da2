"""The count of kept promises is honest, and what policies cite exists."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from portal.policy.services import shipped_files
from tests.promises import Tally
from tests.promises.breaks import ROOT, Break, apply, list_breaks
from tests.promises.marks import LISTED, TESTS, kept, marks


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
    monkeypatch.setitem(LISTED, "LB-12", {"title": "", "parts": ["after", "before"]})
    assert tally_of(report("LB-12", part="after")).state("LB-12") == "in part"
    assert tally_of(report("LB-12", part="after"), report("LB-12", part="before")).state("LB-12") == "kept"


def test_what_waits_keeps_a_promise_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LISTED, "LB-12", {"title": "", "waits": {"run": "a run that erases"}})
    assert tally_of(report("LB-12")).state("LB-12") == "in part"
    for listed in LISTED.values():
        assert not set(listed.get("waits", {})) & set(listed.get("parts", []))
        assert all(listed.get("waits", {}).values())


def test_each_mark_is_read_from_the_source() -> None:
    texts = [path.read_text() for path in TESTS.rglob("test_*.py") if path != Path(__file__)]
    written = sum(len(re.findall(r"^@pytest\.mark\.promise\(", text, re.M)) for text in texts)
    found = {(mark.test, mark.part) for each in marks().values() for mark in each}

    assert written == sum(text.count("pytest.mark.promise(") for text in texts)
    assert len(found) <= written
    assert set(marks()) <= set(LISTED)


def test_each_kept_promise_has_a_break_and_each_break_a_promise() -> None:
    broken = {each.promise for each in list_breaks()}

    assert len(kept()) >= 38
    assert not set(kept()) - broken
    assert not broken - set(marks())


@pytest.mark.parametrize("each", list_breaks(), ids=lambda each: each.path.stem)
def test_each_break_says_what_it_does_and_still_applies(each: Break) -> None:
    assert re.fullmatch(r"[A-Z][^.]+\.", each.says)
    apply(each.path, ROOT, "--check")


STATEMENTS = TESTS / "promises" / "statements.md"


def rows_of_statements() -> list[list[str]]:
    """Return the rows of the table of clauses: where, what, promise, rule, test."""
    lines = [line for line in STATEMENTS.read_text().splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if row[0] != "where"]


def test_each_promise_stands_in_the_table_of_the_statements() -> None:
    rows = rows_of_statements()

    assert {row[2] for row in rows} - {""} == set(LISTED)
    assert not [row for row in rows if len(row) != 5 or not row[1] or not row[3]]


def test_each_clause_names_tests_that_exist_or_is_not_there_yet() -> None:
    found = {promise: {mark.test for mark in each} for promise, each in marks().items()}
    for where, _, promise, _, shown in rows_of_statements():
        named = re.findall(r"`([^`]+)::(\w+)`", shown)
        assert named or shown == "not there yet", (where, promise)
        for path, name in named:
            assert f"def {name}(" in (TESTS / path).read_text(), f"{path}::{name}"
        tests = {f"tests/{path}::{name}" for path, name in named}
        assert not tests or promise not in kept() or tests & found[promise], f"{promise} {where}: mark one of {tests}"


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_a_policy_cites_promises_that_exist(path: Path) -> None:
    cited = set(re.findall(r'"([A-Z]{2}-\d{2})"', path.read_text()))
    assert cited
    assert cited <= set(LISTED)
