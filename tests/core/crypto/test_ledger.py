"""Whatever ends is in the ledger of both copies with its commit, by a digest that says nothing to others."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from portal.accounts.actors import actor_of, holder_of
from portal.accounts.members.services import change_roles, end_member, forget_second_factor
from portal.accounts.models import Membership
from portal.accounts.passkeys.services import remove_passkey
from portal.core.clock import now, today
from portal.core.crypto import key_store
from portal.core.crypto.ledger import Ending, find_endings, record_ending
from portal.core.db.scope import checkpoint, in_school
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.invitations.services import end_access
from portal.learners.merges.services import merge_learners
from portal.permissions import Role
from portal.purposes.models import Consent
from portal.purposes.withdrawals.services import withdraw_consent
from portal.representation.models import RepresentativeKind
from portal.representation.services import end_representative, record_representative
from portal.schools.queries import SchoolView
from tests.factories.accounts import give_second_factor, make_account
from tests.factories.authenticators import make_passkey
from tests.factories.consent import agree, as_learner
from tests.factories.learners import make_learner
from tests.seed import SCHOOLS

Enter = Callable[[str], AbstractContextManager[SchoolView]]

pytestmark = pytest.mark.usefixtures("school")


def by(*roles: str) -> Actor:
    account = make_account("Directie", *roles, email=f"{uuid4()}@example.org")
    return actor_of(account.id, account.name, frozenset(roles))


def has_ended(kind: Ending, subject_id: UUID) -> bool:
    checkpoint()
    ended = find_endings(kind, [subject_id, uuid4()])
    assert set(ended) <= {subject_id}
    return subject_id in ended and now() - ended[subject_id] < timedelta(minutes=1)


def test_a_withdrawn_consent() -> None:
    learner = make_learner()
    agree(learner, "survey")
    consent = session.scalars(select(Consent.id)).one()
    assert not has_ended(Ending.CONSENT, consent)
    withdraw_consent(learner.id, "survey", by=as_learner(learner))
    assert has_ended(Ending.CONSENT, consent)


def test_an_ended_authorisation_with_the_role_that_came_with_it() -> None:
    learner, office = make_learner(birth_date=date(1990, 1, 1)), by("administration")
    row = record_representative(
        learner.id, kind=RepresentativeKind.AUTHORISED, name="Samira", email="samira@example.org", proof="Gezien",
        ends_on=today() + timedelta(days=30), by=office,
    )  # fmt: skip
    role = session.scalars(select(Membership.id).where(Membership.account_id == row.account_id)).one()
    end_representative(learner.id, row.id, by=office)
    assert has_ended(Ending.AUTHORISATION, row.id)
    assert has_ended(Ending.ROLE, role)


@pytest.mark.parametrize("began", [today() - timedelta(days=9), today()])
def test_a_role_that_was_taken_away(began: date) -> None:
    account = make_account("An", "teacher", "administration", email="an@example.org")
    roles = {row.role: row for row in session.scalars(select(Membership).where(Membership.account_id == account.id))}
    for row in roles.values():
        row.starts_on = began
    session.flush()
    change_roles(account.id, frozenset({Role.TEACHER}), by=by("management"))
    assert has_ended(Ending.ROLE, roles[Role.ADMINISTRATION].id)
    assert not has_ended(Ending.ROLE, roles[Role.TEACHER].id)


def test_an_account_that_was_ended() -> None:
    account = make_account("An", "teacher", email="an@example.org")
    end_member(account.id, by=by("management"))
    assert has_ended(Ending.ACCOUNT, account.id)


def test_a_learners_access_that_was_ended() -> None:
    learner, account = make_learner(), make_account("Amina", "learner", email="amina@example.org")
    learner.account_id = account.id
    session.flush()
    end_access(learner.id, by=by("administration"))
    assert has_ended(Ending.ACCOUNT, account.id)


def test_the_second_account_of_two_records_that_became_one() -> None:
    kept, other = make_learner(), make_learner("Emine")
    accounts = [make_account(each.full_name, "learner", email=f"{each.id}@example.org") for each in (kept, other)]
    kept.account_id, other.account_id = (each.id for each in accounts)
    session.flush()
    merge_learners(kept.id, other.id, take=(), by=by("administration"))
    assert has_ended(Ending.ACCOUNT, accounts[1].id)
    assert not has_ended(Ending.ACCOUNT, accounts[0].id)


def test_a_second_factor_that_was_taken_away() -> None:
    account = make_account("An", "teacher", email="an@example.org")
    give_second_factor(account)
    forget_second_factor(account.id, by=by("management"))
    assert has_ended(Ending.SECOND_FACTOR, account.id)


def test_a_passkey_that_was_removed() -> None:
    account = make_account("An", "teacher", email="an@example.org")
    kept, removed = make_passkey(holder_of(account)), make_passkey(holder_of(account))
    remove_passkey(removed.id, by=holder_of(account))
    assert has_ended(Ending.PASSKEY, removed.id)
    assert not has_ended(Ending.PASSKEY, kept.id)


def test_it_holds_no_id_and_says_the_same_of_nothing_else() -> None:
    member = uuid4()
    record_ending(Ending.ROLE, member)
    checkpoint()
    for copy in key_store.store().mirror.copies:
        held: Any = "\n".join(str(tuple(row)) for row in copy.rows(text("select ending::text from ending")))
        assert str(member) not in held
        assert member.hex not in held
    assert find_endings(Ending.ACCOUNT, [member]) == {}
    with in_school(SCHOOLS[1].id):
        assert find_endings(Ending.ROLE, [member]) == {}
