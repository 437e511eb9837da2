"""An account goes with the last of those whom it serves: of two children, of two roles; and never before."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts.models import Account, AccountSession, Membership
from portal.core.clock import now
from portal.core.crypto.ledger import Ending, EndingsSince, find_endings, record_ending
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.erasure import erase_people, erase_person
from portal.core.http.access import PORTAL
from portal.core.personal_data import PersonKind
from portal.core.restores.erasures import erase_again
from portal.core.shared_accounts import who_share_accounts
from portal.learners.record.models import Learner
from portal.purposes.restrictions.models import RestrictionGround
from portal.purposes.restrictions.services import restrict
from portal.representation.models import Representative
from portal.requests.data_requests.models import DataRequest
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.learners import make_learner, make_representative
from tests.house.rows import make_row

LEARNER, REPRESENTATIVE, STAFF = PersonKind.LEARNER, PersonKind.REPRESENTATIVE, PersonKind.STAFF
ADDRESS = "samira@example.org"


def make_parent(*roles: str) -> Account:
    return make_account("Samira Yilmaz", *(roles or ("representative",)), email=ADDRESS)


def make_acting(account: Account, learner: Learner | None = None) -> Representative:
    """Let the holder of an account act for a learner."""
    return make_representative(learner or make_learner(), account_id=account.id, name=account.name, email=ADDRESS)


def is_there(account_id: UUID) -> bool:
    return session.scalar(select(Account.id).where(Account.id == account_id)) is not None


def signs_in_for(representative_id: UUID) -> UUID | None:
    return session.scalar(select(Representative.account_id).where(Representative.id == representative_id))


@pytest.fixture
def two(school: SchoolView) -> tuple[UUID, UUID, UUID]:
    """A parent of two children, signed in, who asked something about the second: her account, and both rows of hers."""
    account = make_parent()
    first, second = make_acting(account), make_acting(account)
    make_row("account_session", account_id=account.id, learner_id=None)
    make_row("data_request", learner_id=second.learner_id, filed_by=account.id, filed_by_name="Samira Yilmaz")
    return account.id, first.id, second.id


def test_a_parent_of_two_still_signs_in_for_the_other(two: tuple[UUID, UUID, UUID]) -> None:
    account_id, first, second = two

    erase_person(REPRESENTATIVE, first, why="test")

    assert signs_in_for(second) == account_id
    assert session.scalars(select(Membership.account_id).where(Membership.account_id == account_id)).all()
    assert session.scalars(select(AccountSession.id).where(AccountSession.account_id == account_id)).all()
    asked = session.scalars(select(DataRequest)).one()
    assert (asked.filed_by, asked.filed_by_name) == (account_id, "Samira Yilmaz")


def test_her_account_goes_with_the_last_of_them(two: tuple[UUID, UUID, UUID]) -> None:
    account_id, first, second = two

    erase_person(REPRESENTATIVE, first, why="test")
    erase_person(REPRESENTATIVE, second, why="test")

    assert not is_there(account_id)
    assert session.scalars(select(DataRequest.filed_by_name)).one() == ""


def test_both_at_once_take_it_along(two: tuple[UUID, UUID, UUID]) -> None:
    account_id, first, second = two

    erase_people(REPRESENTATIVE, [first, second], why="test")

    assert not is_there(account_id)


def test_a_restore_leaves_her_what_she_has_for_the_other(two: tuple[UUID, UUID, UUID]) -> None:
    account_id, first, second = two
    record_ending(Ending.ERASURE, first)
    checkpoint()

    erase_again(EndingsSince(now() - timedelta(hours=1)))

    assert session.scalars(select(Representative.id)).all() == [second]
    assert signs_in_for(second) == account_id


def test_another_child_counts_though_it_restricted_its_data(two: tuple[UUID, UUID, UUID]) -> None:
    account_id, first, second = two
    other = session.scalars(select(Representative).where(Representative.id == second)).one().learner_id
    restrict(other, ground=RestrictionGround.CLAIM, by=PORTAL)
    checkpoint()
    assert signs_in_for(second) is None

    erase_person(REPRESENTATIVE, first, why="test")

    assert is_there(account_id)


def _erase(learner_id: UUID) -> None:
    erase_person(LEARNER, learner_id, why="test")
    checkpoint()
    assert set(find_endings(Ending.ERASURE, [learner_id])) == {learner_id}


def _restore(learner_id: UUID) -> None:
    record_ending(Ending.ERASURE, learner_id)
    checkpoint()
    erase_again(EndingsSince(now() - timedelta(hours=1)))


@pytest.mark.parametrize("erase", [_erase, _restore])
def test_a_parent_goes_with_her_only_child_and_her_account_too(
    school: SchoolView, erase: Callable[[UUID], None]
) -> None:
    account, child = make_parent(), make_learner()
    account_id, acting = account.id, make_acting(account, child).id

    erase(child.id)

    assert not session.scalars(select(Representative)).all()
    assert not is_there(account_id)
    if erase is _erase:
        assert set(find_endings(Ending.ERASURE, [acting])) == {acting}


@pytest.mark.parametrize("roles", [("representative", "teacher"), ("representative",)])
def test_she_keeps_her_account_where_it_serves_her_otherwise(school: SchoolView, roles: tuple[str, ...]) -> None:
    account, child = make_parent(*roles), make_learner()
    make_acting(account, child)
    left = {make_acting(account).id} if roles == ("representative",) else set()

    erase_person(LEARNER, child.id, why="test")

    assert is_there(account.id)
    assert set(session.scalars(select(Representative.id))) == left


@pytest.mark.parametrize("first", ["learner", "representative"])
def test_a_learner_who_acts_for_another_keeps_it_until_both_are_gone(school: SchoolView, first: str) -> None:
    account = make_account("Samira Yilmaz", "learner", "representative", email=ADDRESS)
    account_id, learner_id = account.id, make_learner("Samira", account_id=account.id).id
    acting = make_acting(account).id
    ways = {"learner": (LEARNER, learner_id), "representative": (REPRESENTATIVE, acting)}

    erase_person(*ways.pop(first), why="test")
    assert is_there(account_id)
    [(kind, person_id)] = ways.values()
    erase_person(kind, person_id, why="test")

    assert not is_there(account_id)


def test_who_signed_for_a_child_is_not_taken_along(school: SchoolView) -> None:
    recorder, parent = make_account("Dora Docent", "administration"), make_parent()
    acting = make_acting(parent)
    acting.recorded_by = recorder.id
    session.flush()

    erase_person(STAFF, recorder.id, why="test")

    assert signs_in_for(acting.id) == parent.id


def test_it_takes_as_many_statements_for_one_as_for_many(
    school: SchoolView, count_statements: Callable[[], Any]
) -> None:
    ids = [
        make_learner(account_id=make_account("Amina Yilmaz", "learner", email=f"a{n}@example.org").id).id
        for n in range(12)
    ]
    session.flush()

    with count_statements() as of_one:
        assert who_share_accounts(LEARNER, ids[:1]) == []
    with count_statements() as of_many:
        assert who_share_accounts(LEARNER, ids) == []

    assert len(of_one) == len(of_many) <= 3
