"""What the schools promise, and whether tests show it: `pytest --promises`, or `make promises`.

A promise is kept when a test is marked with it, every such test passes, each of its parts has one and none waits.
A test that names no part shows none of those that are listed.
"""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.promises.breaks import check_breaks
from tests.promises.marks import LISTED, missing_parts


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--promises", action="store_true", help="run the tests of promises and list which are kept")
    parser.addoption(
        "--broken",
        nargs="?",
        const="",
        metavar="PROMISES",
        help="break the rule of each kept promise, in a copy, and want its tests to fail (--broken=LB-06,MN-03)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Run the breaks in the place of the tests, where that is asked."""
    chosen = config.getoption("--broken")
    if chosen is None:
        return None
    return 1 if check_breaks(chosen, lambda line: print(line, flush=True)) else 0


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
        return "in part" if self.missing(promise) else "kept"

    def missing(self, promise: str) -> list[str]:
        """Return the parts of a promise that no test showed."""
        return missing_parts(promise, self.passed[promise])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        states = {promise: self.state(promise) for promise in LISTED}
        terminalreporter.section("promises")
        for promise, state in states.items():
            without = f" (not yet: {', '.join(self.missing(promise))})" if state == "in part" else ""
            terminalreporter.line(f"{promise}  {state:8}  {LISTED[promise]['title']}{without}")
        kept = list(states.values()).count("kept")
        terminalreporter.line(f"{kept} of {len(LISTED)} kept")
