"""Migrations are one numbered line, make what the models say, and run down and up again."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

import portal.wiring  # noqa: F401
from portal.core.db.migrations import alembic_config, migrate
from portal.core.db.session import Base
from tests.database import TestDatabase, cloned

VERSIONS = sorted((Path(__file__).resolve().parents[2] / "migrations" / "versions").glob("*.py"))


@pytest.fixture
def own() -> Iterator[TestDatabase]:
    """A database that this test alone may take apart."""
    with cloned() as made:
        yield made


@pytest.fixture
def owner(own: TestDatabase) -> Iterator[Connection]:
    """A connection to it as the tables' owner."""
    engine = create_engine(own.owner_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_migrations_are_one_numbered_line() -> None:
    assert [path.name[:4] for path in VERSIONS] == [f"{number:04d}" for number in range(1, len(VERSIONS) + 1)]
    assert not [path.name for path in VERSIONS if not re.fullmatch(r"\d{4}_[a-z]+_[a-z0-9_]+\.py", path.name)]
    script = ScriptDirectory(str(VERSIONS[0].parents[1]))
    line = [revision.revision for revision in script.walk_revisions()]
    assert line == [path.name[:4] for path in reversed(VERSIONS)]


def test_the_tables_are_those_of_the_models(owner: Connection) -> None:
    context = MigrationContext.configure(owner, opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_run_down_and_up(own: TestDatabase, owner: Connection) -> None:
    for name in Base.metadata.tables:
        owner.execute(text(f'drop policy if exists own_school on "{name}"'))
    for signature in owner.scalars(
        text("select oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace")
    ).all():
        owner.execute(text(f"drop function if exists {signature} cascade"))
    command.downgrade(alembic_config(owner), "base")
    assert set(inspect(owner).get_table_names()) <= {"alembic_version"}
    owner.commit()
    migrate(own.owner_url, own.application_url)
    assert compare_metadata(MigrationContext.configure(owner), Base.metadata) == []


def test_migrating_again_changes_nothing(own: TestDatabase, owner: Connection) -> None:
    asked = text("select tablename, policyname, roles, cmd, qual, with_check from pg_policies order by 1, 2")
    before = owner.execute(asked).all()
    owner.commit()
    migrate(own.owner_url, own.application_url)
    assert owner.execute(asked).all() == before
