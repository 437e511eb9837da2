"""How the last backup and the last drill went, noted in Redis by the command that ran, on whichever machine.

Redis may lose it: an old backup still shows by its key (`checks`), and a failure by the next one.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

import structlog
from redis import Redis, RedisError

from portal.config import Settings
from portal.core.clock import now
from portal.core.redis import key

_log = structlog.get_logger(__name__)
_SECONDS = 2


class Task(StrEnum):
    """What the operator's timers run for all schools."""

    BACKUP = "backup"
    DRILL = "drill"


@dataclass(frozen=True)
class Note:
    """When it ran last, when it last went well, and what went wrong where it didn't the last time."""

    ran_at: str
    good_at: str | None
    failure: str | None

    @property
    def last_good(self) -> datetime | None:
        """When it last went well."""
        return datetime.fromisoformat(self.good_at) if self.good_at else None


def note(settings: Settings, task: Task, failure: str | None = None) -> None:
    """Note that a task went well, or how it failed; with Redis away only the log says so."""
    moment = now().isoformat()
    client = _client(settings)
    try:
        before = find_note(client, task)
        good_at = moment if failure is None else (before.good_at if before else None)
        client.set(key("hosting", task), json.dumps(asdict(Note(moment, good_at, failure))))
    except RedisError as error:
        _log.warning("task_not_noted", task=task.value, error=type(error).__name__)
    finally:
        client.close()


def find_note(client: Redis, task: Task) -> Note | None:
    """Return how a task went last, where that is known; raises RedisError."""
    found = client.get(key("hosting", task))
    return Note(**json.loads(found)) if isinstance(found, bytes) else None


def _client(settings: Settings) -> Redis:
    return Redis.from_url(settings.redis_url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)
