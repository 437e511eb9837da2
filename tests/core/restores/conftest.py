"""A hosting of its own, shared by the tests of a file."""

from collections.abc import Iterator

import pytest

from tests.core.backups.hosting import Hosting, hosting


@pytest.fixture(scope="module")
def host(environment: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosting]:
    """A hosting whose database, keys and files this file's tests have to themselves."""
    with hosting(tmp_path_factory.mktemp("hosting")) as made:
        yield made
