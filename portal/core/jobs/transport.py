"""Redis as the carrier of job ids, through RQ. It may lose all it has: the sweep finds every job again."""

import time
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import structlog
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.queue import EnqueueData
from rq.serializers import JSONSerializer

from portal.config import settings
from portal.core.db.session import joined_connection

_log = structlog.get_logger(__name__)

QUICK, SLOW = "portal-quick", "portal-slow"
WORK = "portal.core.jobs.execution.deliver"
SECONDS_TO_REDIS = 0.5
_SECONDS_LEFT_ALONE = 5.0
_KEPT_AFTER_FAILURE_SECONDS = 60


class Handed(NamedTuple):
    """A job whose id goes to Redis: all that Redis ever hears of it."""

    school_id: UUID
    job_id: UUID
    is_slow: bool
    seconds: int


@lru_cache(maxsize=1)
def redis() -> Redis:
    """Return the connections on which ids are handed over: half a second, no second try, for a page waits for it."""
    return Redis.from_url(
        settings().redis_url,
        socket_connect_timeout=SECONDS_TO_REDIS,
        socket_timeout=SECONDS_TO_REDIS,
        retry=Retry(NoBackoff(), 0),
    )


@lru_cache(maxsize=2)
def queue(name: str) -> Queue:
    """Return one of the two lanes."""
    return Queue(name, connection=redis(), serializer=JSONSerializer)


class _Rest:
    """After a failure Redis is left alone for five seconds, so that not every page waits for it."""

    until = 0.0


def hand_over(jobs: Iterable[Handed]) -> bool:
    """Give job ids to RQ; says whether it succeeded, and never raises: what fails here is swept up later.

    Inside somebody else's transaction nothing is committed yet, so nothing is handed over.
    """
    if joined_connection() is not None:
        return False
    by_lane: dict[str, list[Handed]] = {}
    for each in jobs:
        by_lane.setdefault(SLOW if each.is_slow else QUICK, []).append(each)
    if not by_lane:
        return True
    if time.monotonic() < _Rest.until:
        return False
    try:
        for lane, handed in by_lane.items():
            queue(lane).enqueue_many([_data(each) for each in handed])
    except RedisError as error:
        _Rest.until = time.monotonic() + _SECONDS_LEFT_ALONE
        _log.warning("redis_unreachable", error=type(error).__name__)
        return False
    return True


def _data(each: Handed) -> EnqueueData:
    return Queue.prepare_data(
        WORK,
        args=(str(each.school_id), str(each.job_id)),
        timeout=each.seconds,
        result_ttl=0,
        failure_ttl=_KEPT_AFTER_FAILURE_SECONDS,
        description="",
        job_id=str(each.job_id),
    )


def waiting_in_redis() -> set[UUID] | None:
    """Return the ids that wait in both lanes, or None when Redis can't be reached."""
    try:
        return {UUID(job_id) for name in (QUICK, SLOW) for job_id in queue(name).get_job_ids()}
    except RedisError:
        return None


def forget_connections() -> None:
    """In a forked child: make connections of its own."""
    queue.cache_clear()
    redis.cache_clear()
