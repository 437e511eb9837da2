"""Who acts in the tests of the record, without signing in."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.accounts.actors import actor_of
from portal.core.db.base import new_id
from portal.core.http.access import Actor


@pytest.fixture
def office() -> Actor:
    """Somebody of the administration."""
    return actor_of(new_id(), "Anouk Bos", frozenset({"administration"}))


@pytest.fixture
def coach() -> Actor:
    """A coach, who doesn't see a BSN."""
    return actor_of(new_id(), "Daan Smit", frozenset({"coach"}))


@pytest.fixture
def officer() -> Actor:
    """The privacy officer."""
    return actor_of(new_id(), "Fien Kok", frozenset({"privacy_officer"}))


@pytest.fixture
def in_dutch(app: Flask) -> Iterator[None]:
    """Let values be put in words outside a request."""
    with app.app_context():
        yield
