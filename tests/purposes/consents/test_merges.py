"""Two records of one person become one: per purpose her newest decision holds."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.learners.merges.services import merge_learners
from portal.learners.record.models import Learner
from portal.purposes import queries
from portal.purposes.models import Consent
from portal.purposes.withdrawals.services import withdraw_consent
from tests.factories.consent import agree, as_learner
from tests.factories.learners import make_learner
from tests.jobs import do_jobs

PURPOSE = "more_about_you"
Decide = Callable[[UUID, int, str], None]

pytestmark = pytest.mark.usefixtures("in_school_of_consents")


@pytest.fixture
def in_school_of_consents(enter: Any) -> Any:
    """Onderwijs.pro, where a second phone number rests on consent."""
    with enter("onderwijs-pro"):
        yield


@pytest.fixture
def office() -> Actor:
    return actor_of(new_id(), "Anouk Bos", frozenset({"administration"}))


@pytest.fixture
def decide(clock: Any) -> Decide:
    """Return what lets a learner say yes or no so many days ago; a no is carried out."""
    start = now()

    def decided(learner_id: UUID, days_ago: int, word: str) -> None:
        learner = session.get_one(Learner, (current_school_id(), learner_id))
        clock(start - timedelta(days=days_ago))
        if word == "yes":
            agree(learner, PURPOSE)
        else:
            withdraw_consent(learner_id, PURPOSE, by=as_learner(learner))
        clock(start)
        do_jobs()

    return decided


@pytest.fixture
def amina() -> UUID:
    return make_learner().id


@pytest.fixture
def emine() -> UUID:
    return make_learner("Emine").id


def second_phone_of(learner_id: UUID) -> object:
    return session.scalar(select(Learner.phone_other).where(Learner.id == learner_id))


def set_second_phone(learner_id: UUID) -> None:
    session.get_one(Learner, (current_school_id(), learner_id)).phone_other = "+31612345678"
    session.flush()


def test_what_lapsed_in_one_record_is_no_no_in_the_other(
    decide: Decide, office: Actor, amina: UUID, emine: UUID
) -> None:
    decide(emine, 9, "yes")
    decide(amina, 6, "yes")
    lapsed = session.scalars(select(Consent).where(Consent.learner_id == emine)).one()
    lapsed.ended_at, lapsed.is_ended_at_sixteen = now(), True
    session.flush()

    merge_learners(amina, emine, take=set(), by=office)

    assert queries.has_consent(amina, PURPOSE, SYSTEM)


@pytest.mark.promise("LB-09")
@pytest.mark.parametrize("into", ["older yes", "newer no"])
def test_a_newer_withdrawal_ends_an_older_yes(
    decide: Decide, office: Actor, amina: UUID, emine: UUID, into: str
) -> None:
    decide(emine, 9, "yes")
    decide(amina, 6, "yes")
    decide(emine, 3, "no")
    set_second_phone(amina)
    kept, other = (amina, emine) if into == "older yes" else (emine, amina)

    merge_learners(kept, other, take={"learner.phone_other"}, by=office)

    assert not queries.has_consent(kept, PURPOSE, SYSTEM)
    assert second_phone_of(kept) == "+31612345678"
    assert "purposes.carry_out_withdrawal" in do_jobs()
    assert second_phone_of(kept) is None
    [view] = [each for each in queries.list_purposes(kept, "nl", SYSTEM) if each.purpose.key == PURPOSE]
    assert view.withdrawal is not None
    assert view.withdrawal.done_at is not None


def test_a_newer_yes_stands_against_an_older_withdrawal(
    decide: Decide, office: Actor, amina: UUID, emine: UUID
) -> None:
    decide(amina, 9, "yes")
    decide(amina, 6, "no")
    decide(emine, 3, "yes")
    set_second_phone(emine)

    merge_learners(amina, emine, take={"learner.phone_other"}, by=office)

    assert do_jobs() == []
    assert queries.has_consent(amina, PURPOSE, SYSTEM)
    assert second_phone_of(amina) == "+31612345678"


@pytest.mark.parametrize("into", ["newer", "older"])
def test_of_two_that_are_in_force_the_newer_stays_and_the_older_stays_known(
    decide: Decide, office: Actor, amina: UUID, emine: UUID, into: str
) -> None:
    decide(amina, 6, "yes")
    decide(emine, 3, "yes")
    wanted = queries.find_consent(emine, PURPOSE, SYSTEM)
    kept, other = (emine, amina) if into == "newer" else (amina, emine)

    merge_learners(kept, other, take=(), by=office)

    found = queries.find_consent(kept, PURPOSE, SYSTEM)
    assert found is not None
    assert wanted is not None
    assert found.id == wanted.id
    known = session.execute(select(Consent.learner_id, Consent.ended_at).order_by(Consent.given_at)).all()
    assert [tuple(row) for row in known] == [(kept, wanted.given_at), (kept, None)]
    assert do_jobs() == []


def test_it_is_written_down(decide: Decide, office: Actor, amina: UUID, emine: UUID) -> None:
    decide(emine, 9, "yes")
    decide(amina, 6, "yes")
    decide(emine, 3, "no")

    merge_learners(amina, emine, take=(), by=office)

    entry = session.scalars(select(AuditEvent).where(AuditEvent.event == "purposes.consent_ended_by_merging")).one()
    assert list(entry.learner_ids) == [amina]
    assert entry.facts["purpose"] == PURPOSE
