"""Debian's own PostgreSQL, 15 in Debian 12: migrations, the five policies, the wall between schools and main flows."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from portal.demo import databases, population
from portal.demo.postgres import OWNER, Postgres
from portal.demo.processes import StartError
from portal.demo.services import stop

ROOT = Path(__file__).resolve().parents[2]
# What leans on the database most, and one flow of each kind: a school filled by its policy, sign-in, a register, a
# search, a workbook, a withdrawal, a file.
MAIN = (
    "tests/house/test_school_isolation.py",
    "tests/house/test_migrations.py",
    "tests/demo/test_world.py",
    "tests/policy/test_services.py",
    "tests/accounts/sign_in/test_routes.py",
    "tests/attendance/registers/test_routes.py",
    "tests/learners/search/test_queries.py",
    "tests/imports/runs/test_storage.py",
    "tests/purposes/withdrawals/test_services.py",
    "tests/disclosures/files/test_production.py",
)


def _programs() -> Path | None:
    """Where Debian's PostgreSQL is: 15, which the portal must run on, else the oldest that is here."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return next((path.parent for path in found if int(path.parts[4]) >= 15), None)


@pytest.fixture
def programs() -> Path:
    found = _programs()
    if found is None:
        pytest.skip("no PostgreSQL of Debian here, and none may be installed: install the package postgresql-15")
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    stop(tmp_path)


def test_the_main_tests_hold_on_debians_postgresql(programs: Path, folder: Path) -> None:
    environment = {**os.environ, "INZAGE_TEST_FOLDER": str(folder), "INZAGE_TEST_POSTGRES": str(programs)}
    for name in [name for name in environment if name.startswith("PYTEST_")]:
        del environment[name]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *MAIN],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    with psycopg.connect(Postgres(folder, binaries=programs).url()) as connection:
        assert connection.info.server_version // 10_000 == int(programs.parts[4])


def test_a_role_that_may_too_little_is_told_what_is_wanted(folder: Path) -> None:
    server = Postgres(folder, careless=True)
    server.start()
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("create role plain login")
        connection.execute("create database school owner plain")
    given = server.url("plain", "school")
    with pytest.raises(StartError, match="school_keys can't be made"):
        databases.arrange(given, "geheim", given=True)
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("create database school_keys owner plain")
        connection.execute("create database school_keys_copy owner plain")
    with pytest.raises(StartError, match=r"^DATABASE_URL: a role that may make databases and roles is wanted") as told:
        population.migrate(databases.arrange(given, "geheim", given=True), "geheim")
    assert "\n" not in str(told.value)


def test_a_given_server_takes_the_demos_databases(programs: Path, folder: Path) -> None:
    server = Postgres(folder, careless=True, binaries=programs)
    server.start()
    given = server.url(database="school_portal")
    arranged = databases.arrange(given, "geheim", given=True)
    population.migrate(arranged, "geheim")
    with psycopg.connect(arranged.application) as connection:
        asked = "select current_database()::text, rolsuper, rolbypassrls from pg_roles where rolname = current_user"
        assert connection.execute(asked).fetchone() == ("school_portal", False, False)
        mine = "select count(*) from pg_tables where tableowner = current_user and schemaname = 'public'"
        assert connection.execute(mine).fetchone() == (0,)
        assert connection.execute("select count(*) from learner").fetchone() == (0,)
    with psycopg.connect(arranged.owner) as connection:
        assert connection.execute("select tableowner::text from pg_tables where tablename = 'learner'").fetchone() == (
            OWNER,
        )
    assert databases.arrange(given, "geheim", given=True) == arranged
    databases.empty(arranged)
    with psycopg.connect(server.url()) as connection:
        left = {row[0] for row in connection.execute("select datname::text from pg_database")}
    assert left == {"postgres", "template0", "template1"}


def test_data_of_another_version_get_one_line_and_a_way_on(folder: Path) -> None:
    server = Postgres(folder, careless=True)
    server.start()
    arranged = databases.arrange(server.url("postgres"), "geheim", given=False)
    head = sorted(path.name.partition("_")[0] for path in (ROOT / "migrations/versions").glob("0*.py"))[-1]
    with psycopg.connect(arranged.owner, autocommit=True) as connection:
        connection.execute("create table alembic_version (version_num varchar(32) primary key)")
        connection.execute("insert into alembic_version values (%s)", [head])
    with pytest.raises(StartError, match=r"^the demo's data is of another version: make demo RESET=1"):
        population.migrate(arranged, "geheim")
