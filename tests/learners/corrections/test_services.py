"""A learner changes what is held on her: at once, or as a proposal that the school checks."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.actors import actor_of
from portal.accounts.models import LinkKind, SignInLink
from portal.core.audit.queries import list_of_learner
from portal.core.crypto import keys
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.core.mail import Mail
from portal.learners.corrections.kinds import fields_known
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.corrections.queries import count_waiting, get_correction, list_waiting
from portal.learners.corrections.services import (
    correct_own_field,
    decide_correction,
    propose_correction,
    withdraw_correction,
)
from portal.learners.origins.queries import list_origins
from portal.learners.own_record.queries import get_own_record
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import change_learner
from portal.notifications.models import Notification
from portal.permissions import Role, who_decides_on
from portal.schools.queries import SchoolView
from tests.actors import own_scope
from tests.factories.corrections import decide, seen_of
from tests.factories.learners import make_learner, make_trajectory
from tests.signing_in import make_account

pytestmark = pytest.mark.usefixtures("in_dutch")

NAME = "learner.family_name"


def _herself(learner: Learner, *, represents: bool = False) -> Actor:
    role = "representative" if represents else "learner"
    return actor_of(new_id(), learner.full_name, frozenset({role}), learner_id=learner.id, represents=represents)


@pytest.mark.promise("MN-17", part="own fields")
def test_what_no_document_proves_stands_at_once(enter: Any) -> None:
    with enter("meester-in-nt2"):
        learner = make_learner()
        by = _herself(learner)
        for field, value in {
            "learner.phone": "06 12345678",
            "learner.email": "amina@example.org",
            "learner.city": "Schiedam",
            "learner.birth_country": "Syrië",
            "learner.education_level": "mbo",
            "learner.work_experience": "Bakker",
        }.items():
            assert correct_own_field(learner.id, field, value, by=by) is None
        assert (learner.phone, learner.city, learner.work_experience) == ("+31612345678", "Schiedam", "Bakker")
        origin = list_origins(learner)["learner.phone"]
        assert (origin.source, origin.channel) == (Source.LEARNER, "portal")


@pytest.mark.promise("MN-17", part="own fields")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("learner.given_name", "Emine"),
        (NAME, "Yildiz"),
        ("learner.birth_date", "1-2-1991"),
        ("learner.bsn", "123456782"),
    ],
)
def test_what_a_document_proves_waits_for_the_school(enter: Any, office: Actor, field: str, value: str) -> None:
    with enter("meester-in-nt2"):
        learner = make_learner(bsn="999999990")
        make_trajectory(learner, reports_to_government=True)
        before = (learner.given_name, learner.family_name, learner.birth_date, learner.bsn)
        proposal = correct_own_field(learner.id, field, value, by=_herself(learner))
        assert proposal is not None
        assert (learner.given_name, learner.family_name, learner.birth_date, learner.bsn) == before
        own = {each.key: each for category in get_own_record(own_scope(learner.id)) for each in category.fields}
        assert own[field].face.is_checked
        assert own[field].waiting is not None
        decide(proposal.id, accept=True, by=office)
        session.refresh(learner)
        assert (learner.given_name, learner.family_name, learner.birth_date, learner.bsn) != before


def test_a_proposal_is_accepted_and_told_without_a_value_in_the_mail(
    school: SchoolView, office: Actor, mail_dir: Path
) -> None:
    account = make_account("Amina", "learner")
    learner = make_learner(account_id=account.id)
    proposal = propose_correction(learner.id, NAME, "Yildiz", remark="Getrouwd", by=_herself(learner))
    decide(proposal.id, accept=True, answer="Paspoort gezien", by=office)
    assert learner.family_name == "Yildiz"
    assert "yildiz" in learner.search_text
    assert (proposal.state, proposal.decided_by_name) == (CorrectionState.ACCEPTED, "Anouk Bos")
    mail = session.scalars(select(Mail)).one()
    assert mail.sealed is not None
    contents = keys.unseal_for_school(mail.sealed, "mail")
    assert json.loads(contents)["to"] == account.email
    for value in ("Yildiz", "Yilmaz", "Getrouwd", "Paspoort"):
        assert value not in contents
    told = session.scalars(select(Notification).where(Notification.account_id == account.id)).one()
    assert (told.target_id, told.has_own_mail) == (proposal.id, True)


def test_a_refusal_needs_a_reason_and_the_learner_reads_it(school: SchoolView, office: Actor) -> None:
    learner = make_learner()
    proposal = propose_correction(learner.id, NAME, "Yildiz", by=_herself(learner))
    with pytest.raises(Invalid, match="reason_required"):
        decide(proposal.id, accept=False, answer="  ", by=office)
    decide(proposal.id, accept=False, answer="Op uw paspoort staat Yilmaz.", by=office)
    assert learner.family_name == "Yilmaz"
    own = {each.key: each for category in get_own_record(own_scope(learner.id)) for each in category.fields}
    assert own[NAME].waiting is None
    assert own[NAME].answered is not None
    assert own[NAME].answered.answer == "Op uw paspoort staat Yilmaz."
    with pytest.raises(Conflict, match="decided_already"):
        decide(proposal.id, accept=True, by=office)


def test_a_value_that_changed_meanwhile_is_shown_before_it_is_overruled(school: SchoolView, office: Actor) -> None:
    learner = make_learner()
    proposal = propose_correction(learner.id, NAME, "Yildiz", by=_herself(learner))
    seen = seen_of(proposal.id)
    change_learner(learner.id, {NAME: "Yılmaz-Bos"}, source=Source.SCHOOL, by=office)
    with pytest.raises(Conflict, match="stale"):
        decide_correction(proposal.id, accept=True, seen=seen, by=office)
    found = get_correction(proposal.id, office)
    assert (found.is_stale, found.view.old, found.now, found.view.proposed) == (True, "Yilmaz", "Yılmaz-Bos", "Yildiz")
    decide(proposal.id, accept=True, by=office)
    assert learner.family_name == "Yildiz"


def test_a_new_proposal_takes_the_place_of_the_one_that_waits(school: SchoolView, office: Actor) -> None:
    learner = make_learner()
    by = _herself(learner)
    first = propose_correction(learner.id, NAME, "Yildiz", by=by)
    assert propose_correction(learner.id, NAME, "Yıldız", by=by).id == first.id
    assert [each.view.proposed for each in list_waiting(office)] == ["Yıldız"]


@pytest.mark.promise("MN-17", part="own fields")
@pytest.mark.parametrize("accept", [True, False])
def test_what_was_proposed_anew_is_not_decided_on_unseen(school: SchoolView, office: Actor, accept: bool) -> None:
    learner = make_learner()
    by = _herself(learner)
    proposal = propose_correction(learner.id, NAME, "Yilmazz", by=by)
    seen = seen_of(proposal.id)
    propose_correction(learner.id, NAME, "Oranje", by=by)
    with pytest.raises(Conflict, match="proposed_anew"):
        decide_correction(proposal.id, accept=accept, answer="Gezien.", seen=seen, by=office)
    assert (learner.family_name, proposal.state) == ("Yilmaz", CorrectionState.PROPOSED)
    decide(proposal.id, accept=True, by=office)
    assert learner.family_name == "Oranje"


def test_the_same_proposed_anew_is_shown_anew(school: SchoolView, office: Actor) -> None:
    learner = make_learner()
    by = _herself(learner)
    proposal = propose_correction(learner.id, NAME, "Yildiz", by=by)
    seen = seen_of(proposal.id)
    propose_correction(learner.id, NAME, "Yildiz", remark="Ik ben gescheiden", by=by)
    with pytest.raises(Conflict, match="proposed_anew"):
        decide_correction(proposal.id, accept=True, seen=seen, by=office)


@pytest.mark.parametrize("seen", [None, "", "0123", "learner.family_name=0123456789abcdef"])
def test_nothing_is_decided_on_what_nobody_saw(school: SchoolView, office: Actor, seen: str | None) -> None:
    learner = make_learner()
    proposal = propose_correction(learner.id, NAME, "Yildiz", by=_herself(learner))
    with pytest.raises(Conflict, match="stale"):
        decide_correction(proposal.id, accept=True, seen=seen, by=office)
    assert learner.family_name == "Yilmaz"


def test_a_proposal_can_be_withdrawn_and_its_values_are_forgotten(school: SchoolView, office: Actor) -> None:
    learner = make_learner()
    proposal = propose_correction(learner.id, NAME, "Yildiz", by=_herself(learner))
    with pytest.raises(NotFound):
        withdraw_correction(proposal.id, by=_herself(make_learner("Ali")))
    withdraw_correction(proposal.id, by=_herself(learner))
    assert (proposal.state, proposal.proposed, proposal.old) == (CorrectionState.WITHDRAWN, None, None)
    assert list_waiting(office) == []


def test_who_acts_within_other_categories_takes_no_proposal_back(school: SchoolView) -> None:
    learner = make_learner()
    proposal = propose_correction(learner.id, NAME, "Yildiz", by=_herself(learner))
    limited = actor_of(
        new_id(), "Samira", frozenset({"representative"}), learner_id=learner.id, represents=True, within=["contact"]
    )

    with pytest.raises(NotAllowed):
        withdraw_correction(proposal.id, by=limited)

    assert proposal.state is CorrectionState.PROPOSED


def test_only_ones_own_record(school: SchoolView, office: Actor) -> None:
    learner, other = make_learner(), make_learner("Ali")
    for by in (_herself(other), office):
        with pytest.raises(NotAllowed):
            correct_own_field(learner.id, "learner.phone", "0612345678", by=by)
        with pytest.raises(NotAllowed):
            propose_correction(learner.id, NAME, "Yildiz", by=by)
    with pytest.raises(NotAllowed):
        correct_own_field(learner.id, "learner.number", "1", by=_herself(learner))
    with pytest.raises(Invalid, match="not_in_policy"):
        correct_own_field(learner.id, "learner.gender", "female", by=_herself(learner))


def test_a_parent_changes_what_is_held_on_her_child(school: SchoolView) -> None:
    child = make_learner()
    correct_own_field(child.id, "learner.phone", "0612345678", by=_herself(child, represents=True))
    assert child.phone == "+31612345678"


def test_who_decides_may_change_that_category_by_the_table(school: SchoolView, coach: Actor, officer: Actor) -> None:
    learner = make_learner(bsn="999999990")
    make_trajectory(learner, reports_to_government=True)
    name = propose_correction(learner.id, NAME, "Yildiz", by=_herself(learner))
    bsn = propose_correction(learner.id, "learner.bsn", "123456782", by=_herself(learner))
    for proposal, by in ((bsn, coach), (bsn, officer), (name, officer)):
        for accept in (True, False):
            with pytest.raises(NotAllowed):
                decide(proposal.id, accept=accept, answer="Nee.", by=by)
    assert {each.view.field.key: each.may_decide for each in list_waiting(officer)} == {
        NAME: False,
        "learner.bsn": False,
    }
    assert [each.view.field.key for each in list_waiting(coach)] == [NAME]
    assert (count_waiting(coach), count_waiting(officer)) == (1, 2)
    decide(name.id, accept=True, by=coach)
    assert learner.family_name == "Yildiz"


def test_somebody_decides_on_whatever_can_be_proposed() -> None:
    assert not [field.key for field in fields_known() if not who_decides_on(field.category)]
    assert Role.PRIVACY_OFFICER not in {role for field in fields_known() for role in who_decides_on(field.category)}


def test_the_same_value_is_no_proposal(school: SchoolView) -> None:
    learner = make_learner()
    with pytest.raises(Invalid, match="same_value"):
        propose_correction(learner.id, NAME, "Yilmaz", by=_herself(learner))


def test_values_of_a_proposal_are_sealed_and_stand_in_no_log(school: SchoolView) -> None:
    learner = make_learner()
    propose_correction(learner.id, NAME, "Yildiz", by=_herself(learner))
    row = session.scalars(select(Correction)).one()
    assert row.proposed is not None
    assert b"Yildiz" not in row.proposed
    assert "Yildiz" not in str([entry.facts for entry in list_of_learner(learner.id)])


def test_a_new_address_counts_for_signing_in_once_its_link_is_opened(school: SchoolView) -> None:
    account = make_account("Amina", "learner")
    learner = make_learner(account_id=account.id, email=account.email)
    correct_own_field(learner.id, "learner.email", "nieuw@example.org", by=_herself(learner))
    assert learner.email == "nieuw@example.org"
    assert account.email != "nieuw@example.org"
    links = select(func.count()).select_from(SignInLink).where(SignInLink.kind == LinkKind.NEW_EMAIL)
    assert session.scalar(links) == 1


def test_who_acts_for_a_learner_gets_no_link_to_her_account(school: SchoolView) -> None:
    account = make_account("Amina", "learner")
    learner = make_learner(account_id=account.id, email=account.email)
    correct_own_field(learner.id, "learner.email", "ander@example.org", by=_herself(learner, represents=True))
    assert learner.email == "ander@example.org"
    assert session.scalars(select(SignInLink)).all() == []
    assert session.scalars(select(Mail)).all() == []
