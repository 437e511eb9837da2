"""Databases for the tests of upgrades: one at the state of a release, and who may fill it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from alembic import command
from sqlalchemy import create_engine, make_url, text

from portal.core.db.migrations import alembic_config
from tests.database import TestDatabase


def as_superuser(database: TestDatabase) -> str:
    """Return the address of a test's database for the server's superuser, as psycopg takes it."""
    return make_url(database.owner_url).set(drivername="postgresql", username="postgres").render_as_string(False)


@contextmanager
def at_revision(database: TestDatabase, revision: str) -> Iterator[str]:
    """Yield the owner's address of an empty database beside another one, with the tables of a revision."""
    name = f"upgrade_{uuid4().hex[:12]}"
    beside = make_url(database.owner_url)
    admin = create_engine(beside.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    try:
        owner = beside.set(database=name)
        engine = create_engine(owner)
        with engine.begin() as connection:
            command.upgrade(alembic_config(connection), revision)
        engine.dispose()
        yield owner.render_as_string(hide_password=False)
    finally:  # as superuser: the server itself may be vacuuming in it
        superuser = create_engine(beside.set(database="postgres", username="postgres"), isolation_level="AUTOCOMMIT")
        with superuser.connect() as connection:
            connection.execute(text(f"drop database if exists {name} with (force)"))
        superuser.dispose()
        admin.dispose()
