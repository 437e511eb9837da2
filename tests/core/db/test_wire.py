"""Statements straight to the server: what is lost shows, what interrupts leaves nothing, other threads run on."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import Engine, text

from portal.core.db.engine import make_engine
from portal.core.db.prepared import Prepared
from tests.database import TestDatabase

PID = Prepared(text("select pg_backend_pid() as pid"))
SLEEP = Prepared(text("select pg_backend_pid() as pid, pg_sleep(cast(:seconds as float))"))


@pytest.fixture
def single(worker_database: TestDatabase) -> Iterator[Engine]:
    """An engine with one connection, which is missed where it isn't given back."""
    engine = make_engine(worker_database.owner_url, pool_size=1, max_overflow=0, pool_timeout=5)
    yield engine
    engine.dispose()


def pid_of(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(PID.run(connection, {})[0].pid)


def end_connection(database: TestDatabase, pid: int) -> None:
    with psycopg.connect(database.owner_url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s)", [pid])


def test_a_connection_lost_while_nobody_used_it(single: Engine, worker_database: TestDatabase) -> None:
    pid = pid_of(single)
    end_connection(worker_database, pid)
    with single.connect() as connection:
        with pytest.raises(psycopg.OperationalError):
            PID.run(connection, {})
        assert connection.invalidated
    assert pid_of(single) != pid


def test_a_connection_lost_in_the_middle_of_the_first_statement(single: Engine, worker_database: TestDatabase) -> None:
    pid = pid_of(single)
    with single.connect() as connection, ThreadPoolExecutor(1) as beside:
        ending = beside.submit(lambda: (time.sleep(0.3), end_connection(worker_database, pid)))
        with pytest.raises(psycopg.OperationalError):
            SLEEP.run(connection, {"seconds": 20})
        ending.result()
    assert pid_of(single) != pid


def test_other_threads_run_on_while_the_server_is_at_work(single: Engine) -> None:
    def longest_pause() -> float:
        longest, last, until = 0.0, time.perf_counter(), time.perf_counter() + 1.2
        while last < until:
            time.sleep(0.005)
            moment = time.perf_counter()
            longest, last = max(longest, moment - last), moment
        return longest

    with single.connect() as connection, ThreadPoolExecutor(1) as beside:
        pause = beside.submit(longest_pause)
        SLEEP.run(connection, {"seconds": 1})
        assert pause.result() < 0.7


def test_what_interrupts_it_gives_the_connection_up(single: Engine) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    pid = pid_of(single)
    with single.connect() as connection, pytest.raises(KeyboardInterrupt):
        PID.run(connection, {}, interrupt)
    assert pid_of(single) != pid


def test_a_first_statement_that_fails_says_why_and_the_connection_goes_on(single: Engine) -> None:
    wrong = Prepared(text("select 1 / cast(:n as integer)"))
    pid = pid_of(single)
    with single.connect() as connection:
        with pytest.raises(psycopg.errors.DivisionByZero):
            wrong.run(connection, {"n": 0})
        with pytest.raises(psycopg.errors.InFailedSqlTransaction):
            PID.run(connection, {})
    assert pid_of(single) == pid


def test_columns_that_a_migration_changed_are_seen_by_the_next_connection(single: Engine) -> None:
    statement = Prepared(text("select name from changing"))
    with single.connect() as connection:
        connection.execute(text("create table changing (name varchar(5))"))
        connection.execute(text("insert into changing values ('a')"))
        connection.commit()
    try:
        with single.connect() as connection:
            assert statement.run(connection, {})[0].name == "a"
            connection.execute(text("alter table changing alter name type varchar(9)"))
            connection.commit()
            with pytest.raises(psycopg.errors.FeatureNotSupported):
                statement.run(connection, {})
            assert connection.invalidated
        with single.connect() as connection:
            assert statement.run(connection, {})[0].name == "a"
    finally:
        with single.connect() as connection:
            connection.execute(text("drop table changing"))
            connection.commit()
