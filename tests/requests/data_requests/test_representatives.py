"""Who asks for a learner off the portal: no more than she may act in, as if she had signed in (LB-11, LL-04)."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.core.audit.queries import list_of_subject
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.representation.disputes.models import Settlement
from portal.representation.disputes.queries import list_disputes_of
from portal.representation.disputes.services import settle_dispute
from portal.representation.models import Representative, RepresentativeKind
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import decide_request
from portal.requests.askers.services import Person, name_person
from portal.requests.copies.answers import left_out_of
from portal.requests.copies.queries import find_copy_of_request
from portal.requests.data_requests.limits import may_still_ask
from portal.requests.data_requests.models import DataRequest, IdentityCheck, Outcome, RequestChannel, RequestKind
from portal.requests.data_requests.notices import find_reader
from portal.requests.data_requests.queries import list_answers
from portal.requests.data_requests.representatives import name_representative
from portal.requests.data_requests.services import check_identity, take_code
from portal.schools.queries import SchoolView
from tests.factories.copies import make
from tests.factories.learners import make_learner, make_representative
from tests.factories.requests import as_staff, ask_from_outside, enter

MENTOR = RepresentativeKind.MENTOR


def adult() -> Learner:
    return make_learner("Amina", "Yilmaz", email="amina@example.org")


def child() -> Learner:
    return make_learner("Kim", "Yilmaz", birth_date=today() - timedelta(days=12 * 365))


def asked(acting: Representative, kind: RequestKind = RequestKind.ACCESS, **given: Any) -> DataRequest:
    """A letter of who acts for a learner, as the desk wrote it down."""
    how = {"channel": RequestChannel.LETTER, **given}
    return enter(kind, learner_id=acting.learner_id, asked_by_id=acting.id, **how)


def outside(learner: Learner, kind: RequestKind = RequestKind.ACCESS, **given: Any) -> DataRequest:
    """What somebody asked on the public page for another, once the desk found who that is."""
    row = ask_from_outside(kind, asked_for=learner.full_name, **given)
    return name_person(row.id, Person(learner_id=learner.id), by=as_staff())


@pytest.mark.promise("LB-11", part="representative")
def test_a_copy_holds_no_more_than_a_mentor_may_see_and_the_answer_says_so(app: Flask, school: SchoolView) -> None:
    acting = make_representative(adult(), kind=MENTOR, categories=["attendance"])
    request = asked(acting)
    assert request.categories == ["attendance"]
    check_identity(request.id, IdentityCheck.COUNTER, by=as_staff())

    copy = find_copy_of_request(request.id, SYSTEM)
    assert copy is not None
    with app.app_context():
        make(copy)

    assert "attendance" not in left_out_of(copy)
    assert {"address", "level"} <= set(left_out_of(copy))
    told = {each.subject: (each.outcome, each.ground) for each in list_answers(request)}
    assert told[""] == (Outcome.GRANTED, None)
    assert told["level"] == (Outcome.REFUSED, Ground.NO_AUTHORITY.value)
    assert request.outcome is Outcome.IN_PART


@pytest.mark.promise("LB-11", part="representative")
def test_what_she_may_not_erase_stays_and_is_refused_by_itself(school: SchoolView) -> None:
    learner = adult()
    learner.street = "Dorpsstraat"
    acting = make_representative(learner, kind=RepresentativeKind.AUTHORISED, categories=["contact"])
    request = asked(acting, RequestKind.ERASURE, categories=("contact", "address"))
    assert (request.categories, request.beyond) == (["contact"], ["address"])
    check_identity(request.id, IdentityCheck.COUNTER, by=as_staff())

    decide_request(request.id, {}, reply="", by=as_staff())

    session.refresh(learner)
    assert (learner.street, learner.email) == ("Dorpsstraat", None)
    told = {each.subject: (each.outcome, each.ground) for each in list_answers(request)}
    assert told["address"] == (Outcome.REFUSED, Ground.NO_AUTHORITY.value)


@pytest.mark.parametrize("kind", [RequestKind.RECTIFICATION, RequestKind.RESTRICTION, RequestKind.PORTABILITY])
def test_every_right_is_narrowed(school: SchoolView, kind: RequestKind) -> None:
    acting = make_representative(adult(), kind=RepresentativeKind.AUTHORISED, categories=["attendance"])
    request = asked(acting, kind, body="Graag.")
    assert request.categories == ["attendance"]
    assert "attendance" not in request.beyond
    assert "contact" in request.beyond


def test_only_a_use_of_what_is_hers_is_objected_to(school: SchoolView) -> None:
    acting = make_representative(adult(), kind=RepresentativeKind.AUTHORISED, categories=["attendance"])
    with pytest.raises(Invalid, match="beyond_authority"):
        asked(acting, RequestKind.OBJECTION, purposes=("security",))


def test_nothing_of_it_hers_is_refused(school: SchoolView) -> None:
    acting = make_representative(adult(), kind=MENTOR, categories=["attendance"])
    with pytest.raises(Invalid, match="beyond_authority") as refused:
        asked(acting, RequestKind.ERASURE, categories=("contact",))
    assert refused.value.field == "asked_by"


def test_what_a_court_gave_to_another_is_not_for_who_is_authorised(school: SchoolView) -> None:
    learner = adult()
    make_representative(learner, kind=MENTOR, categories=["attendance"], name="Mentor")
    acting = make_representative(learner, kind=RepresentativeKind.AUTHORISED)
    assert "attendance" in asked(acting).beyond


def test_who_may_act_in_all_asks_all(school: SchoolView) -> None:
    request = asked(make_representative(adult(), kind=RepresentativeKind.CURATOR, categories=[]))
    assert (request.categories, request.beyond, request.is_by_representative) == ([], [], True)


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.parametrize("how", ["ended", "over"])
def test_once_she_acts_no_more_there_is_no_yes_and_the_answer_is_the_learners(school: SchoolView, how: str) -> None:
    learner = adult()
    acting = make_representative(learner, kind=RepresentativeKind.AUTHORISED, email="helper@example.org")
    request = asked(acting, RequestKind.ERASURE)
    check_identity(request.id, IdentityCheck.COUNTER, by=as_staff())
    assert (find_reader(request) or ("",))[0] == "helper@example.org"
    if how == "ended":
        acting.ended_at = now()
    else:
        acting.starts_on, acting.ends_on = today() - timedelta(days=9), today() - timedelta(days=1)
    session.flush()

    assert not may_still_ask(request)
    with pytest.raises(Conflict, match="no_longer_acts"):
        decide_request(request.id, {}, reply="", by=as_staff())
    assert (find_reader(request) or ("",))[0] == "amina@example.org"


def test_once_she_acts_no_more_no_copy_is_made(school: SchoolView) -> None:
    acting = make_representative(adult(), kind=RepresentativeKind.AUTHORISED)
    request = asked(acting)
    acting.ended_at = now()
    check_identity(request.id, IdentityCheck.COUNTER, by=as_staff())
    assert find_copy_of_request(request.id, SYSTEM) is None


@pytest.mark.parametrize("whose", ["ended", "another learner's", "a parent's of one of 16"])
def test_who_may_not_act_for_her_now_asks_nothing(school: SchoolView, whose: str) -> None:
    learner, by = adult(), as_staff()
    acting = {
        "ended": lambda: make_representative(learner, ended_at=now()),
        "another learner's": lambda: make_representative(make_learner("Omar", "Haddad")),
        "a parent's of one of 16": lambda: make_representative(learner, kind=RepresentativeKind.PARENT),
    }[whose]()
    with pytest.raises(Invalid, match="not_acting"):
        enter(learner_id=learner.id, asked_by_id=acting.id, by=by)
    with pytest.raises(Invalid, match="not_acting"):
        name_representative(outside(learner).id, acting.id, by=by)


def test_the_desk_says_who_asks_from_outside_and_may_say_another(school: SchoolView) -> None:
    learner, by = adult(), as_staff()
    mentor = make_representative(learner, kind=MENTOR, categories=["attendance"], name="Mentor")
    helper = make_representative(learner, kind=RepresentativeKind.AUTHORISED, categories=["contact"], name="Hulp")
    request = outside(learner)
    assert request.categories == []

    name_representative(request.id, mentor.id, by=by)
    assert request.categories == ["attendance"]
    name_representative(request.id, mentor.id, by=by)
    name_representative(request.id, helper.id, by=by)

    assert (request.categories, request.asked_by_id) == (["contact"], helper.id)
    assert "attendance" in request.beyond
    assert [each.event for each in list_of_subject(request.id)].count("requests.asked_by_named") == 2
    name_person(request.id, Person(learner_id=make_learner("Omar", "Haddad").id), by=by)
    assert (request.categories, request.beyond, request.asked_by_id) == ([], [], None)


@pytest.mark.promise("LB-11")
def test_who_asks_for_a_learner_is_known_only_once_it_is_said_who_that_is(school: SchoolView) -> None:
    learner, by = adult(), as_staff()
    request = outside(learner)
    with pytest.raises(Conflict, match="who_asks_unsaid"):
        check_identity(request.id, IdentityCheck.COUNTER, saw_authority=True, by=by)
    request.code_digest, request.code_sent_at = b"x", now()
    with pytest.raises(Conflict, match="no_code"):
        take_code(request, "123456", by)

    name_representative(request.id, make_representative(learner, kind=RepresentativeKind.AUTHORISED).id, by=by)
    check_identity(request.id, IdentityCheck.COUNTER, by=by)

    assert request.identity_check is IdentityCheck.COUNTER
    with pytest.raises(Conflict, match="not_now"):
        name_representative(request.id, make_representative(learner, name="Later").id, by=by)


@pytest.mark.promise("LL-04", part="consent")
def test_a_parents_letter_against_what_the_other_asked_gets_no_yes_until_they_agree(school: SchoolView) -> None:
    kid, by = child(), as_staff()
    one = make_representative(kid, name="Ouder Een")
    other = make_representative(kid, name="Ouder Twee")
    asked(one, RequestKind.RECTIFICATION, body="Zo is het goed.", categories=("contact",))
    request = asked(other, RequestKind.ERASURE, categories=("contact",))
    check_identity(request.id, IdentityCheck.COUNTER, by=by)

    [dispute] = list_disputes_of(kid.id, by.scope)
    with pytest.raises(Conflict, match="parents_disagree"):
        decide_request(request.id, {}, reply="", by=by)

    settle_dispute(dispute.id, Settlement.AGREED, is_allowed=True, by=by)
    decide_request(request.id, {}, reply="", by=by)
    assert request.outcome is Outcome.GRANTED


def test_who_is_not_known_reads_nothing_of_what_is_beyond_a_representative(school: SchoolView) -> None:
    learner, by = adult(), as_staff()
    request = outside(learner)
    name_representative(request.id, make_representative(learner, kind=MENTOR, categories=["attendance"]).id, by=by)
    decide_request(request.id, {"": Ground.UNIDENTIFIED}, reply="Wij weten niet wie dit vraagt.", by=by)
    assert [each.subject for each in list_answers(request)] == [""]


def test_a_no_from_the_public_page_is_answered_without_saying_who_asks(school: SchoolView) -> None:
    learner, by = adult(), as_staff()
    request = outside(learner, RequestKind.OBJECTION, purposes=("security",))
    acting = make_representative(learner, kind=RepresentativeKind.AUTHORISED)
    with pytest.raises(Conflict, match="not_now"):
        name_representative(request.id, acting.id, by=by)
    decide_request(request.id, {}, reply="", is_done_by_hand=True, by=by)
    assert request.outcome is Outcome.GRANTED
