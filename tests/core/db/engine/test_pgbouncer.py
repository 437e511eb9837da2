"""The portal behind a real PgBouncer in transaction mode: pages and jobs, with more clients than connections."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import InternalError, OperationalError

import tests.core.kinds_for_tests  # noqa: F401
from portal.core.db.engine import make_engine
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.jobs import DONE, ask
from portal.demo.redis import Redis
from tests.app.test_asgi_app import HOST, sign_in_at
from tests.conftest import school_id, use
from tests.core.services_of_own import effects, eventually, state_of
from tests.database import APPLICATION, ROOT, TestDatabase, cloned
from tests.web.served import Served, free_port, serving

SERVER_CONNECTIONS = 3
CLIENTS = 8
PAGES = ("/vandaag", "/cursisten", "/groepen", "/account")


def program() -> str:
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        pytest.skip("no PgBouncer here, and none may be installed: install the package pgbouncer")
    return found


@contextmanager
def pgbouncer(server: str) -> Iterator[int]:
    """Run a PgBouncer in transaction mode before the PostgreSQL of this address; yields its port."""
    url, port = make_url(server), free_port()
    at = url.query.get("host") or url.host
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # run by root it becomes another user
        (folder / "users").write_text(f'"{APPLICATION}" "{url.password or ""}"\n')
        (folder / "pgbouncer.ini").write_text(
            f"[databases]\n* = host={at} port={url.port or 5432}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
            f"auth_type = trust\nauth_file = {folder}/users\npool_mode = transaction\n"
            f"default_pool_size = {SERVER_CONNECTIONS}\nserver_round_robin = 1\n"
        )
        command = [program(), *(["-u", "nobody"] if os.getuid() == 0 else []), str(folder / "pgbouncer.ini")]
        with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
            try:
                yield port
            finally:
                process.terminate()


@dataclass(frozen=True)
class Pooled:
    """A database and its keys, each by its own address and through the pooler."""

    direct: TestDatabase
    database: TestDatabase

    def server_connections(self) -> int:
        """Return how many connections the pooler holds to the database."""
        engine = create_engine(self.direct.owner_url)
        asked = "select count(*) from pg_stat_activity where datname = current_database() and usename = :role"
        try:
            with engine.connect() as connection:
                return int(connection.scalar(text(asked), {"role": APPLICATION}) or 0)
        finally:
            engine.dispose()


@pytest.fixture(scope="module")
def pooled(worker_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pooled]:
    redis = Redis(tmp_path_factory.mktemp("redis"))
    with cloned() as direct, pgbouncer(direct.application_url) as port:
        redis.start()

        def through(url: str) -> str:
            made = make_url(url).set(host="127.0.0.1", port=port, password=None, query={})
            return made.render_as_string(hide_password=False)

        database = replace(
            direct,
            application_url=through(direct.application_url),
            keys_url=through(direct.keys_url),
            keys_copy_url=through(direct.keys_copy_url),
            redis_url=redis.url() or "",
        )
        _wait_for(database.application_url)
        try:
            yield Pooled(direct, database)
        finally:
            use(worker_database)
            redis.stop()


def _wait_for(url: str) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(url.replace("+psycopg", ""), connect_timeout=5, prepare_threshold=None).close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


@pytest.fixture(scope="module")
def portal(pooled: Pooled, app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str]]:
    """The served portal, of eight threads, and the cookie of somebody of the administration."""
    folder, port = tmp_path_factory.mktemp("portal"), free_port()
    use(pooled.direct)
    cookie = sign_in_at(pooled.direct, app)["Cookie"]
    use(pooled.database)
    command = [str(Path(sys.executable).with_name("portal")), "serve", "--port", str(port), "--processes", "1"]
    settings = {"PORTAL_PREPARE_STATEMENTS": "false", "PORTAL_THREADS": str(CLIENTS)}
    with serving(folder, command, port, ready="/aanmelden", host=HOST, **settings) as served:
        yield served, cookie


def test_pages_are_answered_to_more_clients_than_there_are_connections(
    portal: tuple[Served, str], pooled: Pooled
) -> None:
    served, cookie = portal

    def visit(number: int) -> tuple[int, bytes]:
        return served.ask(PAGES[number % len(PAGES)], headers={"Cookie": cookie})

    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(clients.map(visit, range(CLIENTS * len(PAGES) * 2)))

    assert {status for status, _ in answers} == {200}, [body[-500:] for status, body in answers if status != 200][:1]
    assert 1 <= pooled.server_connections() <= SERVER_CONNECTIONS


def test_jobs_are_done_once(pooled: Pooled, monkeypatch: pytest.MonkeyPatch) -> None:
    use(pooled.database)
    monkeypatch.setenv("PORTAL_PREPARE_STATEMENTS", "false")
    school, marks = school_id("lest-best"), [str(uuid4()) for _ in range(CLIENTS)]
    engine, bound = make_engine(pooled.database.application_url, prepares=False), session.session_factory.kw["bind"]
    session.remove()
    session.configure(bind=engine)
    worker = subprocess.Popen([sys.executable, "-m", "tests.core.worker_for_tests", "2"], cwd=ROOT)
    try:
        with in_school(school):
            asked = [ask("tests.quick", {"mark": mark}).id for mark in marks]
        eventually(lambda: all(state_of(school, job_id) == DONE for job_id in asked), seconds=60)
        assert [effects(school, mark) for mark in marks] == [1] * CLIENTS
    finally:
        worker.terminate()
        worker.wait()
        session.remove()
        session.configure(bind=bound)
        engine.dispose()


def test_with_preparing_on_the_pooler_refuses_the_connection(pooled: Pooled) -> None:
    engine = make_engine(pooled.database.application_url, plans_once=True)
    with pytest.raises(OperationalError, match="unsupported startup parameter"):
        engine.connect()
    engine.dispose()


def test_time_limits_that_stand_on_the_role_go_through(pooled: Pooled) -> None:
    owner = create_engine(pooled.direct.owner_url, isolation_level="AUTOCOMMIT")
    name = make_url(pooled.direct.owner_url).database
    with owner.connect() as connection:
        connection.execute(text(f"alter role {APPLICATION} in database {name} set statement_timeout = '7s'"))
        connection.execute(
            text("select pg_terminate_backend(pid) from pg_stat_activity where usename = :role"
                 " and datname = current_database()"), {"role": APPLICATION}
        )  # fmt: skip
    owner.dispose()
    engine = make_engine(pooled.database.application_url, prepares=False, limits=True)

    def has_its_limit() -> bool:  # PgBouncer may hand out a connection before it sees that its server ended it
        with suppress(OperationalError, InternalError), engine.connect() as connection:
            return connection.scalar(text("show statement_timeout")) == "7s"
        return False

    eventually(has_its_limit, seconds=10)
    engine.dispose()
