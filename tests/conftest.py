"""What tests share: a real database per worker, the app, a page client, signing in, a clock that can be set."""

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from portal import wiring
from portal.core import clock as clock_module
from portal.core.db import session as core_database
from portal.core.db.engine import make_engine
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import current_actor, set_actor
from portal.core.jobs import execution
from portal.schools.queries import SchoolView, current_school
from tests.database import FILLED_AT_FIRST, TestDatabase, cloned
from tests.page_client import Browser, PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

pytest_plugins = ["tests.actors", "tests.leftovers", "tests.promises", "tests.racing", "tests.samples", "tests.servers"]


@pytest.fixture(scope="session", autouse=True)
def environment(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give the settings that every test runs with, and let lower rooms find what higher ones give them."""
    wiring.connect()
    os.environ.update(
        DATABASE_URL="postgresql://nobody@localhost/none",
        PORTAL_KEYS_URL="postgresql://nobody@localhost/none",
        PORTAL_SECRET_KEY="tests-" + "x" * 40,
        PORTAL_MASTER_KEY=base64.b64encode(b"k" * 32).decode(),
        PORTAL_FILES_DIR=str(tmp_path_factory.mktemp("files")),
        PORTAL_MAIL_DIR=str(tmp_path_factory.mktemp("mail")),
        PORTAL_EXTERNAL_SCHEME="https",
    )


@pytest.fixture(autouse=True)
def nobody_left_asking() -> Iterator[None]:
    """Fail the test that sets an actor and leaves it for the next one."""
    yield
    left = current_actor()
    set_actor(None)
    assert left is None


@pytest.fixture(scope="session")
def worker_database(environment: None) -> Iterator[TestDatabase]:
    """Clone the template once for this worker."""
    with cloned() as made:
        use(made)
        FILLED_AT_FIRST[made] = made.list_filled()
        yield made
        del FILLED_AT_FIRST[made]


def use(made: TestDatabase) -> None:
    """Let settings and environment point at a database."""
    from portal import config
    from portal.core.crypto import key_store
    from portal.core.redis import reset_redis

    os.environ.update(
        DATABASE_URL=made.application_url,
        PORTAL_KEYS_URL=made.keys_url,
        PORTAL_KEYS_COPY_URL=made.keys_copy_url,
        REDIS_URL=made.redis_url,
    )
    config.settings.cache_clear()
    key_store.forget()
    reset_redis()


@pytest.fixture(scope="session")
def engine(worker_database: TestDatabase) -> Iterator[Engine]:
    """The worker's engine, as the application's role."""
    made = make_engine(worker_database.application_url, query_cache_size=4000)  # a whole run asks more than a page does
    yield made
    made.dispose()


@pytest.fixture
def database(engine: Engine) -> Iterator[Engine]:
    """A transaction around the test: what the code commits is gone after it."""
    with engine.connect() as connection:
        outer = connection.begin()
        session.remove()
        session.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield engine
        session.remove()
        outer.rollback()
    session.configure(bind=engine, join_transaction_mode="conditional_savepoint")


@pytest.fixture
def school(database: Engine) -> Iterator[SchoolView]:
    """Lest Best, in scope."""
    with in_school(SCHOOLS[0].id):
        yield current_school()


@pytest.fixture
def enter(database: Engine) -> Callable[[str], Any]:
    """Return a context manager that enters one of the five schools by its slug."""

    @contextmanager
    def entered(slug: str) -> Iterator[SchoolView]:
        with in_school(school_id(slug)):
            yield current_school()

    return entered


def school_id(slug: str) -> UUID:
    """Return the id of one of the five schools."""
    return next(seed.id for seed in SCHOOLS if seed.slug == slug)


@pytest.fixture(scope="session")
def app(engine: Engine) -> Flask:
    """The app, made once for this worker."""
    from portal.app import create_app

    core_database.bind(engine)
    made = create_app()
    made.testing = False
    made.test_client_class = Browser
    execution.job_context = made.app_context
    return made


@pytest.fixture
def client(app: Flask, database: Engine) -> PageClient:
    """A browser at Lest Best that holds every page to the house rules."""
    return PageClient(app, "lest-best.localhost")


@pytest.fixture
def client_at(app: Flask, database: Engine) -> Callable[[str], PageClient]:
    """Return a browser at the school with this slug."""
    return lambda slug: PageClient(app, f"{slug}.localhost")


@pytest.fixture
def sign_in(database: Engine) -> SignIn:
    """Sign a client in with a role: `sign_in(client, "teacher")` returns who she is."""
    return SignIn()


@pytest.fixture
def clock() -> Iterator[Callable[[datetime], None]]:
    """Set what time it is; a moment without a zone is UTC."""
    kept = clock_module.clock.read

    def set_to(moment: datetime) -> None:
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        clock_module.clock.read = lambda: aware  # type: ignore[method-assign]

    yield set_to
    clock_module.clock.read = kept  # type: ignore[method-assign]


_OF_THE_TEST = {"SAVEPOINT", "RELEASE", "ROLLBACK"}


@pytest.fixture
def count_statements(engine: Engine) -> Callable[[], Any]:
    """Return a context manager that collects the SQL statements run inside it."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
            if statement.upper().split()[0] not in _OF_THE_TEST:
                seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def mail_dir() -> Path:
    """Where mails are written."""
    return Path(os.environ["PORTAL_MAIL_DIR"])
