"""As whom a job on results acts, and who is in the group that a list is of."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.accounts.models import Membership
from portal.core.clock import today
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.errors import NotAllowed
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM, Reach
from portal.imports.models import RunState
from portal.imports.results.queries import get_actor_of, list_member_ids
from portal.schools.queries import SchoolView
from tests.factories.courses import enrol, make_group
from tests.factories.imports import make_office, results_in, sheet_bytes
from tests.factories.learners import make_learner
from tests.signing_in import make_account

ONE = sheet_bytes(["Nummer", "Lezen", "Datum"], ["101", "A2", "3-11-2026"])


def make_teacher() -> Actor:
    account = make_account("Tess Bakker", "teacher")
    checkpoint()
    return actor_of(account.id, account.name, frozenset({"teacher"}))


def test_a_job_acts_as_who_brought_the_list_and_no_wider(school: SchoolView) -> None:
    teacher, office = make_teacher(), make_office()
    run = results_in(ONE, teacher)
    acting = get_actor_of(run)
    assert (acting.account_id, acting.scope.reach, acting.roles) == (
        teacher.account_id,
        Reach.OWN_GROUPS,
        frozenset({"teacher"}),
    )
    run.state, run.undone_by = RunState.UNDOING, office.account_id
    assert get_actor_of(run).scope.reach is Reach.SCHOOL


def test_who_has_no_such_role_any_more_stores_nothing(school: SchoolView) -> None:
    teacher = make_teacher()
    run = results_in(ONE, teacher)
    membership = session.scalars(select(Membership).where(Membership.account_id == teacher.account_id)).one()
    membership.starts_on, membership.ends_on = today() - timedelta(days=9), today() - timedelta(days=1)
    session.flush()
    with pytest.raises(NotAllowed):
        get_actor_of(run)


def test_who_is_in_a_group_of_those_within_reach(school: SchoolView) -> None:
    group = make_group()
    now, before, later = (make_learner(number=number) for number in ("1", "2", "3"))
    enrol(now, group)
    enrol(before, group, ends_on=today() - timedelta(days=30))
    enrol(later, group, starts_on=today() + timedelta(days=30))
    assert list_member_ids(group.id, SYSTEM) == {now.id}
    assert list_member_ids(group.id, make_teacher().scope) == frozenset()
