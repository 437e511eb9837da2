"""The audit goes by the terms of the policy: sign-in traces by theirs, the rest by its own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from portal.accounts.sessions.services import start_session
from portal.core import audit
from portal.core.audit import AuditEvent, AuditExpiry, AuditLearner, AuditSeal, AuditUnsealed, Chain
from portal.core.audit.seals import seal_entries
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.jobs import ask, perform
from portal.schools.models import School
from tests.factories.accounts import make_account
from tests.factories.learners import make_learner

Clock = Callable[[datetime], None]

NOW = datetime.now(UTC)
EVENTS = "accounts.signed_in", "tests.done"


def run() -> str | None:
    return perform(current_school_id(), ask("policy.expire_audit", {}).id)


def found() -> list[str]:
    return sorted(session.scalars(select(AuditEvent.event).where(AuditEvent.event.in_(EVENTS))))


def work(clock: Clock, *days: int) -> None:
    """Sign in and do something so many days ago, sealed that day."""
    account, learner = make_account("Noor", "teacher"), make_learner()
    session.execute(delete(AuditUnsealed))  # of today: a seal of long ago holds none of it
    for each in days:
        clock(NOW - timedelta(days=each))
        start_session(account, has_second_factor=True, ip_address="192.0.2.7", browser="test")
        audit.record("tests.done", learner_id=learner.id)
        seal_entries()
    clock(NOW)


@pytest.mark.promise("OP-03", part="own terms")
def test_sign_in_traces_leave_the_audit_by_their_own_term(enter: Any, clock: Clock) -> None:
    with enter("onderwijs-pro"):
        work(clock, 92, 89)
        run()
        assert found() == ["accounts.signed_in", "tests.done", "tests.done"]
        [line] = session.scalars(select(AuditExpiry))
        assert (line.chain, line.entries, line.last_at) == (Chain.ACTIVITY, 1, NOW - timedelta(days=92))

        run()
        assert len(session.scalars(select(AuditExpiry)).all()) == 1


@pytest.mark.usefixtures("school")
def test_the_rest_goes_by_the_audits_term_with_whom_it_was_about(clock: Clock) -> None:
    work(clock, 3 * 366, 700)
    run()
    assert found() == ["tests.done"]
    done = session.scalars(select(AuditEvent.id).where(AuditEvent.event == "tests.done")).all()
    about = select(AuditLearner.event_id).where(AuditLearner.learner_id.is_not(None))
    assert set(done) <= set(session.scalars(about))
    gone = session.scalars(select(AuditExpiry.chain).order_by(AuditExpiry.last_at)).all()
    assert set(gone) == set(Chain)


@pytest.mark.usefixtures("school")
def test_a_chain_that_is_not_whole_stays_and_the_other_goes(clock: Clock) -> None:
    long_ago = NOW - timedelta(days=4 * 366)
    session.add(AuditSeal(chain=Chain.MAIN, number=9, at=long_ago, event_ids=[], codes=b"", code=b"forged"))
    session.flush()
    work(clock, 3 * 366)

    assert run() == "waiting"

    assert found() == ["tests.done"]
    assert session.scalars(select(AuditExpiry.chain)).all() == [Chain.ACTIVITY]


@pytest.mark.usefixtures("school")
def test_without_a_policy_nothing_goes(clock: Clock) -> None:
    work(clock, 3 * 366)
    session.execute(update(School).where(School.id == current_school_id()).values(policy_version_id=None))

    assert run() == "done"
    assert found() == ["accounts.signed_in", "tests.done"]
