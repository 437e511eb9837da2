"""The lease on a running job: six seconds, beaten every two by a thread on a connection of its own."""

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, func, text
from sqlalchemy.exc import SQLAlchemyError

from portal.core.db.session import joined_connection
from portal.core.db.transactions import independent_transaction

_log = structlog.get_logger(__name__)

LEASE_SECONDS = 6
BEAT_SECONDS = 2
_LOOK_SECONDS = 0.5
_SHOWN_EVERY_SECONDS = 0.3

_BEAT = text(
    "update job set lease_until = clock_timestamp() + make_interval(secs => :seconds),"
    " done = :done, total = :total"
    " where school_id = current_school() and id = :id and lease = :lease returning is_cancel_asked"
)


class LeaseLost(Exception):
    """Another worker has taken the job over: what this one did is rolled back."""


class Lease:
    """The right to do one job now, which lapses when nobody beats it."""

    def __init__(self, school_id: UUID, job_id: UUID, token: UUID, total: int | None) -> None:
        self.school_id = school_id
        self.job_id = job_id
        self.token = token
        self.is_lost = False
        self.is_cancel_asked = False
        self._done = 0
        self._total = total
        self._shown_at = 0.0
        self.beaten_at = time.monotonic()

    def show(self, done: int, total: int | None) -> None:
        """Note how far the job is, and let others see it, at most three times a second and always at the end."""
        self._done = done
        self._total = total if total is not None else self._total
        moment = time.monotonic()
        if moment - self._shown_at >= _SHOWN_EVERY_SECONDS or done == self._total:
            self._shown_at = moment
            self.beat()

    def beat(self) -> None:
        """Hold on to the job for another while, on a connection of its own; a database that is away is tried later."""
        self.beaten_at = time.monotonic()
        values = {
            "id": self.job_id,
            "lease": self.token,
            "seconds": LEASE_SECONDS,
            "done": self._done,
            "total": self._total,
        }
        try:
            with independent_transaction(self.school_id) as connection:
                kept = connection.execute(_BEAT, values).scalar_one_or_none()
        except SQLAlchemyError as error:
            _log.warning("beat_failed", error=type(error).__name__)
            return
        if kept is None:
            self.is_lost = True
        else:
            self.is_cancel_asked = kept


class _Heart(threading.Thread):
    """Beats the lease of the job in hand; one thread for the life of a process, which a short job never wakes."""

    def __init__(self) -> None:
        super().__init__(name="lease", daemon=True)
        self.held: Lease | None = None
        self.beat_until = 0.0

    def run(self) -> None:
        """Look every half second whether a beat is due."""
        while True:
            time.sleep(_LOOK_SECONDS)
            held, moment = self.held, time.monotonic()
            if (
                held is not None
                and moment - held.beaten_at >= BEAT_SECONDS - _LOOK_SECONDS
                and moment < self.beat_until
            ):
                held.beat()


_hearts: dict[int, _Heart] = {}
_stopping = threading.Event()


def _heart() -> _Heart:
    """Return the heart of this process; a forked child gets one of its own."""
    heart = _hearts.get(os.getpid())
    if heart is None:
        heart = _hearts[os.getpid()] = _Heart()
        heart.start()
    return heart


@contextmanager
def beaten(held: Lease, seconds: int) -> Iterator[None]:
    """Beat this lease while the block runs, but no longer than `seconds`: a job that hangs is taken over.

    Inside somebody else's transaction there is no second connection to beat it on.
    """
    if joined_connection() is not None:
        yield
        return
    heart = _heart()
    heart.beat_until, heart.held = time.monotonic() + seconds, held
    try:
        yield
    finally:
        heart.held = None


def until() -> ColumnElement[Any]:
    """Return, for a statement, the moment until which a lease taken now holds."""
    return func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, LEASE_SECONDS)


def stop_soon() -> None:
    """Ask the job in hand to go back, where it looks: the worker is stopping."""
    _stopping.set()


def is_stopping() -> bool:
    """Say whether the worker is stopping."""
    return _stopping.is_set()


def as_json(facts: dict[str, Any] | None) -> str | None:
    """Return facts as JSON text, what JSON doesn't know as text."""
    return None if facts is None else json.dumps(facts, default=str)
