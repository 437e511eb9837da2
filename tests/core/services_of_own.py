"""A PostgreSQL and a Redis for tests that stop and kill them, and a real worker on them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import psutil
import redis as redis_client
from sqlalchemy import create_engine, make_url, text

from portal import config
from portal.core.crypto import key_store, keys
from portal.core.crypto.copies import prepare_copy
from portal.core.db import migrations
from portal.core.db import session as database
from portal.core.db.engine import make_engine
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.jobs import Job, get_job
from portal.core.mail import Mail
from portal.core.redis import reset_redis
from portal.demo.postgres import Postgres
from portal.demo.redis import Redis
from portal.schools.models import School

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
ONE, OTHER = UUID(int=0x0190_0000_0000_7000_8000_0000_0000_0A01), UUID(int=0x0190_0000_0000_7000_8000_0000_0000_0A02)


@dataclass
class Services:
    """Both servers, their addresses, and the workers that were started on them."""

    postgres: Postgres
    redis: Redis
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self, processes: int = 1) -> subprocess.Popen[bytes]:
        """Start the worker with the tests' own kinds of job."""
        return self._start("-m", "tests.core.worker_for_tests", str(processes))

    def start_portal_worker(self) -> subprocess.Popen[bytes]:
        """Start `portal worker` as it is, with one process that does jobs."""
        return self._start("-c", "from portal.cli import main; main()", "worker", "--processes", "1")

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / "worker.log").open("ab") as log:
            self.workers.append(subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=log, stderr=log))
        return self.workers[-1]

    def stop_workers(self) -> None:
        """End every worker, whatever state it is in."""
        for process in self.workers:
            kill(process, with_children=True)
        self.workers.clear()

    def client(self) -> redis_client.Redis:
        """A connection to the Redis of these tests."""
        return redis_client.Redis.from_url(self.redis.url() or "")


def children(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The processes that do jobs."""
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def kill(process: subprocess.Popen[bytes], *, with_children: bool) -> None:
    """Kill with -9: the worker as a whole, or only those that do jobs."""
    doing = children(process)
    if with_children:
        process.kill()
        process.wait()
    for child in doing:
        with suppress(psutil.NoSuchProcess):
            child.kill()


def url_of(postgres: Postgres, name: str, user: str = "portal_owner") -> str:
    url = make_url(postgres.url(user, name)).set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


@contextmanager
def services(folder: Path, **settings: str) -> Iterator[Services]:
    """Start both servers, make the tables and two schools, and let this process use them; `settings` of PostgreSQL."""
    made = Services(Postgres(folder, careless=True), Redis(folder), folder)
    made.postgres.settings |= settings
    made.postgres.start()
    made.redis.start()
    kept_bind = session.get_bind() if database.is_bound() else None
    session.remove()
    kept_environment = dict(os.environ)
    try:
        _prepare(made)
        yield made
    finally:
        os.environ.clear()
        os.environ.update(kept_environment)
        _forget()
        made.stop_workers()
        engine = database.engine()
        session.remove()
        session.configure(bind=kept_bind)
        engine.dispose()
        made.redis.stop()
        made.postgres.stop()


def _forget() -> None:
    config.settings.cache_clear()
    key_store.forget()
    reset_redis()


def _prepare(made: Services) -> None:
    admin = create_engine(url_of(made.postgres, "postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("create database main"))
        connection.execute(text("create database keyring"))
    admin.dispose()
    owner, application = url_of(made.postgres, "main"), url_of(made.postgres, "main", "portal_app")
    keyring = url_of(made.postgres, "keyring", "portal_app")
    migrations.migrate(owner, application)
    for name in ("keyring", "keyring_copy"):
        prepare_copy(url_of(made.postgres, "keyring"), url_of(made.postgres, name, "portal_app"))
    os.environ.update(
        DATABASE_URL=application,
        PORTAL_KEYS_URL=keyring,
        PORTAL_KEYS_COPY_URL=url_of(made.postgres, "keyring_copy", "portal_app"),
        REDIS_URL=made.redis.url() or "",
        PORTAL_FILES_DIR=str(made.folder / "files"),
        PORTAL_MAIL_DIR=str(made.folder / "mail"),
    )
    _forget()
    database.bind(make_engine(application))
    for school_id, slug in ((ONE, "one"), (OTHER, "other")):
        keys.add_school(school_id)
        with in_school(school_id):
            session.add(School(id=school_id, slug=slug, name=slug, hue=1))


def eventually(ask: Callable[[], T], *, seconds: float) -> T:
    """Ask again and again until the answer is true, and return it; fails after so many seconds."""
    until = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s")
        time.sleep(0.05)


def state_of(school_id: UUID, job_id: UUID) -> str:
    """The state of a job as it stands now."""
    return look(school_id, job_id).state


def look(school_id: UUID, job_id: UUID) -> Job:
    """The row of a job as it stands now."""
    with in_school(school_id):
        return get_job(job_id)


def effects(school_id: UUID, mark: str) -> int:
    """How often a job of the tests left its mark."""
    with in_school(school_id):
        return session.query(Mail).where(Mail.template == mark).count()
