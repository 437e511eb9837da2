"""Rows that a test committed in the database that its worker's tests share: the module that leaves them is named."""

from collections.abc import Iterator

import pytest

from tests.database import FILLED_AT_FIRST


@pytest.fixture(scope="module", autouse=True)
def nothing_committed() -> Iterator[None]:
    """Fail after the module that leaves rows in the database that its worker's tests share."""
    yield
    for database, known in list(FILLED_AT_FIRST.items()):
        left = database.list_filled() - known
        FILLED_AT_FIRST[database] = known | left
        assert not left, f"committed, and left: {', '.join(sorted(left))}"
