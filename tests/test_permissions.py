"""The tables of roles: each role stands in all of them, and a reserved one opens nothing yet."""

import pytest

from portal.accounts.actors import actor_of
from portal.accounts.labels import ROLES
from portal.accounts.queries import STAFF_ROLES
from portal.core.db.base import new_id
from portal.core.http.scope import Reach
from portal.permissions import CHANGES, MAY, OUTSIDE, REACH, RESERVED, SEES, Permission, Role, reach_of


def test_every_role_stands_in_every_table() -> None:
    assert set(MAY) == set(SEES) == set(CHANGES) == set(REACH) == set(ROLES) == set(Role)


def test_a_reserved_role_opens_the_own_account_alone_and_is_given_to_nobody() -> None:
    for role in RESERVED:
        assert MAY[role] == {Permission.ACCOUNT_OWN}
        assert CHANGES[role] == frozenset()
        assert role not in STAFF_ROLES


def test_who_comes_from_outside_is_no_staff_and_never_reaches_the_whole_school() -> None:
    for role in Role:
        actor = actor_of(new_id(), "Iemand", frozenset({role.value}))
        assert actor.is_staff is (role not in OUTSIDE)
        if role in OUTSIDE:
            assert actor.scope.reach not in {Reach.SCHOOL, Reach.OWN_GROUPS}


def test_of_several_roles_at_work_the_widest_reaches_and_a_private_one_adds_nothing() -> None:
    assert reach_of(frozenset({"teacher", "coach"})) is Reach.SCHOOL
    assert reach_of(frozenset({"teacher", "representative"})) is Reach.OWN_GROUPS
    assert reach_of(frozenset({"auditor", "learner"})) is Reach.SAMPLED_LESSONS
    assert reach_of(frozenset({"learner"})) is Reach.ONE_LEARNER
    assert reach_of(frozenset()) is Reach.NOBODY


@pytest.mark.promise("OP-09", part="reviewed")
def test_the_privacy_officer_sees_all_and_decides_nothing() -> None:
    assert SEES[Role.PRIVACY_OFFICER] == SEES[Role.LEARNER]
    assert CHANGES[Role.PRIVACY_OFFICER] == {"complaint"}  # which some statements send to her
    assert Permission.REQUEST_KEEP not in MAY[Role.PRIVACY_OFFICER]
    assert Permission.CORRECTION_DECIDE not in MAY[Role.PRIVACY_OFFICER]


def test_a_category_that_a_role_at_work_sees_opens_the_page_where_it_stands() -> None:
    pages = {
        "attendance": Permission.FIGURES_VIEW,
        "level": Permission.PROGRESS_VIEW,
        "exam": Permission.PROGRESS_VIEW,
        "progress": Permission.PROGRESS_VIEW,
    }
    refused = [
        (role.value, category)
        for role in set(Role) - OUTSIDE - RESERVED
        for category, permission in pages.items()
        if category in SEES[role] and permission not in MAY[role]
    ]
    assert not refused
