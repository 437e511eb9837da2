"""From roles to a scope: at work, and on the own record, where roles at work widen nothing."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from portal.accounts.actors import actor_of, holder_of
from portal.accounts.models import Membership
from portal.core import audit
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import Reach, Scope
from portal.permissions import CHANGES, MAY, SEES, Role
from tests.factories.accounts import make_account

LEARNER = uuid4()


def actor(*roles: str, **given: Any) -> Actor:
    return actor_of(uuid4(), "Iemand", frozenset(roles), **given)


def test_a_learner_reaches_her_own_record_alone_and_corrects_what_she_sees() -> None:
    scope = actor("learner", learner_id=LEARNER).scope

    assert (scope.reach, scope.learner_id) == (Reach.ONE_LEARNER, LEARNER)
    assert scope.sees == scope.changes == SEES[Role.LEARNER]


def test_a_representative_reaches_one_learner_until_a_day_within_what_she_was_given() -> None:
    given = actor("representative", learner_id=LEARNER, represents=True, until=date(2030, 1, 1), within=["attendance"])
    whole = actor("representative", learner_id=LEARNER, represents=True, until=date(2030, 1, 1))

    assert given.scope.sees == given.scope.changes == {"attendance"}
    assert given.scope.until == date(2030, 1, 1)
    assert whole.scope.sees == SEES[Role.REPRESENTATIVE]


def test_who_works_here_and_is_a_parent_too_has_a_scope_for_each() -> None:
    both = actor("teacher", "representative", learner_id=LEARNER, represents=True, within=["level"])

    assert (both.scope.reach, both.scope.learner_id) == (Reach.OWN_GROUPS, None)
    assert both.sees == SEES[Role.TEACHER]
    assert both.changes == CHANGES[Role.TEACHER]
    assert both.on_own_record().scope.own_learner_id == both.learner_id == LEARNER
    assert both.on_own_record().sees == both.on_own_record().changes == {"level"}


def test_who_has_no_record_of_her_own_reaches_nothing_there() -> None:
    for made in (actor("administration").on_own_record(), actor("learner")):
        assert made.scope == Scope(account_id=made.account_id)


@pytest.mark.parametrize("role", list(Role))
def test_a_scope_belongs_to_its_account_and_holds_what_its_roles_hold(role: Role) -> None:
    made = actor(role.value, learner_id=LEARNER if role in {Role.LEARNER, Role.REPRESENTATIVE} else None)

    assert made.scope.account_id == made.account_id
    assert made.permissions == {each.value for each in MAY[role]}


def test_a_clients_contact_has_an_organisation_and_an_auditor_has_lessons() -> None:
    organisation_id, lesson_id = uuid4(), uuid4()

    assert actor("client_contact", organisation_id=organisation_id).scope.organisation_id == organisation_id
    assert actor("auditor", lessons=[lesson_id]).scope.lessons == {lesson_id}
    assert actor("client_contact").scope.organisation_id is None


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize(
    ("roles", "kind", "name"),
    [
        (("teacher",), "staff", "Noor Bakker"),
        (("privacy_staff", "representative"), "staff", "Noor Bakker"),
        (("learner",), "learner", None),
        (("representative",), "representative", None),
    ],
)
@pytest.mark.parametrize("starts_in", [0, 7])
def test_what_is_written_down_of_who_signs_in_says_who_she_is(
    roles: tuple[str, ...], kind: str, name: str | None, starts_in: int
) -> None:
    account = make_account("Noor Bakker", *roles)
    session.execute(update(Membership).values(starts_on=today() + timedelta(days=starts_in)))
    by = holder_of(account)
    entry = session.get_one(AuditEvent, (account.school_id, audit.record("tests.done", by=by)))
    assert (entry.actor_kind, entry.actor_name, set(entry.actor_roles)) == (kind, name, set(roles))
    assert not by.permissions
    assert by.scope == Scope(account_id=account.id)
