"""Redis as the carrier of job ids, through RQ. It may lose all it has: the sweep finds every job again."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from redis import Redis, RedisError
from rq import Queue
from rq.queue import EnqueueData
from rq.serializers import JSONSerializer

from portal.core.db.session import joined_connection
from portal.core.redis import redis, with_redis

QUICK, SLOW = "portal-quick", "portal-slow"
WORK = "portal.core.jobs.execution.deliver"
_KEPT_AFTER_FAILURE_SECONDS = 60


class Handed(NamedTuple):
    """A job whose id goes to Redis: all that Redis ever hears of it."""

    school_id: UUID
    job_id: UUID
    is_slow: bool
    seconds: int


def queue(name: str) -> Queue:
    """Return one of the two lanes, on the connections that there are now."""
    return Queue(name, connection=redis(), serializer=JSONSerializer)


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

    def enqueue(_redis: Redis) -> bool:
        for lane, handed in by_lane.items():
            queue(lane).enqueue_many([_data(each) for each in handed])
        return True

    return with_redis(enqueue, lambda: False)


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


def drop_jobs_of(school_id: UUID) -> None:
    """Let both lanes forget the jobs of a school that left; raises RedisError."""
    for name in (QUICK, SLOW):
        for each in queue(name).get_jobs():
            if each.args and each.args[0] == str(school_id):
                each.delete()
