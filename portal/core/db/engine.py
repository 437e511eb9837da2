"""The engine: connections of the application's role, and how their statements are prepared and planned."""

from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext

_PREPARED_AT = 2
"""A statement that comes by so often on a connection is prepared on the server."""
_PREPARED_MOST = 300
_GENERIC_PLANS = "-c plan_cache_mode=force_generic_plan"
_PATIENCE = "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
_OUTDATED = (psycopg.errors.FeatureNotSupported, psycopg.errors.InvalidSqlStatementName)
"""What a connection says whose prepared statements no longer fit: a migration changed the columns that they return."""


def make_engine(
    url: str, *, prepares: bool = True, plans_once: bool = False, limits: bool = False, **options: Any
) -> Engine:
    """Return an engine for the application's role; parameters never stand in an exception's text.

    `prepares` lets the driver prepare statements that are asked again and again; a pooler that hands out connections
    per transaction and doesn't know prepared statements needs it off. With `plans_once` PostgreSQL plans a prepared
    statement once for a connection, whatever its values are: pages run the same few statements, and planning them took
    longer than running them. Not for the worker: a statement over all marks of a school is worth a plan of its own.

    With `limits` PostgreSQL ends a statement after 30 seconds, a wait for a lock after 10, and a connection that does
    nothing within a transaction after 60, unless the address says otherwise in its own `options`. For pages, not for
    jobs. Neither this nor `plans_once` goes through such a pooler.

    A connection whose prepared statements no longer fit is replaced, with all others of the pool.
    """
    options.setdefault("hide_parameters", True)
    options.setdefault("pool_use_lifo", True)  # the connection used last has the most statements prepared
    arguments: dict[str, Any] = {"prepare_threshold": _PREPARED_AT if prepares else None}
    if prepares and (plans_once or limits):
        given = make_url(url).normalized_query.get("options", ())
        ours, last = _PATIENCE if limits else "", _GENERIC_PLANS if plans_once else ""
        arguments["options"] = " ".join((ours, *given, last))
    engine = create_engine(url, connect_args=arguments, **options)

    @event.listens_for(engine, "connect")
    def keep_more_statements(connection: "psycopg.Connection[Any]", _record: object) -> None:
        connection.prepared_max = _PREPARED_MOST

    @event.listens_for(engine, "handle_error")
    def replace_outdated(context: ExceptionContext) -> None:
        if isinstance(context.original_exception, _OUTDATED):
            context.is_disconnect = True

    return engine
