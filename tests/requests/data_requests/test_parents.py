"""Two parents of a child, one of whom asks off the portal: neither gets a yes against the other (BW 1:253a)."""

from datetime import timedelta

import pytest

from portal.accounts.actors import actor_of
from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.representation.disputes.services import ParentsDisagree
from portal.representation.models import RepresentativeKind
from portal.requests.data_requests.models import RequestKind
from portal.requests.data_requests.queries import list_own_requests
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner, make_representative
from tests.factories.requests import ask, enter
from tests.signing_in import make_account


def signed_in(learner: Learner, account: Account, *within: str) -> Actor:
    role = frozenset({"representative"})
    return actor_of(account.id, account.name, role, learner_id=learner.id, represents=True, within=within)


def child() -> Learner:
    return make_learner("Kim", "Yilmaz", birth_date=today() - timedelta(days=12 * 365))


@pytest.mark.promise("LL-04", part="consent")
@pytest.mark.parametrize("has_account", [True, False])
def test_who_signs_in_asks_nothing_against_the_other_parents_letter(school: SchoolView, has_account: bool) -> None:
    kid = child()
    other = make_account("Ouder Een", "representative").id if has_account else None
    writes = make_representative(kid, name="Ouder Een", account_id=other)
    account = make_account("Ouder Twee", "representative")
    make_representative(kid, name="Ouder Twee", account_id=account.id)
    letter = {"body": "Zo is het goed.", "categories": ("contact",)}
    enter(RequestKind.RECTIFICATION, learner_id=kid.id, asked_by_id=writes.id, **letter)

    with pytest.raises(ParentsDisagree):
        ask(kid, RequestKind.ERASURE, categories=("contact",), by=signed_in(kid, account))
    ask(kid, RequestKind.ERASURE, categories=("address",), by=signed_in(kid, account))


def test_her_own_letter_is_no_reason_against_her(school: SchoolView) -> None:
    kid, account = child(), make_account("Ouder Een", "representative")
    writes = make_representative(kid, name="Ouder Een", account_id=account.id)
    make_representative(kid, name="Ouder Twee")
    enter(RequestKind.RECTIFICATION, learner_id=kid.id, asked_by_id=writes.id, body="Zo.", categories=("contact",))
    ask(kid, RequestKind.ERASURE, categories=("contact",), by=signed_in(kid, account))


def test_who_signs_in_reads_her_own_letter_and_nobody_elses(school: SchoolView) -> None:
    learner, account = make_learner("Amina", "Yilmaz"), make_account("Hulp", "representative")
    kind, within = RepresentativeKind.AUTHORISED, ["attendance"]
    hers = make_representative(learner, kind=kind, categories=within, account_id=account.id)
    other = make_representative(learner, kind=kind, categories=within, name="Ander")
    mine = enter(RequestKind.ACCESS, learner_id=learner.id, asked_by_id=hers.id)
    enter(RequestKind.PORTABILITY, learner_id=learner.id, asked_by_id=other.id)

    assert [each.id for each in list_own_requests(signed_in(learner, account, *within))] == [mine.id]
