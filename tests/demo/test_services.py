"""A real PostgreSQL and Redis start whatever an earlier run left behind, and stop for sure."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis as Client

from portal.demo.postgres import OWNER, Postgres
from portal.demo.processes import StartError, is_alive, start, wait_until
from portal.demo.redis import Redis
from portal.demo.services import ensure, locked, owned, stop


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    stop(tmp_path)


def head_of(postgres: Postgres) -> int:
    return int((postgres.data / "postmaster.pid").read_text().splitlines()[0])


def work(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("select current_user::text").fetchone()
    assert row is not None
    return str(row[0])


def test_it_starts_once_and_is_joined_after_that(folder: Path) -> None:
    first = ensure(folder)
    head = head_of(Postgres(folder))
    assert ensure(folder) == first
    assert head_of(Postgres(folder)) == head
    assert work(first.database) == OWNER
    assert Client.from_url(first.redis).ping()


def test_the_owner_is_no_superuser_and_nothing_listens_on_the_network(folder: Path) -> None:
    with psycopg.connect(ensure(folder).database) as connection:
        asked = "select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user"
        assert connection.execute(asked).fetchone() == (False, False, True)
        assert connection.execute("show listen_addresses").fetchone() == ("",)


def test_killed_servers_come_back_with_their_data_and_addresses(folder: Path) -> None:
    addresses = ensure(folder)
    with psycopg.connect(addresses.database, autocommit=True) as connection:
        connection.execute("create database kept")
    os.kill(head_of(Postgres(folder)), signal.SIGKILL)
    for pid in Redis(folder)._processes():
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not Redis(folder).runs(), seconds=5)
    assert ensure(folder) == addresses
    assert work(addresses.database.replace("/postgres?", "/kept?")) == OWNER


def test_a_stale_pid_file_with_a_number_in_use_is_passed_over(folder: Path) -> None:
    ensure(folder)
    stop(folder)
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        postgres = Postgres(folder)
        (postgres.data / "postmaster.pid").write_text(f"{other.pid}\n{postgres.data}\n1\n5432\n{postgres.sockets}\n\n")
        assert work(ensure(folder).database) == OWNER
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_first_start_that_was_cut_short_is_done_again(folder: Path) -> None:
    half = folder / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    assert work(ensure(folder).database) == OWNER


def test_servers_whose_folder_was_removed_end_before_new_ones_start(folder: Path) -> None:
    addresses = ensure(folder)
    old = [head_of(Postgres(folder)), *Redis(folder)._processes()]
    shutil.rmtree(folder / "postgres")
    shutil.rmtree(folder / "redis")
    try:
        assert work(ensure(folder).database) == OWNER
        assert not any(map(is_alive, old))
        assert Client.from_url(ensure(folder).redis).ping()
    finally:
        for pid in filter(is_alive, old):
            os.kill(pid, signal.SIGKILL)
    assert ensure(folder).database == addresses.database


def test_a_port_in_use_is_passed_over(folder: Path) -> None:
    address = ensure(folder).redis
    stop(folder)
    port = int(address.rpartition(":")[2].partition("/")[0])
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        moved = ensure(folder).redis
    assert moved != address
    assert Client.from_url(moved).ping()


def test_owned_services_come_back_when_killed_and_end_with_the_block(tmp_path: Path) -> None:
    with owned(tmp_path) as services:
        before = services.addresses
        postgres, redis = head_of(Postgres(tmp_path)), Redis(tmp_path)._processes()
        for pid in (postgres, *redis):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not is_alive(postgres) and not Redis(tmp_path).runs(), seconds=5)
        services.keep_running()
        assert services.addresses == before
        assert work(before.database) == OWNER
    assert not Postgres(tmp_path).answers()
    assert not Redis(tmp_path).runs()


def test_given_addresses_are_used_and_nothing_is_started(tmp_path: Path) -> None:
    with owned(tmp_path, database="postgresql://there/db", redis="redis://there") as services:
        assert services.addresses.database == "postgresql://there/db"
        assert services.addresses.redis == "redis://there"
        assert not (tmp_path / "postgres").exists()
        assert not (tmp_path / "redis").exists()


def test_two_test_runs_at_once_share_one_server(folder: Path) -> None:
    code = f"from pathlib import Path; from portal.demo.services import ensure; print(ensure(Path({str(folder)!r})))"
    runs = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = {run.communicate(timeout=60)[0] for run in runs}
    assert len(said) == 1
    assert OWNER in said.pop()


def test_a_lock_that_is_held_is_said_and_a_dead_holder_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = f"import fcntl, time; held = open({str(path)!r}, 'a'); fcntl.flock(held, fcntl.LOCK_EX); time.sleep(60)"
    holder = start([sys.executable, "-c", code], log=tmp_path / "log")
    assert wait_until(lambda: path.exists() and _is_held(path), seconds=10)
    os.kill(holder, signal.SIGKILL)
    assert wait_until(lambda: not _is_held(path), seconds=5)


def _is_held(path: Path) -> bool:
    try:
        with locked(path, wait=False):
            return False
    except BlockingIOError:
        return True


def test_a_server_that_cannot_start_says_why_in_one_line(tmp_path: Path) -> None:
    postgres = Postgres(tmp_path)
    postgres.settings = {"shared_buffers": "nonsense"}
    with pytest.raises(StartError) as refused:
        postgres.start()
    assert "PostgreSQL doesn't start" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_programs_in_a_private_folder_start_whoever_we_are(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    package = Postgres(tmp_path).binaries.parents[1]
    for part in package.parent.glob(f"{package.name}*"):  # with the libraries that lie beside it
        shutil.copytree(part, private / part.name)
    server = Postgres(tmp_path, careless=True, binaries=private / package.name / "pginstall" / "bin")
    try:
        server.start()
        assert work(server.url()) == OWNER
    finally:
        server.stop()
