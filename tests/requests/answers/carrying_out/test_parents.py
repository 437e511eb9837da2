"""A consent for a child that is taken back at the counter: what rested on the other parent's yes stays."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts.actors import actor_of
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.purposes.consents.services import give_consent
from portal.purposes.models import Withdrawal
from portal.purposes.queries import has_consent, list_steps
from portal.purposes.withdrawals.services import DELETE_CATEGORY, DELETE_FIELD
from portal.representation.disputes.queries import list_open_disputes
from portal.representation.models import Representative
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import DataRequest, IdentityCheck, RequestChannel, RequestKind
from portal.requests.data_requests.services import check_identity
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner, make_representative
from tests.factories.policy import in_force
from tests.factories.requests import as_staff, ask, enter
from tests.signing_in import make_account

PURPOSE = "child_guidance"


class Family(NamedTuple):
    child: Learner
    mother: Actor
    father: Actor


def parent_of(child: Learner, name: str) -> Actor:
    account = make_account(name, "representative")
    make_representative(child, account_id=account.id, name=name)
    return actor_of(account.id, name, frozenset({"representative"}), learner_id=child.id, represents=True)


@pytest.fixture
def family(app: Flask, enter: Callable[[str], AbstractContextManager[SchoolView]]) -> Iterator[Family]:
    with app.app_context(), enter("leren-leren"):
        child = make_learner("Yara", "Haddad", birth_date=date(today().year - 12, 3, 1))
        both = Family(child, parent_of(child, "Samira Haddad"), parent_of(child, "Karim Haddad"))
        give_consent(child.id, PURPOSE, version=in_force(), language="nl", by=both.mother)
        yield both


def at_the_counter(child: Learner) -> DataRequest:
    counter = RequestChannel.COUNTER
    request = enter(RequestKind.CONSENT_WITHDRAWAL, learner_id=child.id, purposes=(PURPOSE,), channel=counter)
    if request.is_doubted:
        check_identity(request.id, IdentityCheck.COUNTER, by=as_staff())
    return request


def deletes() -> bool:
    withdrawal = session.scalars(select(Withdrawal)).one()
    return bool({step.kind for step in list_steps(withdrawal)} & {DELETE_CATEGORY, DELETE_FIELD})


def test_it_stops_nothing_is_deleted_and_the_school_is_told(family: Family) -> None:
    decide_request(at_the_counter(family.child).id, {}, reply="", by=as_staff())

    assert not has_consent(family.child.id, PURPOSE, SYSTEM)
    assert not deletes()
    [line] = list_open_disputes(SYSTEM)
    assert (line.raised_by, line.against) == ("", "Samira Haddad")


def test_so_where_the_other_parent_asks_it_under_his_own_sign_in(family: Family) -> None:
    request = ask(family.child, RequestKind.CONSENT_WITHDRAWAL, by=family.father, purposes=(PURPOSE,))
    decide_request(request.id, {}, reply="", by=as_staff())

    assert not deletes()
    [line] = list_open_disputes(SYSTEM)
    assert (line.raised_by, line.against) == ("Karim Haddad", "Samira Haddad")


def test_what_a_parent_gave_herself_goes_where_she_takes_it_back(family: Family) -> None:
    request = ask(family.child, RequestKind.CONSENT_WITHDRAWAL, by=family.mother, purposes=(PURPOSE,))
    decide_request(request.id, {}, reply="", by=as_staff())

    assert deletes()
    assert list_open_disputes(SYSTEM) == []


@pytest.mark.parametrize("gone", ["mother", "father"])
def test_where_one_parent_acts_it_goes(family: Family, gone: str) -> None:
    account_id = getattr(family, gone).account_id
    session.execute(update(Representative).where(Representative.account_id == account_id).values(ended_at=now()))
    decide_request(at_the_counter(family.child).id, {}, reply="", by=as_staff())

    assert deletes()
    assert list_open_disputes(SYSTEM) == []
