"""Who acts in the tests of the record, without signing in."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask

from portal.accounts.actors import actor_of
from portal.core.db.base import new_id
from portal.core.http.access import Actor
from portal.core.http.scope import Reach, Scope
from portal.core.personal_data import CATEGORIES


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


def own_scope(learner_id: UUID, *categories: str) -> Scope:
    """Return the scope of a learner on her own record, narrowed to these categories where any are named."""
    within = frozenset(categories or CATEGORIES)
    return Scope(Reach.ONE_LEARNER, sees=within, changes=within, learner_id=learner_id)
