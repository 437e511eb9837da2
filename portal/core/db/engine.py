"""The engine: connections of the application's role, and how their statements are planned."""

from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext

OUTDATED = (psycopg.errors.FeatureNotSupported, psycopg.errors.InvalidSqlStatementName)
"""What a connection says whose prepared statements no longer fit: a migration changed the columns that they return."""


def make_engine(url: str, **options: Any) -> Engine:
    """Return an engine for the application's role; parameters never stand in an exception's text.

    A connection whose prepared statements no longer fit is replaced, with all others of the pool.
    """
    options.setdefault("pool_pre_ping", False)
    options.setdefault("hide_parameters", True)
    options.setdefault("pool_use_lifo", True)  # the connection used last knows its statements best
    engine = create_engine(url, **options)

    @event.listens_for(engine, "handle_error")
    def replace_outdated(context: ExceptionContext) -> None:
        if isinstance(context.original_exception, OUTDATED):
            context.is_disconnect = True

    return engine


def plans_once(engine: Engine) -> Engine:
    """Let PostgreSQL plan each statement once for a connection, whatever its values are; returns the engine.

    Pages run the same few statements again and again, and planning them took longer than running them. Not for the
    worker: a statement over all marks of a school is worth a plan of its own.
    """

    @event.listens_for(engine, "connect")
    def keep_plans(connection: Any, _record: Any) -> None:
        connection.prepared_max = 300
        connection.execute("set plan_cache_mode = force_generic_plan")
        connection.commit()

    return engine
