"""Deciding: known who asks, on the law's grounds, with words and proof, by a second person where that is asked."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core.clock import today
from portal.core.crypto.ledger import Ending, find_endings
from portal.core.crypto.outbox import push_waiting
from portal.core.db.session import session
from portal.core.erasure import erased_category
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.purposes.objections.queries import learners_who_object, list_objections
from portal.purposes.queries import has_consent
from portal.purposes.restrictions.queries import list_restrictions
from portal.requests.answers import services
from portal.requests.answers.grounds import GROUNDS, Ground, grounds_for
from portal.requests.data_requests.models import DataRequest, Outcome, RequestKind
from portal.requests.data_requests.objections import grant_unanswered
from portal.requests.data_requests.queries import list_advice, list_answers, text_of
from portal.schools.queries import SchoolView
from tests.factories.consent import agree
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, ask, enter


@pytest.mark.promise("LB-11", part="identity check")
@pytest.mark.parametrize("kind", [RequestKind.ACCESS, RequestKind.ERASURE, RequestKind.RECTIFICATION])
def test_nothing_is_granted_before_it_is_known_who_asks(school: SchoolView, kind: RequestKind) -> None:
    request = ask(make_learner(phone="0612345678"), kind, is_certain=False, body="Graag.")
    with pytest.raises(Conflict, match="identity_unknown"):
        services.decide_request(request.id, {}, reply="Goed.", by=as_staff())
    assert request.outcome is None


def test_only_that_nobody_knows_who_asks_refuses_before_it_is_known(school: SchoolView) -> None:
    request = ask(make_learner(), RequestKind.RECTIFICATION, is_certain=False, body="Graag.")
    services.decide_request(request.id, {"": Ground.UNIDENTIFIED}, reply="Kom langs.", by=as_staff())
    assert request.outcome is Outcome.REFUSED
    known = ask(make_learner(), RequestKind.RECTIFICATION, body="Graag.")
    with pytest.raises(Invalid, match="identity_known"):
        services.decide_request(known.id, {"": Ground.UNIDENTIFIED}, reply="Kom langs.", by=as_staff())


def test_each_right_has_its_own_closed_list_of_grounds(school: SchoolView) -> None:
    assert set(GROUNDS) == set(Ground)
    assert grounds_for(RequestKind.CONSENT_WITHDRAWAL) == ()
    request = ask(make_learner(), RequestKind.ERASURE, categories=("contact",))
    with pytest.raises(Invalid, match="not_a_ground"):
        services.decide_request(request.id, {"contact": Ground.OTHERS}, reply="Nee.", by=as_staff())


def test_a_refusal_has_words_and_where_the_school_must_prove_proof(school: SchoolView) -> None:
    request, by = ask(make_learner(), RequestKind.ERASURE, categories=("contact",)), as_staff()
    with pytest.raises(Invalid, match="required"):
        services.decide_request(request.id, {"contact": Ground.LAW}, reply=" ", by=by)
    with pytest.raises(Invalid, match="proof_needed"):
        services.decide_request(request.id, {"contact": Ground.STILL_NEEDED}, reply="U heeft nog les.", by=by)
    assert request.decided_at is None


def test_an_erasure_is_decided_by_category_and_carried_out_at_once(school: SchoolView) -> None:
    learner = make_learner(phone="0612345678", street="Kerkstraat")
    request = ask(learner, RequestKind.ERASURE, categories=("contact", "address"))
    services.decide_request(request.id, {"address": Ground.LAW}, reply="Uw adres staat op een factuur.", by=as_staff())
    assert request.outcome is Outcome.IN_PART
    assert {each.subject: each.outcome for each in list_answers(request)} == {
        "contact": Outcome.GRANTED,
        "address": Outcome.REFUSED,
    }
    row = session.get_one(Learner, (school.id, learner.id), populate_existing=True)
    assert (row.phone, row.street) == (None, "Kerkstraat")
    push_waiting()
    known = erased_category(learner.id, "contact")
    assert known in find_endings(Ending.ERASURE, [known])


def test_all_of_a_person_goes_and_her_request_stays_without_her(school: SchoolView) -> None:
    learner = make_learner("Amina", "Yilmaz")
    request = ask(learner, RequestKind.ERASURE, body="Alles weg.")
    learner_id, request_id = learner.id, request.id
    services.decide_request(request.id, {}, reply="Wij wissen alles.", by=as_staff())
    session.expire_all()
    assert session.get(Learner, (school.id, learner_id)) is None
    left = session.get_one(DataRequest, (school.id, request_id))
    assert (left.learner_id, left.body, left.filed_by_name, left.outcome) == (None, None, "", Outcome.GRANTED)


def test_what_is_called_unfounded_waits_for_a_second_person_where_there_is_one(school: SchoolView) -> None:
    first, second = as_staff(), as_staff("management")
    request = ask(make_learner(), RequestKind.RECTIFICATION, body="Weer.")
    unfounded = {"": Ground.UNFOUNDED}
    services.decide_request(request.id, unfounded, reply="Dit vroeg u al.", proof="Tien keer in een week.", by=first)
    assert request.outcome is None
    with pytest.raises(Conflict, match="second_person"):
        services.confirm_refusal(request.id, by=first)
    services.send_back(request.id, by=second)
    assert request.proposed_by is None
    services.decide_request(request.id, unfounded, reply="Dit vroeg u al.", proof="Tien keer in een week.", by=first)
    services.confirm_refusal(request.id, by=second)
    assert request.outcome is Outcome.REFUSED
    assert request.decided_by == second.account_id


def test_a_school_of_one_person_decides_alone(school: SchoolView) -> None:
    request = ask(make_learner(), RequestKind.RECTIFICATION, body="Weer.")
    only = as_staff("management")
    services.decide_request(request.id, {"": Ground.UNFOUNDED}, reply="Dit vroeg u al.", proof="Tien keer.", by=only)
    assert request.outcome is Outcome.REFUSED


def test_the_officer_advises_in_writing_and_decides_nothing(school: SchoolView) -> None:
    request, officer = ask(make_learner(), RequestKind.RECTIFICATION, body="Graag."), as_staff("privacy_officer")
    services.advise(request.id, "Wijs dit toe.", by=officer)
    assert [each.text for each in list_advice(request)] == ["Wijs dit toe."]
    for act in (
        lambda: services.decide_request(request.id, {}, reply="Ja.", by=officer),
        lambda: services.confirm_refusal(request.id, by=officer),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotAllowed):
        services.advise(request.id, "Ik ook.", by=as_staff())


def test_an_objection_stops_the_use_while_it_is_weighed_and_for_good_unless_the_school_proves(
    school: SchoolView,
) -> None:
    learner, by = make_learner(), as_staff()
    request = ask(learner, RequestKind.OBJECTION, purposes=("security",), body="Door mijn situatie.")
    assert learner.id in session.scalars(learners_who_object("security")).all()
    with pytest.raises(Invalid, match="proof_needed"):
        services.decide_request(request.id, {"security": Ground.COMPELLING}, reply="Nee.", by=by)
    services.decide_request(
        request.id, {"security": Ground.COMPELLING}, reply="Nee.", proof="Zonder log is inloggen niet veilig.", by=by
    )
    assert text_of(request, "proof") == "Zonder log is inloggen niet veilig."
    assert list_objections(learner.id, SYSTEM) == []

    again = ask(learner, RequestKind.OBJECTION, purposes=("security",), body="Nog eens.")
    services.decide_request(again.id, {}, reply="Goed.", is_done_by_hand=True, by=by)
    [won] = list_objections(learner.id, SYSTEM)
    assert won.settled_at is not None


def test_an_objection_without_an_answer_in_time_stops_the_use_for_good(school: SchoolView) -> None:
    learner = make_learner()
    request = enter(
        RequestKind.OBJECTION,
        learner_id=learner.id,
        purposes=("security",),
        received_on=today() - timedelta(days=29),
    )
    assert grant_unanswered() == 1
    assert request.outcome is Outcome.GRANTED
    [won] = list_objections(learner.id, SYSTEM)
    assert won.settled_at is not None
    assert grant_unanswered() == 0


def test_consent_that_is_taken_back_by_phone_ends(school: SchoolView) -> None:
    learner = make_learner()
    agree(learner)
    request = enter(RequestKind.CONSENT_WITHDRAWAL, learner_id=learner.id, purposes=("survey",))
    services.decide_request(request.id, {}, reply="", by=as_staff())
    assert not has_consent(learner.id, "survey", SYSTEM)
    assert session.scalar(select(func.count()).select_from(DataRequest).where(DataRequest.is_undecided)) == 0


def test_a_restriction_that_is_granted_hides_her_and_what_she_asks_stays_to_be_answered(school: SchoolView) -> None:
    learner, by = make_learner(), as_staff()
    request = ask(learner, RequestKind.RESTRICTION, restriction_ground="claim")
    services.decide_request(request.id, {}, reply="Uw gegevens zijn afgeschermd.", by=by)
    [restriction] = list_restrictions(learner.id, SYSTEM)
    assert (restriction.is_whole, restriction.ground, restriction.data_request_id) == (True, "claim", request.id)
    assert restriction.is_in_force


def test_what_is_contested_stands_still_until_the_answer_where_she_asks_that(school: SchoolView) -> None:
    learner = make_learner(email="amina@example.org")
    request = ask(learner, RequestKind.RECTIFICATION, body="Mijn naam.", is_restricted_meanwhile=True)
    [restriction] = list_restrictions(learner.id, SYSTEM)
    assert restriction.is_in_force
    services.decide_request(request.id, {}, reply="Verbeterd.", is_done_by_hand=True, by=as_staff())
    assert restriction.told_at is not None
    assert restriction.is_in_force  # she is told first; the worker lifts it after that
