"""The policy in force costs no statement once it was read."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.core.errors import NotFound
from portal.policy.queries import current_policy
from portal.schools.queries import SchoolView, current_school, get_school, set_current_school, view_of


def test_the_policy_in_force_is_read_once(school: SchoolView, count_statements: Callable[[], Any]) -> None:
    first = current_policy()
    with count_statements() as seen:
        again = current_policy()

    assert seen == []
    assert again is first


def test_each_school_has_its_own(enter: Callable[[str], Any]) -> None:
    with enter("step-inburgering"):
        assert current_policy().controller.name == "STEP Inburgering"
    with enter("onderwijs-pro"):
        assert not current_policy().feature("attendance")


def test_a_school_without_a_policy_has_none(school: SchoolView) -> None:
    row = get_school()
    row.policy_version_id = None
    set_current_school(view_of(row))

    with pytest.raises(NotFound):
        current_policy()
    assert current_school().policy_version_id is None
