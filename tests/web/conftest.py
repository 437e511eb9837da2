"""The small app as a real server, shared by the tests that only ask it."""

from collections.abc import Iterator

import pytest

from tests.web.served import Served, sample


@pytest.fixture(scope="session")
def running(environment: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two processes of four threads each, with short deadlines."""
    with sample(tmp_path_factory.mktemp("server")) as served:
        yield served


@pytest.fixture
def served(running: Served) -> Iterator[Served]:
    """The server, whose connections are closed after each test."""
    yield running
    running.close_all()
