"""Asking for jobs, doing them, failing in words, cancelling, and what is asked only once."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog
from sqlalchemy import func, select, update

import tests.core.kinds_for_tests  # noqa: F401
from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.db.scope import checkpoint, current_school_id, in_school
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.jobs import Job, Run, ask, cancel, explain, get_job, job, perform
from portal.core.jobs.registry import KINDS
from portal.core.jobs.services import HANDED_PER_SCHOOL
from portal.core.mail import Mail
from tests.jobs import do_jobs
from tests.seed import SCHOOLS

pytestmark = pytest.mark.usefixtures("school")


def marks(mark: str) -> int:
    return session.scalars(select(func.count()).where(Mail.template == mark)).one()


@pytest.fixture
def kind() -> Iterator[Callable[..., None]]:
    """Declare a kind of job for one test."""
    made: list[str] = []

    def declare(name: str, work: Callable[[Run], None], **options: Any) -> None:
        job(name, **options)(work)
        made.append(name)

    yield declare
    for name in made:
        KINDS.pop(name, None)


def test_a_job_is_done_once_however_often_it_is_delivered() -> None:
    asked = ask("tests.quick", {"mark": "a"})
    assert do_jobs("tests.quick") == ["tests.quick"]
    assert perform(current_school_id(), asked.id) is None
    assert marks("a") == 1
    assert get_job(asked.id).state == "done"


def test_what_is_rolled_back_was_never_asked() -> None:
    with session.begin_nested() as savepoint:
        asked = ask("tests.quick", {"mark": "b"})
        savepoint.rollback()
    with pytest.raises(NotFound):
        get_job(asked.id)


def test_a_kind_that_nobody_declared_is_refused_at_once() -> None:
    with pytest.raises(LookupError, match="nobody"):
        ask("nobody.declared_this", {})


def test_the_same_thing_is_asked_once_until_it_is_done() -> None:
    first = ask("tests.quick", {"mark": "c"}, unique="x")
    assert ask("tests.quick", {"mark": "c"}, unique="x").id == first.id
    assert ask("tests.quick", {"mark": "c"}, unique="y").id != first.id
    do_jobs("tests.quick")
    assert ask("tests.quick", {"mark": "c"}, unique="x").id != first.id


def test_asking_for_the_same_thing_works_as_often_as_one_likes() -> None:
    assert len({ask("tests.quick", {"mark": "c"}, unique="z").id for _ in range(20)}) == 1


def test_later_is_not_now() -> None:
    asked = ask("tests.quick", {"mark": "d"}, run_after=now() + timedelta(hours=1))
    assert do_jobs("tests.quick") == []
    assert get_job(asked.id).state == "waiting"


def test_only_so_many_of_a_school_are_handed_over_and_those_that_end_let_the_next_go() -> None:
    asked = [ask("tests.quick", {"mark": "e"}) for _ in range(HANDED_PER_SCHOOL + 2)]
    states = [get_job(each.id).state for each in asked]
    assert states == ["handed"] * HANDED_PER_SCHOOL + ["waiting"] * 2
    for each in asked[:3]:
        perform(current_school_id(), each.id)
    assert [get_job(each.id).state for each in asked[-2:]] == ["handed", "handed"]


def test_a_failed_attempt_leaves_nothing_and_is_tried_again_after_a_pause() -> None:
    asked = ask("tests.broken", {"mark": "f"}).id
    perform(current_school_id(), asked)
    row = get_job(asked)
    assert (row.state, row.attempts, row.failure, marks("f")) == ("waiting", 1, "error", 0)
    assert row.run_after > row.asked_at + timedelta(seconds=1)


def fail_for_good() -> Job:
    asked = ask("tests.broken", {"mark": "g"}).id
    for _ in range(2):
        session.execute(update(Job).where(Job.id == asked).values(state="handed"))
        perform(current_school_id(), asked)
    return get_job(asked)


def test_the_last_failure_is_told_in_words_with_a_number_and_without_the_value(app: Any) -> None:
    row = fail_for_good()
    assert (row.state, row.attempts) == ("failed", 2)
    with app.test_request_context():
        words = explain(row)
    assert row.fault is not None
    assert row.fault in words
    assert "0612345678" not in f"{row.failure} {row.failure_facts} {words}"


def test_the_fault_is_in_the_log_with_its_number_and_without_the_value() -> None:
    with structlog.testing.capture_logs() as told:
        row = fail_for_good()
    log = str(told)
    assert str(row.fault) in log
    assert "kinds_for_tests.py" in log
    assert "0612345678" not in log


def test_a_refusal_ends_it_at_once_with_its_code() -> None:
    asked = ask("tests.refused", {})
    do_jobs("tests.refused")
    row = get_job(asked.id)
    assert (row.state, row.attempts, row.failure) == ("failed", 1, "too_late")
    assert (row.failure_facts, row.fault) == ({"since": "yesterday"}, None)


def entries_about(job_id: UUID) -> list[tuple[str, list[UUID], dict[str, Any]]]:
    found = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == job_id).order_by(AuditEvent.id))
    return [(each.event, each.learner_ids, each.facts) for each in found]


def test_one_that_fails_for_good_stands_in_the_log_with_whom_it_was_about() -> None:
    row = fail_for_good()
    facts = {"kind": "tests.broken", "failure": "error", "fault": row.fault}
    assert entries_about(row.id) == [("jobs.failed", [], facts)]
    learner_id = uuid4()
    asked = ask("tests.refused", {"learner_ids": [str(learner_id)]})
    do_jobs("tests.refused")
    assert entries_about(asked.id) == [
        ("jobs.failed", [learner_id], {"kind": "tests.refused", "failure": "too_late"}),
    ]


def test_one_that_waits_is_cancelled_at_once() -> None:
    asked = ask("tests.quick", {"mark": "h"})
    assert cancel(asked.id).state == "cancelled"
    assert cancel(asked.id).state == "cancelled"
    assert entries_about(asked.id) == [("jobs.cancelled", [], {"kind": "tests.quick"})]
    assert perform(current_school_id(), asked.id) is None
    assert marks("h") == 0


def test_one_that_runs_stops_where_it_looks(kind: Callable[..., None]) -> None:
    def work(run: Run) -> None:
        session.add(Mail(template="i", language="nl"))
        cancel(run.job_id)
        run.progress(1, 1)
        run.stop_if_cancelled()

    kind("tests.stops", work)
    asked = ask("tests.stops", {})
    assert perform(current_school_id(), asked.id) == "cancelled"
    assert marks("i") == 0


def test_without_the_lease_nothing_is_committed(kind: Callable[..., None]) -> None:
    def work(run: Run) -> None:
        session.add(Mail(template="j", language="nl"))
        session.execute(update(Job).where(Job.id == run.job_id).values(lease=uuid4()))

    kind("tests.robbed", work)
    asked = ask("tests.robbed", {})
    assert perform(current_school_id(), asked.id) is None
    assert marks("j") == 0


def test_it_says_how_far_it_is(kind: Callable[..., None]) -> None:
    seen: list[int | None] = []

    def work(run: Run) -> None:
        run.progress(5, 20)
        seen.append(get_job(run.job_id).percent)

    kind("tests.far", work)
    asked = ask("tests.far", {})
    perform(current_school_id(), asked.id)
    assert (seen, get_job(asked.id).percent) == ([25], 100)


def test_another_school_neither_sees_nor_cancels_it() -> None:
    asked = ask("tests.quick", {"mark": "k"})
    checkpoint()
    with in_school(SCHOOLS[1].id):
        with pytest.raises(NotFound):
            get_job(asked.id)
        with pytest.raises(NotFound):
            cancel(asked.id)
        assert perform(SCHOOLS[1].id, asked.id) is None
    assert get_job(asked.id).state == "handed"


def test_arguments_hold_ids_only_so_a_value_is_noticed() -> None:
    with pytest.raises(TypeError):
        ask("tests.quick", {"mark": UUID(int=1)})
