"""A job begins with nothing of the one before it, and leaves nothing behind."""

from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import PORTAL, Actor, current_actor, set_actor
from portal.core.jobs import KINDS, Job, Run, ask, job
from portal.core.jobs.execution import deliver
from portal.schools.models import School
from portal.schools.queries import current_school
from tests.seed import SCHOOLS

HERE = SCHOOLS[0].id
LEFT: ContextVar[str | None] = ContextVar("left", default=None)
Seen = list[dict[str, Any]]


@pytest.fixture
def seen(database: Engine) -> Iterator[Seen]:
    """What each job of the kind "tests.looks" saw."""
    found: Seen = []

    @job("tests.looks")
    def looks(_run: Run) -> None:
        found.append({"idle": current_school().idle_minutes, "actor": current_actor(), "left": LEFT.get()})
        LEFT.set("something")
        set_actor(Actor(account_id=None, name="somebody"))

    yield found
    KINDS.pop("tests.looks")


def asked() -> UUID:
    with in_school(HERE):
        return ask("tests.looks", {}).id


@pytest.mark.parametrize(("retries_lost", "state"), [(True, "done"), (False, "failed")])
def test_a_job_that_may_have_ended_its_worker_is_tried_again_only_where_that_is_wanted(
    database: Engine, retries_lost: bool, state: str
) -> None:
    done: list[int] = []

    @job("tests.reads", retries_lost=retries_lost)
    def reads(run: Run) -> None:
        done.append(run.attempt)

    try:
        with in_school(HERE):
            job_id = ask("tests.reads", {}).id
        with in_school(HERE):  # as the sweep leaves a job whose worker is gone
            lost = session.get_one(Job, (HERE, job_id))
            lost.attempts, lost.failure = 1, "worker_lost"
        deliver(str(HERE), str(job_id))
    finally:
        KINDS.pop("tests.reads")

    with in_school(HERE):
        ended = session.get_one(Job, (HERE, job_id))
        assert (ended.state, ended.failure) == (state, None if retries_lost else "worker_lost")
    assert done == ([2] if retries_lost else [])


def set_idle_minutes(minutes: int) -> None:
    with in_school(HERE):
        session.get_one(School, HERE).idle_minutes = minutes


def test_a_job_sees_the_school_as_it_stands_now(seen: Seen) -> None:
    for minutes in (31, 47):
        set_idle_minutes(minutes)
        deliver(str(HERE), str(asked()))
    assert [each["idle"] for each in seen] == [31, 47]


def test_nothing_that_a_job_set_is_there_for_the_next(seen: Seen) -> None:
    for _ in range(2):
        deliver(str(HERE), str(asked()))
    assert [(each["actor"], each["left"]) for each in seen] == [(PORTAL, None)] * 2
    assert (current_actor(), LEFT.get()) == (None, None)
    assert not session().in_transaction()
