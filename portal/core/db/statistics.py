"""What the planner is told of composite keys: an id says which school it is of. Put in place by `portal migrate`."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, MetaData, Table, text

from portal.core.db.session import session


def key_pairs(metadata: MetaData) -> Iterator[tuple[Table, str]]:
    """Return each school-owned table with its id and with each column that points to a row of the same school."""
    for table in metadata.sorted_tables:
        if table.info.get("school_owned"):
            for column in table.columns:
                if column.name == "id" or column.info.get("references"):
                    yield table, column.name


def statistics_name(table: Table, column: str) -> str:
    """Return the name of the statistics of a pair, short enough for PostgreSQL."""
    return f"keys_{table.name}__{column}"[:63]


def apply(connection: Connection, metadata: MetaData) -> None:
    """Make extended statistics on school and key; safe to run again.

    Without them the planner multiplies two chances that go together, expects one row where there are hundreds, and
    reads rows to throw them away.
    """
    for table, column in key_pairs(metadata):
        connection.execute(
            text(
                f'create statistics if not exists "{statistics_name(table, column)}" (ndistinct, dependencies) '
                f'on school_id, "{column}" from "{table.name}"'
            )
        )


@contextmanager
def joined_as_sets() -> Iterator[None]:
    """Let PostgreSQL join tables as whole sets inside the block, never row by row.

    For statements over all lessons and marks of a school: statistics don't tell how many rows a join on composite keys
    gives, so it expects a few where there are thousands, and goes through all of them again for each.
    """
    session.execute(text("set local enable_nestloop = off"))
    yield
    session.execute(text("set local enable_nestloop = on"))  # where the block failed the transaction ends anyway
