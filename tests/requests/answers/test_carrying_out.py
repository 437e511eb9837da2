"""Consent that a stranger takes back: the use stops, nothing is deleted, and the school may say that it doubts."""

import pytest
from sqlalchemy import select

from portal.core.crypto.ledger import Ending, find_endings
from portal.core.crypto.outbox import push_waiting
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.policy.queries import current_policy
from portal.purposes.models import Withdrawal, WithdrawalStep
from portal.purposes.queries import has_consent
from portal.purposes.withdrawals.services import DELETE_CATEGORY, DELETE_FIELD, withdraw_consent
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import decide_request
from portal.requests.askers.services import Person, name_person
from portal.requests.data_requests.models import DataRequest, IdentityCheck, Outcome, RequestChannel, RequestKind
from portal.requests.data_requests.presenters import told_answers
from portal.requests.data_requests.queries import list_answers
from portal.requests.data_requests.services import ask_identity, check_identity
from portal.requests.public_requests.presenters import wants_code
from portal.schools.queries import SchoolView
from tests.factories.consent import agree, as_learner
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, ask, ask_from_outside, enter
from tests.page_client import PageClient
from tests.signing_in import SignIn

DELETES = "quality_report"


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    assert current_policy().purpose(DELETES).deletes is not None
    learner = make_learner("Amina", "Yilmaz")
    agree(learner, DELETES)
    return learner


def from_outside(learner: Learner) -> DataRequest:
    request = ask_from_outside(RequestKind.CONSENT_WITHDRAWAL, purposes=(DELETES,))
    return name_person(request.id, Person(learner_id=learner.id), by=as_staff())


def deletions() -> list[str]:
    kinds = (DELETE_CATEGORY, DELETE_FIELD)
    return list(session.scalars(select(WithdrawalStep.subject).where(WithdrawalStep.kind.in_(kinds))))


def test_of_a_strangers_word_the_use_stops_and_nothing_is_deleted(amina: Learner) -> None:
    request = from_outside(amina)
    decide_request(request.id, {}, reply="", by=as_staff())
    assert not has_consent(amina.id, DELETES, SYSTEM)
    assert deletions() == []
    [told] = told_answers(request, list_answers(request))
    assert "Er is niets gewist" in told[3]


def test_a_yes_that_she_gave_after_it_stays(amina: Learner) -> None:
    request = from_outside(amina)
    withdraw_consent(amina.id, DELETES, by=as_learner(amina))
    agree(amina, DELETES)
    decide_request(request.id, {}, reply="", by=as_staff())
    assert has_consent(amina.id, DELETES, SYSTEM)


def test_a_restored_backup_deletes_nothing_of_it_either(amina: Learner) -> None:
    decide_request(from_outside(amina).id, {}, reply="", by=as_staff())
    push_waiting()
    ended = session.scalars(select(Withdrawal.consent_id)).one()
    assert not find_endings(Ending.CONSENT, [ended])
    assert ended in find_endings(Ending.LAPSE, [ended])


@pytest.mark.parametrize("channel", [RequestChannel.LETTER, RequestChannel.EMAIL, RequestChannel.PHONE])
def test_so_by_letter_mail_and_phone(amina: Learner, channel: RequestChannel) -> None:
    request = enter(RequestKind.CONSENT_WITHDRAWAL, learner_id=amina.id, purposes=(DELETES,), channel=channel)
    assert request.is_doubted
    decide_request(request.id, {}, reply="", by=as_staff())
    assert deletions() == []


def test_once_it_is_known_who_asks_what_rested_on_it_goes(amina: Learner) -> None:
    request = from_outside(amina)
    check_identity(request.id, IdentityCheck.COUNTER, by=as_staff())
    decide_request(request.id, {}, reply="", by=as_staff())
    assert deletions() == ["evidence"]


def test_the_school_may_say_that_it_does_not_know_who_asks_and_on_no_other_ground(amina: Learner) -> None:
    request, by = from_outside(amina), as_staff()
    with pytest.raises(Invalid, match="not_a_ground"):
        decide_request(request.id, {DELETES: Ground.UNFOUNDED}, reply="Nee.", proof="Nee.", by=by)
    decide_request(request.id, {DELETES: Ground.UNIDENTIFIED}, reply="Kom langs.", by=by)
    assert request.outcome is Outcome.REFUSED
    assert has_consent(amina.id, DELETES, SYSTEM)


def test_who_showed_who_she_is_hears_no_doubt(amina: Learner) -> None:
    request, by = from_outside(amina), as_staff()
    check_identity(request.id, IdentityCheck.COUNTER, by=by)
    with pytest.raises(Invalid, match="not_a_ground"):
        decide_request(request.id, {DELETES: Ground.UNIDENTIFIED}, reply="Kom langs.", by=by)


def test_it_is_asked_who_it_is_where_that_matters_and_said_truly_where_not(amina: Learner) -> None:
    by, doubted = as_staff(), from_outside(amina)
    assert not wants_code(doubted)
    ask_identity(doubted.id, by=by)
    assert wants_code(doubted)
    objection = ask(amina, RequestKind.OBJECTION, is_certain=False, purposes=("security",))
    with pytest.raises(Conflict, match="identity_not_needed"):
        ask_identity(objection.id, by=by)
    stranger = ask_from_outside(RequestKind.OBJECTION, purposes=("security",))
    with pytest.raises(Conflict, match="identity_not_needed"):
        ask_identity(stranger.id, by=by)


def test_the_desk_reads_what_a_yes_does_and_may_say_no(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    doubted = from_outside(amina)
    objection = ask(amina, RequestKind.OBJECTION, is_certain=False, purposes=("security",))
    sign_in(client, "privacy_staff")
    page = client.get(f"/verzoeken/{doubted.id}").get_data(as_text=True)
    assert "Bij ja stopt het gebruik. Er wordt niets gewist." in page
    assert "avg_12_6" in page
    assert f"/verzoeken/{doubted.id}/gezien" in page
    assert f"/verzoeken/{objection.id}/gezien" not in client.get(f"/verzoeken/{objection.id}").get_data(as_text=True)
    back = client.post(f"/verzoeken/{objection.id}/wie").headers["Location"]
    said = client.get(back).get_data(as_text=True)
    assert "hoeft u niet te vragen wie dit is" in said
    assert "De school weet al wie dit vraagt" not in said
