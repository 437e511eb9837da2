"""How Alembic reaches the database: by the connection that `portal migrate` opened, in its transaction."""

from alembic import context
from sqlalchemy import Connection

import portal.wiring  # noqa: F401
from portal.core.db.base import Base


def run() -> None:
    """Run the migrations on the connection that was handed over."""
    connection: Connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


run()
