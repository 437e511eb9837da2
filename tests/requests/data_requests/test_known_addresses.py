"""A code goes to an address that was hers before: not to one that was typed with the sign-in that is doubted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import Account, LinkKind, SignInLink
from portal.core.clock import now
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.mail import Mail
from portal.learners.corrections.services import correct_own_field
from portal.learners.record.models import Learner
from portal.requests.data_requests.known_addresses import STOOD
from portal.requests.data_requests.models import DataRequest, RequestChannel, RequestKind
from portal.requests.data_requests.notices import can_be_mailed
from portal.schools.queries import SchoolView
from tests.factories.consent import as_learner
from tests.factories.learners import make_learner
from tests.factories.requests import ask, enter


@pytest.fixture
def asked(school: SchoolView) -> DataRequest:
    """Return a request of a learner who signs in by a number, in one step."""
    learner = make_learner("Amina", "Yilmaz")
    by = as_learner(learner)
    account = session.get_one(Account, (school.id, by.account_id))
    account.email, account.sign_in_number, learner.account_id = None, "C-77", account.id
    session.flush()
    return ask(learner, is_certain=False, by=by)


def account_of(request: DataRequest) -> Account:
    return session.get_one(Account, (request.school_id, request.filed_by))


def test_what_she_types_after_asking_is_no_known_address(asked: DataRequest) -> None:
    assert not can_be_mailed(asked, known=True)
    learner = session.get_one(Learner, (asked.school_id, asked.learner_id))
    by = as_learner(learner)
    correct_own_field(learner.id, "learner.email", "just.typed@example.org", by=by)
    assert learner.email == "just.typed@example.org"
    assert can_be_mailed(asked)
    assert not can_be_mailed(asked, known=True)


@pytest.mark.parametrize(("ago", "is_known"), [(timedelta(0), False), (STOOD + timedelta(days=1), True)])
def test_an_address_whose_link_was_opened_counts_once_it_stood(
    asked: DataRequest, ago: timedelta, is_known: bool
) -> None:
    account = account_of(asked)
    account.email = "opened@example.org"
    moment = now() - ago
    session.add(
        SignInLink(
            account_id=account.id,
            kind=LinkKind.NEW_EMAIL,
            token_digest=new_id().bytes,
            new_email=account.email,
            expires_at=moment,
            used_at=moment,
        )
    )
    session.flush()
    assert can_be_mailed(asked, known=True) is is_known


def test_what_the_school_wrote_down_is_known(school: SchoolView) -> None:
    learner = make_learner("Amina", "Yilmaz", email="amina@example.org")
    by = as_learner(learner)
    account = session.get_one(Account, (school.id, by.account_id))
    account.email, account.sign_in_number = None, "C-78"
    session.flush()
    assert can_be_mailed(ask(learner, is_certain=False, by=by), known=True)


@pytest.mark.parametrize("typed", ["{} / 06-12345678", "06-12345678, {}", "{}, an@example.org", "@"])
def test_what_is_not_one_address_gets_no_mail_and_the_desk_is_told_to_call(school: SchoolView, typed: str) -> None:
    contact = typed.format("kim@example.org")
    request = enter(RequestKind.ACCESS, asker_contact=contact, channel=RequestChannel.PHONE)
    assert not can_be_mailed(request)
    assert session.scalars(select(Mail)).all() == []
    assert can_be_mailed(enter(RequestKind.ACCESS, asker_contact=" Kim@Example.org ", channel=RequestChannel.PHONE))
