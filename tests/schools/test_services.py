"""What the database itself holds a school to, and who may change it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.core.http.access import Actor
from portal.permissions import Role, permissions_of
from portal.schools.queries import SchoolView, current_school, first_steps, get_school
from portal.schools.services import add_school, change_look, change_sign_in_rules, follow_policy
from tests.signing_in import make_account

MANAGES, TEACHES = frozenset({Role.MANAGEMENT.value}), frozenset({Role.TEACHER.value})
MANAGER = Actor(account_id=None, name="Sam", roles=MANAGES, permissions=permissions_of(MANAGES))
TEACHER = Actor(account_id=None, name="Kim", roles=TEACHES, permissions=permissions_of(TEACHES))


def test_the_database_keeps_sign_in_rules_as_strict_as_the_policy(school: SchoolView) -> None:
    follow_policy(new_id(), idle_minutes=30, second_factor=frozenset({"management"}))
    row = get_school()

    for name, value in (("idle_minutes", 31), ("second_factor_roles", ["teacher"]), ("idle_minutes", 4)):
        with session.begin_nested() as savepoint:
            setattr(row, name, value)
            with pytest.raises(IntegrityError):
                session.flush()
            savepoint.rollback()
        session.refresh(row)


def test_rules_that_the_policy_asks_cannot_be_switched_off(school: SchoolView) -> None:
    follow_policy(new_id(), idle_minutes=60, second_factor=frozenset({"management"}))

    with pytest.raises(Invalid) as caught:
        change_sign_in_rules(idle_minutes=60, second_factor_roles=frozenset({"teacher"}), by=MANAGER)

    assert (caught.value.field, caught.value.code) == ("second_factor_roles", "less_than_policy")
    assert current_school().second_factor_roles == {"management"}


def test_what_was_not_offered_is_not_dropped(school: SchoolView) -> None:
    get_school().second_factor_roles = ["management", "of_another_time"]

    change_sign_in_rules(idle_minutes=60, second_factor_roles=frozenset({"privacy_staff"}), by=MANAGER)

    assert current_school().second_factor_roles == {"privacy_staff", "of_another_time"}


def test_only_who_may_set_a_school_does(school: SchoolView) -> None:
    with pytest.raises(NotAllowed):
        change_look("Mijn school", hue=1, chroma=0.1, by=TEACHER)


def test_what_a_change_stored_is_what_the_next_page_reads(school: SchoolView) -> None:
    change_look("Andere naam", hue=1, chroma=0.1, by=MANAGER)

    assert (current_school().name, current_school().hue, current_school().look_version) == ("Andere naam", 1, 2)


@pytest.mark.parametrize("slug", ["", "Lest", "lest_best", "-lest", "lest--best", "1school", "a" * 61])
def test_a_slug_has_small_letters_digits_and_single_hyphens(enter: Callable[[str], Any], slug: str) -> None:
    with in_school(new_id()), pytest.raises(Invalid):
        add_school(slug, "Een school", hosts=["een.school.nl"], by=MANAGER)


def test_a_host_belongs_to_one_school(enter: Callable[[str], Any]) -> None:
    with in_school(new_id()), pytest.raises(Conflict) as caught:
        add_school("een-school", "Een school", hosts=["lest-best.localhost"], by=MANAGER)

    assert caught.value.code == "host_taken"


def test_the_first_day_knows_what_is_done(school: SchoolView, count_statements: Callable[[], Any]) -> None:
    with count_statements() as seen:
        nothing = first_steps()
    assert len(seen) == 1
    assert not any((nothing.people, nothing.course, nothing.group, nothing.timetable, nothing.learners))

    make_account("Sam", "management")
    assert not first_steps().people

    make_account("Kim", "teacher")
    assert first_steps().people
    assert not first_steps().are_done
