"""How far the clock of each process is from the database's: told each minute, compared by who looks for alarms."""

import json
import threading
import time
from collections.abc import Iterator

import structlog
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from portal.config import Settings
from portal.core.alarms.sources import Sources
from portal.core.clock import now
from portal.core.redis import as_text, key

_log = structlog.get_logger(__name__)

SECONDS_APART = 10
EVERY_SECONDS = 60
_KNOWN_SECONDS = 300
_MOMENT = "select extract(epoch from clock_timestamp())::float8 as at"


def measure(sources: Sources) -> tuple[float, float]:
    """Return how many seconds this process is ahead of the database, and the time there; raises SQLAlchemyError."""
    before = now().timestamp()
    at = float(sources.rows(_MOMENT)[0].at)
    return (before + now().timestamp()) / 2 - at, at


def tell(sources: Sources, part: str) -> None:
    """Tell how far the clock of this process is off; `part` is web or worker. Raises SQLAlchemyError, RedisError."""
    ahead, at = measure(sources)
    sources.redis.hset(key("clocks"), f"{part} {sources.machine}", json.dumps([ahead, at]))


def list_clocks(sources: Sources) -> Iterator[tuple[str, float]]:
    """Yield of each process that told lately how many seconds it is ahead; raises SQLAlchemyError, RedisError."""
    ahead, at = measure(sources)
    yield f"this process on {sources.machine}", ahead
    for part, said in sorted(sources.redis.hgetall(key("clocks")).items()):
        its, told_at = json.loads(said)
        if at - told_at < _KNOWN_SECONDS:
            yield as_text(part), float(its)


def tell_always(settings: Settings, part: str) -> None:
    """Tell it each minute from a thread, until the process ends."""
    sources = Sources(settings)

    def tell_on() -> None:
        while True:
            try:
                tell(sources, part)
            except (SQLAlchemyError, RedisError) as error:
                _log.warning("clock_not_told", error=type(error).__name__)
            time.sleep(EVERY_SECONDS)

    threading.Thread(target=tell_on, name="clock", daemon=True).start()
