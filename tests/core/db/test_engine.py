"""Statements are prepared and planned as the engine was asked to; a connection that can't go on is replaced."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.exc import DBAPIError

from portal.core.db.engine import make_engine
from tests.database import TestDatabase

NUMBER = text("select cast(:number as integer)")
PREPARED = text("select count(*) from pg_prepared_statements where statement like 'select cast(%'")
PID = text("select pg_backend_pid()")


@pytest.fixture
def single(worker_database: TestDatabase) -> Iterator[Engine]:
    """An engine of one connection, as the tables' owner."""
    engine = make_engine(worker_database.owner_url, pool_size=1, max_overflow=0, pool_timeout=5)
    yield engine
    engine.dispose()


def ask_thrice(connection: Connection) -> int:
    for number in range(3):
        assert connection.scalar(NUMBER, {"number": number}) == number
    return int(connection.scalar(PREPARED) or 0)


def test_what_is_asked_often_is_prepared_and_stays_so(single: Engine) -> None:
    with single.connect() as connection:
        assert ask_thrice(connection) == 1
        connection.commit()
    with single.connect() as connection:
        assert connection.scalar(PREPARED) == 1


def test_nothing_is_prepared_where_a_pooler_forbids_it(worker_database: TestDatabase) -> None:
    engine = make_engine(worker_database.application_url, prepares=False, plans_once=True)
    with engine.connect() as connection:
        assert ask_thrice(connection) == 0
        assert connection.scalar(text("show plan_cache_mode")) == "auto"
    engine.dispose()


def test_pages_plan_once_and_the_options_of_the_address_stay(worker_database: TestDatabase) -> None:
    url = make_url(worker_database.application_url).update_query_dict({"options": "-c statement_timeout=12s"})
    engine = make_engine(url.render_as_string(hide_password=False), plans_once=True)
    with engine.connect() as connection:
        assert connection.scalar(text("show plan_cache_mode")) == "force_generic_plan"
        assert connection.scalar(text("show statement_timeout")) == "12s"
    engine.dispose()


LIMITS = {"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "1min"}


@pytest.mark.parametrize("name", LIMITS)
def test_what_pages_ask_has_its_time(worker_database: TestDatabase, name: str) -> None:
    for limits, value in ((True, LIMITS[name]), (False, "0")):
        engine = make_engine(worker_database.application_url, limits=limits)
        with engine.connect() as connection:
            assert connection.scalar(text(f"show {name}")) == value
        engine.dispose()


def test_the_address_may_give_another_time(worker_database: TestDatabase) -> None:
    url = make_url(worker_database.application_url).update_query_dict({"options": "-c statement_timeout=200ms"})
    engine = make_engine(url.render_as_string(hide_password=False), limits=True)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="statement timeout"):
        connection.execute(text("select pg_sleep(5)"))
    engine.dispose()


def test_a_prepared_statement_that_a_migration_outdated_fails_once(single: Engine) -> None:
    everything = text("select * from outdated")
    with single.begin() as connection:
        connection.execute(text("create table outdated (one integer)"))
    try:
        with single.connect() as connection:
            for _ in range(3):
                connection.execute(everything)
            connection.commit()
        with psycopg.connect(single.url.set(drivername="postgresql").render_as_string(False)) as other:
            other.execute("alter table outdated add column two integer")
        with single.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(everything)
        with single.connect() as connection:
            assert list(connection.execute(everything).keys()) == ["one", "two"]
    finally:
        with single.begin() as connection:
            connection.execute(text("drop table outdated"))


def test_a_lost_connection_shows_and_the_next_one_is_new(single: Engine, worker_database: TestDatabase) -> None:
    with single.connect() as connection:
        pid = connection.scalar(PID)
        with psycopg.connect(worker_database.owner_url.replace("+psycopg", ""), autocommit=True) as other:
            other.execute("select pg_terminate_backend(%s)", [pid])
        with pytest.raises(DBAPIError):
            connection.scalar(PID)
        assert connection.invalidated
    with single.connect() as connection:
        assert connection.scalar(PID) != pid


def test_parameters_stand_in_no_exception(single: Engine) -> None:
    with single.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text("select cast(:secret as integer)"), {"secret": "Amina"})
    assert "[parameters" not in str(caught.value).replace("[SQL parameters hidden", "")
    assert "Amina" not in str(caught.value.statement)
