"""Transactions that really race: commits that stay, in a database of the test's own, and threads with own sessions."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from portal.core.db.engine import make_engine
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.db.transactions import independent_transaction
from tests.conftest import use
from tests.database import TestDatabase, cloned
from tests.seed import SCHOOLS

T = TypeVar("T")
_WAITING = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
_HOLD = text("select 1 from learner where id = :id for update")


@dataclass
class Race:
    """Lest Best in a database of its own, and who acts in it at the same time."""

    people: ThreadPoolExecutor
    school_id: UUID = SCHOOLS[0].id

    def start(self, act: Callable[[], T]) -> Future[T]:
        """Do this elsewhere, in a transaction of its own that is committed at its end."""
        return self.people.submit(self._acted, act)

    def _acted(self, act: Callable[[], T]) -> T:
        with in_school(self.school_id):
            return act()

    @contextmanager
    def held(self, learner_id: UUID) -> Iterator[None]:
        """Let nobody write about this learner inside: whoever does stands still until the end."""
        with independent_transaction(self.school_id) as connection:
            connection.execute(_HOLD, {"id": learner_id})
            yield

    def stand_still(self, people: int) -> bool:
        """Wait until so many wait for what another holds; says whether they came to that within five seconds."""
        until = time.monotonic() + 5
        while time.monotonic() < until:
            with independent_transaction(self.school_id) as connection:
                if (connection.scalar(_WAITING) or 0) >= people:
                    return True
            time.sleep(0.02)
        return False


@pytest.fixture
def race(app: Flask, engine: Engine, worker_database: TestDatabase) -> Iterator[Race]:
    """What is committed stays for the length of the test, and every thread has a connection of its own."""
    with cloned() as made, ThreadPoolExecutor(4) as people:
        use(made)
        own = make_engine(made.application_url)
        session.remove()
        session.configure(bind=own, join_transaction_mode="conditional_savepoint")
        yield Race(people)
        session.remove()
        own.dispose()
    use(worker_database)
    session.configure(bind=engine)
