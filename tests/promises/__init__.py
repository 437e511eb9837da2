"""What the schools promise, and whether tests show it: `pytest --promises`, or `make promises`.

A promise is kept when a test is marked with it, every such test passes, and each of its listed parts has one.
A test that names no part shows none of those that are listed.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

LISTED: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parents[1] / "promises.toml").read_text())


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--promises", action="store_true", help="run the tests of promises and list which are kept")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--promises") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Tally(), "promises-tally")


def _marked(item: pytest.Item) -> Iterator[tuple[str, str | None]]:
    for mark in item.iter_markers("promise"):
        part = mark.kwargs.get("part")
        for promise in mark.args:
            if promise not in LISTED or (part is not None and part not in LISTED[promise].get("parts", [])):
                raise pytest.UsageError(f"{item.nodeid}: tests/promises.toml lists no {promise} {part or ''}")
            yield promise, part


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Write each test's promises on its report, where the process that counts can read them."""
    for item in items:
        item.user_properties += [("promise", marked) for marked in _marked(item)]
    if config.getoption("--promises"):
        others = [item for item in items if item.get_closest_marker("promise") is None]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item.get_closest_marker("promise") is not None]


class Tally:
    """Counts outcomes by promise and part, in the process that prints."""

    def __init__(self) -> None:
        self.passed: dict[str, set[str | None]] = defaultdict(set)
        self.failing: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, marked in report.user_properties:
            if name != "promise":
                continue
            promise, part = marked
            if not report.passed:
                self.failing.add(promise)
            elif report.when == "call":
                self.passed[promise].add(part)

    def state(self, promise: str) -> str:
        if promise in self.failing:
            return "failing"
        if promise not in self.passed:
            return "no test"
        missing = set(LISTED[promise].get("parts", [])) - self.passed[promise]
        if missing:
            return "in part"
        return "kept"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        states = {promise: self.state(promise) for promise in LISTED}
        terminalreporter.section("promises")
        for promise, state in states.items():
            terminalreporter.line(f"{promise}  {state:8}  {LISTED[promise]['title']}")
        kept = list(states.values()).count("kept")
        terminalreporter.line(f"{kept} of {len(LISTED)} kept")
