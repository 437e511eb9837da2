"""The operator's own port: is it well (`/gezond`), and figures (`/metrics`). Nobody's data."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from portal.config import Settings
from portal.core.alarms.names import AlarmName
from portal.core.alarms.services import Found, find_alarms
from portal.core.alarms.sources import Sources

_SECONDS = 2
_ALARMS_SECONDS = 20
"""For so long what was found counts: looking costs some statements."""


class Health:
    """Asks each part whether it answers, within two seconds each."""

    def __init__(self, settings: Settings) -> None:
        patience = {"connect_timeout": _SECONDS}  # a health check opens its own connections: a pool would hide a fault
        plain: dict[str, Any] = {"poolclass": NullPool, "connect_args": patience, "hide_parameters": True}
        self.engine = create_engine(settings.database_url, **plain)
        self.keys = create_engine(settings.keys_url, **plain)
        self.redis = Redis.from_url(settings.redis_url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)

    def parts(self) -> dict[str, bool]:
        """Return for each part whether it answers."""
        return {
            "database": _answers(lambda: self._ask(self.engine)),
            "keys": _answers(lambda: self._ask(self.keys)),
            "redis": _answers(self.redis.ping),
        }

    @staticmethod
    def _ask(engine: Any) -> None:
        with engine.connect() as connection:
            connection.execute(text("select 1"))

    def jobs(self) -> list[tuple[str, str, int, float]]:
        """Return how many jobs of all schools are in each lane and state, and how many seconds the oldest is there."""
        with self.engine.connect() as connection:
            rows = connection.execute(text("select * from count_jobs()")).all()
        return [
            ("slow" if row.is_slow else "quick", str(row.state), row.jobs, float(row.oldest_seconds)) for row in rows
        ]


def _answers(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (SQLAlchemyError, RedisError, OSError):
        return False
    return True


class _Figures:
    """Makes the figures anew each time they are asked."""

    def __init__(self, health: Health, sources: Sources) -> None:
        self.health, self.sources = health, sources
        self._found: Found | None = None
        self._found_at = 0.0

    def collect(self) -> Iterator[Metric]:
        """Yield what is up, the alarms, and the jobs by lane and state."""
        parts = self.health.parts()
        up = GaugeMetricFamily("inzage_up", "Whether a part answers", labels=["part"])
        for name, answers in parts.items():
            up.add_metric([name], float(answers))
        yield up
        yield self._alarms()
        if not parts["database"]:
            return
        count = GaugeMetricFamily("inzage_jobs", "Jobs by lane and state", labels=["lane", "state"])
        oldest = GaugeMetricFamily("inzage_jobs_oldest_seconds", "Age of the oldest job", labels=["lane", "state"])
        for lane, state, jobs, seconds in self.health.jobs():
            count.add_metric([lane, state], jobs)
            oldest.add_metric([lane, state], seconds)
        yield count
        yield oldest

    def _alarms(self) -> Metric:
        """Return each alarm as 1 where it is on and 0 where it is off; none of which nothing can be said now."""
        if self._found is None or time.monotonic() - self._found_at > _ALARMS_SECONDS:
            self._found, self._found_at = find_alarms(self.sources), time.monotonic()
        on = {each.name for each in self._found.alarms}
        alarms = GaugeMetricFamily("inzage_alarm", "Whether an alarm is on, by the names in docs", labels=["name"])
        for name in AlarmName:
            if name not in self._found.unknown:
                alarms.add_metric([name], float(name in on))
        return alarms


def make_operator_app(settings: Settings) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    """Return the WSGI app of the operator's port."""
    health = Health(settings)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(health, Sources(settings)))

    def app(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/gezond":
            parts = health.parts()
            start(
                "200 OK" if all(parts.values()) else "503 Service Unavailable", [("Content-Type", "application/json")]
            )
            return [json.dumps(parts).encode()]
        if path == "/metrics":
            start("200 OK", [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")])
            return [generate_latest(registry)]
        start("404 Not Found", [("Content-Type", "text/plain")])
        return [b"not found\n"]

    return app


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write nothing: a check every few seconds says nothing new."""


def serve_operator(settings: Settings, host: str, port: int) -> None:
    """Answer on the operator's port from a thread until the process ends; raises OSError for a taken port."""
    server = make_server(host, port, make_operator_app(settings), handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, name="operator", daemon=True).start()
