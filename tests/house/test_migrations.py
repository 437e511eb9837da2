"""Migrations are one numbered line, make what the models say, and go forward only."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

import portal.wiring  # noqa: F401
from portal.core.db.base import Base
from portal.core.db.migrations import migrate
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


def test_migrations_go_forward_only() -> None:
    assert not [path.name for path in VERSIONS if "def downgrade" in path.read_text()]


def test_migrating_again_changes_nothing(own: TestDatabase, owner: Connection) -> None:
    asked = text("select tablename, policyname, roles, cmd, qual, with_check from pg_policies order by 1, 2")
    before = owner.execute(asked).all()
    owner.commit()
    migrate(own.owner_url, own.application_url)
    assert owner.execute(asked).all() == before
