"""Who worked here, or represented somebody, is erased whole because she asked, once that is over (AVG art. 17)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.models import Account, Membership
from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.crypto.ledger import Ending, find_endings
from portal.core.crypto.outbox import push_waiting
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.mail import Mail
from portal.core.personal_data import PersonKind
from portal.policy.queries import current_policy
from portal.representation.models import Representative
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import DataRequest, Outcome, RequestAdvice, RequestChannel
from portal.requests.data_requests.parts import is_carried_out
from portal.requests.data_requests.presenters import by_hand
from portal.requests.data_requests.queries import list_answers
from portal.retention.certificates.links import path_of
from portal.retention.certificates.models import ErasureCertificate, ErasureReason
from portal.retention.models import HoldReason, RetentionHold
from tests.factories.accounts import make_account
from tests.factories.copies import identified
from tests.factories.learners import make_learner, make_representative
from tests.factories.requests import as_staff

pytestmark = pytest.mark.usefixtures("school")


def _staff(*, has_left: bool) -> Account:
    account = make_account("Tess Zonderling", "teacher", email="tess@example.org")
    if has_left:
        _leave(account)
    return account


def _leave(account: Account) -> None:
    for row in session.scalars(select(Membership).where(Membership.account_id == account.id)):
        row.starts_on = row.ends_on = today() - timedelta(days=1)
    session.flush()


def _acting(*, has_left: bool) -> Representative:
    row = make_representative(make_learner(), name="Omar Zonderling", email="omar@example.org")
    if has_left:
        row.ended_at = now()
        session.flush()
    return row


Person = Account | Representative
PEOPLE: dict[str, tuple[PersonKind, str, Callable[..., Person]]] = {
    "staff": (PersonKind.STAFF, "account_id", _staff),
    "representative": (PersonKind.REPRESENTATIVE, "representative_id", _acting),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_who_left_goes_whole_with_a_certificate(who: str) -> None:
    kind, column, make = PEOPLE[who]
    person = make(has_left=True)
    request = identified("erasure", channel=RequestChannel.LETTER, **{column: person.id})
    assert is_carried_out(request)
    assert by_hand(request) == ""
    person_id, number = person.id, request.number

    decide_request(request.id, {}, reply="Gewist.", by=as_staff())

    session.expire_all()
    assert session.scalars(select(type(person)).where(type(person).id == person_id)).all() == []
    while push_waiting():
        pass
    assert find_endings(Ending.ERASURE, [person_id])
    [certificate] = session.scalars(select(ErasureCertificate))
    assert (certificate.kind, certificate.why, certificate.is_whole) == (kind, ErasureReason.ASKED, True)
    left = session.scalars(select(DataRequest).where(DataRequest.number == number)).one()
    assert (left.known_person_id, left.outcome, left.certificate_number) == (
        None, Outcome.GRANTED, certificate.number,
    )  # fmt: skip
    mails = session.scalars(select(Mail).where(Mail.template == "requests/erased")).all()
    assert [path_of(certificate) in keys.unseal_for_school(each.sealed or b"", "mail") for each in mails] == [True]
    assert session.scalars(select(RequestAdvice)).all() == []


@pytest.mark.parametrize("is_by_hand", [False, True])
@pytest.mark.parametrize("who", PEOPLE)
def test_who_is_still_here_does_not_go_whole(who: str, is_by_hand: bool) -> None:
    _kind, column, make = PEOPLE[who]
    person = make(has_left=False)
    request = identified("erasure", channel=RequestChannel.LETTER, **{column: person.id})
    assert not is_carried_out(request)
    assert "werkt hier nog" in by_hand(request)
    with pytest.raises(Conflict, match="still_here"):
        decide_request(request.id, {}, reply="Goed.", is_done_by_hand=is_by_hand, by=as_staff())
    assert session.get(type(person), (person.school_id, person.id)) is person
    assert request.outcome is None


def test_she_hears_no_while_she_works_here() -> None:
    request = identified("erasure", account_id=_staff(has_left=False).id)
    parts = dict.fromkeys(_parts(), Ground.LAW)
    decide_request(request.id, parts, reply="U werkt hier nog.", by=as_staff())
    assert request.outcome is Outcome.REFUSED


def _parts() -> list[str]:
    staff = current_policy().staff
    assert staff is not None
    return [each.key for each in staff.data]


def _staying() -> list[str]:
    staff = current_policy().staff
    assert staff is not None
    return [each.key for each in staff.data if each.kept in ("audit", "learners")]


def test_what_stays_with_learners_and_in_the_audit_may_be_refused_and_the_rest_goes() -> None:
    account_id = _staff(has_left=True).id
    request = identified("erasure", account_id=account_id)
    refused = dict.fromkeys(_staying(), Ground.LAW)
    assert refused

    decide_request(request.id, refused, reply="Wat u opschreef blijft.", by=as_staff())

    [certificate] = session.scalars(select(ErasureCertificate))
    assert certificate.is_whole
    assert request.outcome is Outcome.IN_PART
    assert session.scalars(select(Account).where(Account.id == account_id)).all() == []
    assert {each.subject for each in list_answers(request) if each.outcome is Outcome.REFUSED} == set(refused)


def test_of_who_left_a_part_alone_is_done_by_hand() -> None:
    account = _staff(has_left=True)
    request = identified("erasure", account_id=account.id)
    refused = {"roles": Ground.LAW}
    with pytest.raises(Invalid, match="do_first"):
        decide_request(request.id, refused, reply="Uw rollen blijven.", by=as_staff())
    decide_request(request.id, refused, reply="Uw rollen blijven.", is_done_by_hand=True, by=as_staff())
    assert session.get(Account, (account.school_id, account.id)) is account
    assert session.scalars(select(ErasureCertificate)).all() == []


def test_who_is_a_learner_by_the_same_account_does_not_go() -> None:
    account = _staff(has_left=True)
    make_learner().account_id = account.id
    session.flush()
    request = identified("erasure", account_id=account.id)
    with pytest.raises(Conflict, match="still_here"):
        decide_request(request.id, {}, reply="Goed.", by=as_staff())


@pytest.mark.parametrize("reason", [HoldReason.LAW, HoldReason.CLAIM])
def test_a_claim_about_her_learner_keeps_who_acted_for_him(reason: Any) -> None:
    row = _acting(has_left=True)
    session.add(
        RetentionHold(
            learner_id=row.learner_id, reason=reason, details="Zaak 12", ends_on=today() + timedelta(days=90),
            set_at=now(), set_by_name="Petra Privacy",
        )
    )  # fmt: skip
    session.flush()
    request = identified("erasure", representative_id=row.id)

    decide_request(request.id, {}, reply="Er loopt een zaak.", by=as_staff())

    assert request.outcome is Outcome.REFUSED
    [answer] = list_answers(request)
    assert (answer.kept_for, answer.kept_until) == ("Zaak 12", today() + timedelta(days=90))
    assert session.get(Representative, (row.school_id, row.id)) is row
