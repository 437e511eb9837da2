"""The worker's processes: one that looks after the others and sweeps, and so many that do jobs."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from multiprocessing.context import ForkContext, ForkProcess
from typing import Any

import structlog
from redis import Redis
from redis.client import Pipeline
from rq import Queue, SimpleWorker
from rq.cron import CronJob, CronScheduler
from rq.job import Job as RedisJob
from rq.serializers import JSONSerializer
from rq.worker import DequeueStrategy

from portal.config import settings
from portal.core.crypto import key_store
from portal.core.db import session as database
from portal.core.garbage import pass_over_what_stays
from portal.core.jobs import execution, leases, transport
from portal.core.jobs.sweep import tick
from portal.core.redis import reset_redis

_log = structlog.get_logger(__name__)

SWEEP_SECONDS = 1
DUE_SECONDS = 10
WATCH_SECONDS = 60
STOP_SECONDS = 20
_JOBS_A_PROCESS = 5000
_BEAT_SECONDS = 10.0
_LOOK_SECONDS = 1.0


class _Worker(SimpleWorker):
    """RQ's worker without a fork for each job: a process that dies is replaced, and its lease lapses."""

    max_connection_wait_time = 2.0
    log_result_lifespan = False

    _beaten_at = -_BEAT_SECONDS

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Tell Redis that this worker lives: not three times for each job, but every ten seconds."""
        if pipeline is None and time.monotonic() - self._beaten_at < _BEAT_SECONDS:
            return
        self._beaten_at = time.monotonic()
        super().heartbeat(timeout, pipeline)

    def set_state(self, state: str, pipeline: Pipeline | None = None) -> None:
        """Tell Redis what this worker is at, when that is something else than it was."""
        if state != self.get_state():
            super().set_state(state, pipeline)

    def handle_warm_shutdown_request(self) -> None:
        """Let the job in hand go back where it looks, so that stopping doesn't wait for a long one."""
        leases.stop_soon()


def _stop_with_parent(parent: int) -> None:
    """Ask this process to stop once its parent has died, which only Linux would tell it by itself."""
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def _do_jobs(lanes: list[str], parent: int) -> None:
    """Be one of the processes: take ids from these lanes in turn, until asked to stop or the parent has died."""
    threading.Thread(target=_stop_with_parent, args=(parent,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    database.engine().dispose(close=False)
    key_store.forget(in_child=True)
    reset_redis()
    connection = Redis.from_url(settings().redis_url, socket_connect_timeout=2)
    queues = [Queue(lane, connection=connection, serializer=JSONSerializer) for lane in lanes]
    worker = _Worker(queues, connection=connection, serializer=JSONSerializer, log_job_description=False, worker_ttl=60)
    worker.work(logging_level="WARNING", max_jobs=_JOBS_A_PROCESS, dequeue_strategy=DequeueStrategy.ROUND_ROBIN)


class Workers:
    """The processes of one `portal worker`, started again when one dies."""

    def __init__(self, processes: int, watch: Callable[[], None] | None = None) -> None:
        self._watch = watch
        self._fork: ForkContext = multiprocessing.get_context("fork")
        self._lanes = [_lanes(number, processes) for number in range(processes)]
        self._running: dict[int, ForkProcess] = {}
        self._started: dict[int, float] = {}
        self._is_stopping = False

    def stop(self, *_signal: Any) -> None:
        """Ask all to stop; the loop of `run` ends once they have."""
        self._is_stopping = True

    def restart_dead(self) -> None:
        """Start those that aren't there; one that died within a second waits its second."""
        for number, lanes in enumerate(self._lanes):
            process = self._running.get(number)
            if process is not None and process.is_alive():
                continue
            if process is not None:
                _log.warning("process_ended", process=number, code=process.exitcode)
                process.close()
                del self._running[number]
            if time.monotonic() - self._started.get(number, 0.0) >= 1:
                self._started[number] = time.monotonic()
                arguments = (lanes, os.getpid())
                self._running[number] = self._fork.Process(target=_do_jobs, args=arguments, name=f"worker {number}")
                self._running[number].start()

    def run(self) -> None:
        """Look after the processes and tick, until asked to stop; then wait for them, and end those that don't."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        due_at, look_at = 0.0, time.monotonic() + DUE_SECONDS
        while not self._is_stopping:
            self.restart_dead()
            if self._watch is not None and time.monotonic() >= look_at:
                self._watch()
                look_at = time.monotonic() + WATCH_SECONDS
            also_due = time.monotonic() >= due_at
            tick(also_due=also_due)
            if also_due:
                due_at = time.monotonic() + DUE_SECONDS
            time.sleep(SWEEP_SECONDS)
        self._end()

    def _end(self) -> None:
        for process in self._running.values():
            with suppress(ProcessLookupError):
                os.kill(process.pid or 0, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            process.join(max(0.1, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()


def _lanes(number: int, processes: int) -> list[str]:
    """Of several processes the first does no slow jobs, so that one is always soon free for the quick."""
    return [transport.QUICK] if number == 0 and processes > 1 else [transport.QUICK, transport.SLOW]


def run_worker(
    make_context: Callable[[], AbstractContextManager[Any]], processes: int, watch: Callable[[], None] | None = None
) -> None:
    """Be the worker, until TERM or INT. Each job runs in a context of its own: the app's, for its mails and texts.

    `watch` is called each minute by the process that looks after the others.
    """
    execution.job_context = make_context
    pass_over_what_stays()
    Workers(processes, watch).run()


class _Tick(CronJob):
    """RQ's timed job, put into our lane in our way; one that nobody takes within its time is dropped."""

    def enqueue(self, connection: Redis) -> RedisJob:
        """Put the tick into the quick lane."""
        lane = Queue(transport.QUICK, connection=connection, serializer=JSONSerializer)
        return lane.enqueue(self.func_name, result_ttl=0, failure_ttl=60, ttl=max(5, int(self.interval or 5)))


def run_schedule() -> None:
    """Be RQ's cron: tick through the queue, for where no worker's own ticker is trusted. Two of them do no harm."""
    scheduler = CronScheduler(Redis.from_url(settings().redis_url), logging_level="WARNING")
    scheduler.get_jobs().append(_Tick(transport.QUICK, func=tick, interval=5))
    _log.info("schedule_started")
    scheduler.start()  # type: ignore[no-untyped-call]
