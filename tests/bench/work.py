"""The worker: from click to last step done, and no-op jobs against RQ alone."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from redis import Redis
from rq import Queue, SimpleWorker
from sqlalchemy import text

from portal.accounts.actors import actor_of
from portal.core import jobs
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.purposes.consents.services import give_consent
from portal.purposes.queries import get_withdrawal
from portal.purposes.withdrawals.services import withdraw_consent
from tests.bench.rows import Line
from tests.bench.setting import ROOT, Setting, end
from tests.conftest import school_id
from tests.factories.policy import in_force
from tests.signing_in import make_account

CLICKS = 12
NO_OPS = 300


def no_op() -> None:
    """Do nothing: what RQ alone takes for a job."""


@contextmanager
def working() -> Iterator[None]:
    """A worker for as long as the block runs, on the database that the environment names; idle when it begins."""
    import tests.core.kinds_for_tests  # noqa: F401

    process = subprocess.Popen(
        [sys.executable, "-m", "tests.core.worker_for_tests", "2"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _let_it_settle()
        yield
    finally:
        end(process)


def _let_it_settle() -> None:
    """Wait until the worker has begun, and is done with what is due for every school when it starts."""
    with in_school(school_id("lest-best")):
        jobs.ask("tests.nothing", {})
    quiet, until = 0, time.perf_counter() + 120
    while quiet < 20:
        if time.perf_counter() > until:
            raise RuntimeError("the worker doesn't come to rest")
        with in_school(None):
            left = session.scalar(text("select count(*) from count_jobs() where state <> 'waiting'"))
        quiet = 0 if left else quiet + 1
        time.sleep(0.1)


def withdraw(setting: Setting, learner_id: UUID) -> float:
    """Withdraw a consent and return the seconds until its last step is done."""
    with in_school(setting.school):
        account = make_account("Wie", "learner")
        by = actor_of(account.id, account.name, frozenset({"learner"}), learner_id=learner_id)
        give_consent(learner_id, "survey", version=in_force(), language="nl", by=by)
    began = time.perf_counter()
    with in_school(setting.school):
        withdrawal = withdraw_consent(learner_id, "survey", by=by)
        key = withdrawal.id
    while time.perf_counter() - began < 30:
        with in_school(setting.school):
            if get_withdrawal(key, SYSTEM).done_at is not None:
                return time.perf_counter() - began
        time.sleep(0.02)
    raise RuntimeError("a withdrawal was not carried out in 30 seconds")


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _rq_alone() -> float:
    redis = Redis.from_url(os.environ["REDIS_URL"])
    queue = Queue("bench", connection=redis)
    for _ in range(NO_OPS):
        queue.enqueue(no_op)
    began = time.perf_counter()
    SimpleWorker([queue], connection=redis).work(burst=True, logging_level="ERROR")
    return NO_OPS / (time.perf_counter() - began)


def through_the_table(setting: Setting) -> float:
    """Return how many jobs a second that do nothing go through the table and RQ."""
    with in_school(setting.large):
        for _ in range(NO_OPS):
            jobs.ask("tests.nothing", {})
    began = time.perf_counter()
    while time.perf_counter() - began < 60:
        with in_school(setting.large):
            left = session.scalar(
                text("select count(*) from job where kind = 'tests.nothing' and state not in ('done', 'failed')")
            )
        if not left:
            return NO_OPS / (time.perf_counter() - began)
        time.sleep(0.05)
    raise RuntimeError("no-op jobs were not done in a minute")


def lines(setting: Setting) -> Iterator[Line]:
    """Measure withdrawals with an idle queue, then while another school's jobs wait, and no-op jobs."""
    with working():
        withdraw(setting, setting.learners[99])
        idle = [withdraw(setting, learner_id) for learner_id in setting.learners[100 : 100 + CLICKS]]
        yield Line("withdrawal, click to done, p95", _p95(idle), 2, "s", note=f"median {statistics.median(idle):.2f} s")
        ours = statistics.median(through_the_table(setting) for _ in range(3))
        alone = statistics.median(_rq_alone() for _ in range(3))
        yield Line("no-op jobs against RQ alone", ours / alone, 0.6, at_least=True, note=f"{ours:.0f} /s")
        with in_school(setting.large):
            for _ in range(10_000):
                jobs.ask("tests.nothing", {})
        busy = [withdraw(setting, learner_id) for learner_id in setting.learners[200:206]]
        yield Line("withdrawal while another school has 10,000", _p95(busy), 10, "s")
