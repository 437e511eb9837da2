"""Says after the tests when the servers end that they ran on."""

import pytest

from portal.demo.services import HOW_THEY_END, is_held
from tests.database import TEST_FOLDER


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line where servers wait for the next run."""
    if is_held(TEST_FOLDER / "watcher.lock"):
        terminalreporter.write_line(HOW_THEY_END)
