"""A role that ends on the day on which it began: nobody is left in force without a role that says what she was."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.accounts.invitations.services import add_account, keep_role_until
from portal.accounts.members.services import change_roles, end_role
from portal.accounts.models import Account, Membership
from portal.accounts.queries import get_member
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.permissions import Role
from portal.retention.ends.queries import list_over
from tests.factories.accounts import make_account

pytestmark = pytest.mark.usefixtures("school")


@pytest.fixture
def by(school: Any) -> Actor:
    account = make_account("Directie", "management", email="directie@example.org")
    return actor_of(account.id, account.name, frozenset({"management"}))


def _invited(by: Actor, *roles: Role) -> Account:
    return add_account("Sam de Boer", email="sam@example.org", roles=frozenset(roles), by=by)


def _roles(account: Account) -> dict[Role, tuple[date, date | None]]:
    rows = session.scalars(select(Membership).where(Membership.account_id == account.id))
    return {row.role: (row.starts_on, row.ends_on) for row in rows}


def test_who_is_invited_and_ended_the_same_day_is_among_who_left_and_goes_at_the_end_of_her_term(
    by: Actor, clock: Any
) -> None:
    account = _invited(by, Role.TEACHER)
    end_role(account.id, Role.TEACHER, last_day=None, by=by)

    yesterday = today() - timedelta(days=1)
    assert _roles(account) == {Role.TEACHER: (yesterday, yesterday)}
    assert get_member(account.id, SYSTEM).roles == ()
    clock(now() + timedelta(days=40 * 366))
    assert account.id in [each.person_id for each in list_over(PersonKind.STAFF, today(), SYSTEM)]


def test_of_two_roles_the_last_one_stays(by: Actor) -> None:
    account = _invited(by, Role.TEACHER, Role.COACH)
    keep_role_until(account, Role.TEACHER, None)
    assert set(_roles(account)) == {Role.COACH}
    keep_role_until(account, Role.COACH, None)
    assert set(_roles(account)) == {Role.COACH}
    assert get_member(account.id, SYSTEM).roles == ()


def test_a_role_given_by_mistake_leaves_no_trace_where_another_is_given_instead(by: Actor) -> None:
    account = _invited(by, Role.TEACHER)
    change_roles(account.id, frozenset({Role.COACH}), by=by)
    assert _roles(account) == {Role.COACH: (today(), None)}


def test_one_that_began_before_ends_yesterday(by: Actor, clock: Any) -> None:
    account = _invited(by, Role.TEACHER)
    began = today()
    clock(now() + timedelta(days=3))
    keep_role_until(account, Role.TEACHER, None)
    assert _roles(account) == {Role.TEACHER: (began, today() - timedelta(days=1))}
