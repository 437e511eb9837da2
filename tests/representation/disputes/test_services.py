"""Two parents who disagree: a no stands, nothing new is stored, the school is told, and both or a court settle it."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.accounts.actors import actor_of
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.learners.corrections.services import correct_own_field, withdraw_correction
from portal.learners.record.models import Learner
from portal.notifications.models import Notification, NotificationKind
from portal.purposes.consents.services import give_consent
from portal.purposes.models import Withdrawal
from portal.purposes.queries import has_consent, list_steps
from portal.purposes.renewals.services import refuse_anew
from portal.purposes.withdrawals.services import FILES, RECIPIENTS, STOP, withdraw_consent
from portal.representation.disputes.labels import about
from portal.representation.disputes.models import DisputeSubject, ParentalDispute, Settlement
from portal.representation.disputes.queries import list_open_disputes
from portal.representation.disputes.services import ParentsDisagree, raise_dispute, settle_dispute
from portal.representation.models import Representative
from portal.requests.data_requests.models import RequestKind
from portal.requests.data_requests.services import withdraw_request
from tests.factories.learners import make_learner, make_representative
from tests.factories.policy import in_force, publish, varied
from tests.factories.requests import as_staff, ask
from tests.signing_in import make_account

pytestmark = pytest.mark.usefixtures("school")


class Family(NamedTuple):
    child: Learner
    mother: Actor
    father: Actor


def parent_of(child: Learner, name: str) -> Actor:
    account = make_account(name, "representative")
    make_representative(child, account_id=account.id, name=name)
    return actor_of(account.id, name, frozenset({"representative"}), learner_id=child.id, represents=True)


@pytest.fixture
def family() -> Family:
    child = make_learner("Yara", "Haddad", birth_date=date(today().year - 12, 3, 1), phone="+31301234567")
    return Family(child, parent_of(child, "Samira Haddad"), parent_of(child, "Karim Haddad"))


def yes(child: Learner, by: Actor) -> None:
    give_consent(child.id, "survey", version=in_force(), language="nl", by=by)


@pytest.mark.promise("LL-04", part="consent")
def test_a_no_of_one_parent_stands_and_a_yes_after_it_needs_both(family: Family) -> None:
    yes(family.child, family.mother)
    withdraw_consent(family.child.id, "survey", by=family.father)
    assert not has_consent(family.child.id, "survey", SYSTEM)

    with pytest.raises(ParentsDisagree) as refusal:
        yes(family.child, family.mother)
    dispute = raise_dispute(refusal.value, by=family.mother)

    assert not has_consent(family.child.id, "survey", SYSTEM)
    assert (dispute.subject, dispute.topic) == (DisputeSubject.CONSENT, "survey")
    assert (dispute.raised_by, dispute.against) == (family.mother.account_id, family.father.account_id)
    yes_again = settle_dispute(dispute.id, Settlement.AGREED, is_allowed=True, by=as_staff())
    assert yes_again.settled_by_name is not None
    yes(family.child, family.mother)
    assert has_consent(family.child.id, "survey", SYSTEM)


@pytest.mark.promise("LL-04", part="consent")
def test_a_no_against_the_other_parents_yes_stops_the_use_and_deletes_nothing_before_they_agree(
    app: Flask, enter: Callable[[str], Any]
) -> None:
    with app.app_context(), enter("leren-leren"):
        child = make_learner("Yara", "Haddad", birth_date=date(today().year - 12, 3, 1))
        mother, father = parent_of(child, "Samira Haddad"), parent_of(child, "Karim Haddad")
        give_consent(child.id, "child_guidance", version=in_force(), language="nl", by=mother)

        withdrawal = withdraw_consent(child.id, "child_guidance", by=father)

        assert not has_consent(child.id, "child_guidance", SYSTEM)
        assert {step.kind for step in list_steps(withdrawal)} == {STOP, FILES, RECIPIENTS}
        [dispute] = list_open_disputes(SYSTEM)
        assert (dispute.raised_by, dispute.against) == ("Karim Haddad", "Samira Haddad")
        with app.test_request_context():
            assert about(dispute.dispute) == "een verzoek: iets wissen"
        give_consent(child.id, "newsletter", version=in_force(), language="nl", by=father)
        own = withdraw_consent(child.id, "newsletter", by=father)
        assert (len(list_open_disputes(SYSTEM)), bool(list_steps(own))) == (1, True)


@pytest.mark.promise("LL-04", part="consent")
def test_so_where_a_new_version_ended_that_yes_and_the_other_parent_says_no_first(
    app: Flask, enter: Callable[[str], Any]
) -> None:
    with app.app_context(), enter("leren-leren"):
        child = make_learner("Yara", "Haddad", birth_date=date(today().year - 12, 3, 1))
        mother, father = parent_of(child, "Samira Haddad"), parent_of(child, "Karim Haddad")
        give_consent(child.id, "child_guidance", version=in_force(), language="nl", by=mother)
        reworded = {"nl": "Mag het nu anders?", "en": "May it be otherwise?"}
        publish(varied("leren-leren", {"version": "2026", "purposes.child_guidance.question": reworded}))

        for _ in range(2):
            refuse_anew(child.id, "child_guidance", version=in_force(), language="nl", by=father)

        withdrawal = session.scalars(select(Withdrawal)).one()
        assert {step.kind for step in list_steps(withdrawal)} == {STOP, FILES, RECIPIENTS}
        [dispute] = list_open_disputes(SYSTEM)
        assert (dispute.raised_by, dispute.against) == ("Karim Haddad", "Samira Haddad")


def test_what_a_court_forbade_stays_so(family: Family) -> None:
    yes(family.child, family.mother)
    withdraw_consent(family.child.id, "survey", by=family.father)
    with pytest.raises(ParentsDisagree) as refusal:
        yes(family.child, family.mother)
    dispute = raise_dispute(refusal.value, by=family.mother)
    settle_dispute(dispute.id, Settlement.COURT, is_allowed=False, by=as_staff())
    with pytest.raises(ParentsDisagree):
        yes(family.child, family.mother)
    with pytest.raises(Conflict, match="already_settled"):
        settle_dispute(dispute.id, Settlement.COURT, is_allowed=True, by=as_staff())


def test_it_is_told_once_to_the_school_and_to_both(family: Family) -> None:
    desk, against = as_staff(), family.father.account_id
    assert against is not None
    refusal = ParentsDisagree(family.child.id, DisputeSubject.CONSENT, "survey", against)
    first, again = (raise_dispute(refusal, by=family.mother) for _ in range(2))
    assert first.id == again.id
    told = set(
        session.scalars(select(Notification.account_id).where(Notification.kind == NotificationKind.PARENTS_DISAGREE))
    )
    assert {desk.account_id, family.father.account_id} <= told
    [line] = list_open_disputes(SYSTEM)
    assert (line.name, line.raised_by, line.against) == ("Yara Haddad", "Samira Haddad", "Karim Haddad")


@pytest.mark.promise("LL-04", part="consent")
def test_a_change_against_the_other_parents_is_not_stored(family: Family) -> None:
    correct_own_field(family.child.id, "learner.phone", "0612345678", by=family.mother)
    with pytest.raises(ParentsDisagree):
        correct_own_field(family.child.id, "learner.phone", "0687654321", by=family.father)
    session.refresh(family.child)
    assert family.child.phone == "+31612345678"
    correct_own_field(family.child.id, "learner.phone", "0612345678", by=family.father)  # says the same
    correct_own_field(family.child.id, "learner.phone", "0611111111", by=family.mother)  # her own


def test_a_proposal_that_waits_is_not_the_other_parents_to_replace_or_take_back(family: Family) -> None:
    proposal = correct_own_field(family.child.id, "learner.given_name", "Jara", by=family.mother)
    assert proposal is not None
    with pytest.raises(ParentsDisagree):
        correct_own_field(family.child.id, "learner.given_name", "Yaraa", by=family.father)
    with pytest.raises(ParentsDisagree):
        withdraw_correction(proposal.id, by=family.father)
    withdraw_correction(proposal.id, by=family.mother)


def test_one_does_not_erase_what_the_other_asked_to_keep_nor_take_her_request_back(family: Family) -> None:
    asked = ask(family.child, RequestKind.PORTABILITY, by=family.mother)
    with pytest.raises(ParentsDisagree):
        ask(family.child, RequestKind.ERASURE, by=family.father)
    with pytest.raises(ParentsDisagree):
        withdraw_request(asked.id, by=family.father)
    withdraw_request(asked.id, by=family.mother)
    assert ask(family.child, RequestKind.ERASURE, by=family.father).is_undecided


def test_who_is_no_parent_any_more_contradicts_nobody(family: Family) -> None:
    yes(family.child, family.mother)
    withdraw_consent(family.child.id, "survey", by=family.father)
    session.execute(
        update(Representative).where(Representative.account_id == family.father.account_id).values(ended_at=now())
    )
    yes(family.child, family.mother)
    assert has_consent(family.child.id, "survey", SYSTEM)
    assert (session.scalar(select(func.count()).select_from(ParentalDispute)) or 0) == 0
