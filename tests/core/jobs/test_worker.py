"""The worker's commands: what it refuses, that it seals by itself, that no school waits for another."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import func, insert, make_url, select

import tests.core.kinds_for_tests  # noqa: F401
from portal.core import audit
from portal.core.audit import AuditUnsealed
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.jobs import DONE, Job, ask, transport
from portal.core.jobs.services import HANDED_PER_SCHOOL
from portal.demo.processes import is_alive
from tests.core.services_of_own import (
    ONE,
    OTHER,
    ROOT,
    Services,
    children,
    effects,
    eventually,
    look,
    services,
    state_of,
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, environment: None) -> Iterator[Services]:
    with services(tmp_path_factory.mktemp("own")) as made:
        yield made


@pytest.fixture(autouse=True)
def stopped(world: Services) -> Iterator[None]:
    yield
    world.stop_workers()
    with in_school(ONE):
        session.query(Job).where(Job.state != DONE).delete()


def portal(*words: str, stderr: int = subprocess.DEVNULL, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", "from portal.cli import main; main()", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=stderr,
    )


@pytest.mark.parametrize(("user", "why"), [("portal_owner", "owner"), ("postgres", "superuser")])
def test_it_refuses_to_start_with_a_powerful_role(world: Services, user: str, why: str) -> None:
    url = make_url(os.environ["DATABASE_URL"]).set(username=user).render_as_string(hide_password=False)
    process = portal("worker", stderr=subprocess.PIPE, DATABASE_URL=url)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 1
    assert why in told.decode()
    assert told.decode().count("\n") == 1


def test_its_processes_stop_when_it_is_killed_alone(world: Services) -> None:
    process = world.start_worker(2)
    doing = eventually(lambda: children(process) if len(children(process)) == 2 else [], seconds=30)
    time.sleep(1)  # until they take jobs
    process.kill()
    process.wait()
    eventually(lambda: not any(is_alive(child.pid) for child in doing), seconds=20)


@pytest.mark.promise("LB-08")
def test_it_seals_entries_and_does_what_comes_round_by_itself(world: Services) -> None:
    with in_school(ONE):
        audit.record("tests.done", learner_id=uuid4())
    process = portal("worker")
    world.workers.append(process)

    def sealed() -> bool:
        with in_school(ONE):
            return session.scalar(select(func.count()).select_from(AuditUnsealed)) == 0

    def swept() -> bool:
        with in_school(OTHER):
            done = select(func.count()).where(Job.kind == "files.sweep", Job.state == DONE)
            return session.scalar(done) == 1

    eventually(sealed, seconds=30)
    eventually(swept, seconds=30)
    process.terminate()
    assert process.wait(15) == 0


def test_it_looks_for_alarms_tells_its_clock_and_mails_the_operator(world: Services, tmp_path: Path) -> None:
    process = portal("worker", PORTAL_OPERATOR_EMAIL="beheer@hosting.example", PORTAL_MAIL_DIR=str(tmp_path))
    world.workers.append(process)
    (path,) = eventually(lambda: list(tmp_path.glob("*.eml")), seconds=60)
    assert "backup_old on" in path.read_text().replace("\n", "")
    assert [name for name in world.client().hkeys("inzage:clocks") if name.startswith(b"worker ")]


def test_the_cron_ticks_through_the_queue(world: Services) -> None:
    world.client().flushall()
    process = portal("schedule")
    world.workers.append(process)
    lane = Queue(transport.QUICK, connection=world.client(), serializer=JSONSerializer)
    eventually(lambda: [each.func_name for each in lane.jobs] == ["portal.core.jobs.sweep.tick"], seconds=20)
    process.terminate()
    process.wait(15)


def thousands(kind: str, mark: str, **arguments: object) -> None:
    """Ten thousand jobs of one school, in the table as `ask` leaves them once its share is handed over."""
    row = {
        "kind": kind, "arguments": {"mark": mark, **arguments}, "is_slow": kind == "tests.slow", "state": "waiting",
        "attempts_most": 1, "run_after": datetime.now(UTC),
    }  # fmt: skip
    with in_school(ONE):
        session.execute(insert(Job), [row] * 10_000)


@pytest.mark.sample(1 / 3)
@pytest.mark.parametrize("kind", ["tests.quick", "tests.long", "tests.slow"])
def test_ten_thousand_jobs_of_one_school_do_not_hold_up_another(world: Services, kind: str) -> None:
    busy, mark = str(uuid4()), str(uuid4())
    thousands(kind, busy, seconds=1)
    world.start_worker(2)
    eventually(lambda: effects(ONE, busy) > 0, seconds=20)
    time.sleep(2)
    with in_school(OTHER):
        quick = ask("tests.quick", {"mark": mark}).id
        slow = ask("tests.slow", {"mark": mark, "seconds": 1}).id
    handed_at = datetime.now(UTC)
    eventually(lambda: all(state_of(OTHER, each) == DONE for each in (quick, slow)), seconds=60)
    assert taken_before(quick, handed_at) <= 2 * HANDED_PER_SCHOOL
    assert taken_before(slow, handed_at) <= 2 * HANDED_PER_SCHOOL


def taken_before(job_id: UUID, handed_at: datetime) -> int:
    """How many jobs of the busy school were taken from its lane while this one waited: so many, however slow each."""
    waited = look(OTHER, job_id)
    meanwhile = Job.started_at.between(handed_at, waited.started_at)
    with in_school(ONE):
        return session.query(Job).where(Job.is_slow == waited.is_slow, meanwhile).count()
