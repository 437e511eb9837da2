"""Nothing is lost and nothing done twice, with a real worker: killed, Redis emptied, delivered thrice, frozen."""

import os
import signal
import time
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

import tests.core.kinds_for_tests  # noqa: F401
from portal.core.db.scope import in_school
from portal.core.jobs import DONE, RUNNING, ask, transport
from portal.core.redis import reset_redis
from tests.core.services_of_own import ONE, Services, children, effects, eventually, kill, look, services, state_of


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, environment: None) -> Iterator[Services]:
    with services(tmp_path_factory.mktemp("own")) as made:
        yield made


@pytest.fixture(autouse=True)
def stopped(world: Services) -> Iterator[None]:
    yield
    world.stop_workers()


def asked(kind: str, mark: str, **arguments: object) -> UUID:
    with in_school(ONE):
        return ask(kind, {"mark": mark, **arguments}).id


@pytest.mark.sample(0.5)
@pytest.mark.parametrize("with_children", [True, False], ids=["all of it", "those that do jobs"])
def test_killed_in_the_middle(world: Services, with_children: bool) -> None:
    mark = str(uuid4())
    process = world.start_worker()
    job_id = asked("tests.long", mark, seconds=3)
    eventually(lambda: look(ONE, job_id).done > 3, seconds=30)
    kill(process, with_children=with_children)
    if with_children:
        world.start_worker()
    eventually(lambda: state_of(ONE, job_id) == DONE, seconds=30)
    assert (effects(ONE, mark), look(ONE, job_id).attempts) == (1, 2)


def test_steps_that_were_kept_are_not_done_again(world: Services) -> None:
    mark = str(uuid4())
    process = world.start_worker()
    job_id = asked("tests.steps", mark, seconds=3)
    eventually(lambda: effects(ONE, mark) == 1, seconds=30)
    kill(process, with_children=False)
    eventually(lambda: state_of(ONE, job_id) == DONE, seconds=20)
    assert effects(ONE, mark) == 2


def test_redis_emptied_with_jobs_waiting(world: Services) -> None:
    mark = str(uuid4())
    jobs = [asked("tests.quick", mark) for _ in range(20)]
    world.client().flushall()
    world.start_worker()
    eventually(lambda: all(state_of(ONE, each) == DONE for each in jobs), seconds=30)
    assert effects(ONE, mark) == 20


def test_asked_while_redis_is_away(world: Services) -> None:
    mark = str(uuid4())
    world.redis.stop()
    began = time.monotonic()
    jobs = [asked("tests.quick", mark) for _ in range(5)]
    assert time.monotonic() - began < 2
    world.redis.start()
    reset_redis()
    world.start_worker()
    eventually(lambda: all(state_of(ONE, each) == DONE for each in jobs), seconds=30)
    assert effects(ONE, mark) == 5


def test_delivered_three_times(world: Services) -> None:
    mark = str(uuid4())
    job_id = asked("tests.quick", mark)
    for _ in range(2):
        transport.hand_over([transport.Handed(ONE, job_id, False, 600)])
    world.start_worker(2)
    eventually(lambda: state_of(ONE, job_id) == DONE, seconds=30)
    eventually(lambda: not transport.waiting_in_redis(), seconds=5)
    assert (effects(ONE, mark), look(ONE, job_id).attempts) == (1, 1)


def test_frozen_beyond_its_lease_and_thawed(world: Services) -> None:
    mark = str(uuid4())
    first = world.start_worker()
    earlier = asked("tests.quick", str(uuid4()))
    eventually(lambda: state_of(ONE, earlier) == DONE, seconds=30)
    time.sleep(1)  # what a first worker writes down as it starts is stored: frozen in that, it would hold up the second
    job_id = asked("tests.deaf", mark, seconds=2)
    eventually(lambda: state_of(ONE, job_id) == RUNNING, seconds=30)
    frozen = [process.pid for process in children(first)]
    for pid in [first.pid, *frozen]:
        os.kill(pid, signal.SIGSTOP)
    world.start_worker()
    eventually(lambda: state_of(ONE, job_id) == DONE, seconds=20)
    for pid in [*frozen, first.pid]:
        os.kill(pid, signal.SIGCONT)
    time.sleep(3)
    assert (effects(ONE, mark), look(ONE, job_id).attempts) == (1, 2)


def test_postgresql_away_for_ten_seconds(world: Services) -> None:
    mark = str(uuid4())
    world.start_worker(2)
    running = asked("tests.long", mark, seconds=4)
    eventually(lambda: state_of(ONE, running) == RUNNING, seconds=30)
    waiting = [asked("tests.deaf", mark, seconds=1) for _ in range(3)]
    world.postgres.stop()
    time.sleep(10)
    world.postgres.start()
    _reconnect()
    eventually(lambda: all(state_of(ONE, each) == DONE for each in [running, *waiting]), seconds=40)
    assert effects(ONE, mark) == 4


def _reconnect() -> None:
    from portal.core.db.session import engine

    engine().dispose()


def test_stops_on_term_and_gives_back_what_it_did(world: Services) -> None:
    mark = str(uuid4())
    process = world.start_worker()
    job_id = asked("tests.long", mark, seconds=4)
    eventually(lambda: look(ONE, job_id).done > 3, seconds=30)
    process.terminate()
    assert process.wait(10) == 0
    row = look(ONE, job_id)
    assert (row.state, row.attempts, effects(ONE, mark)) == ("waiting", 0, 0)
    world.start_worker()
    eventually(lambda: state_of(ONE, job_id) == DONE, seconds=30)
    assert effects(ONE, mark) == 1
