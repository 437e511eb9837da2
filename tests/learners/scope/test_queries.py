"""Which learners each kind of reach opens, on a real PostgreSQL, and that roles that open nothing yet reach none."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.http.scope import Reach, Scope
from portal.courses.models import LearnerGroup, Lesson
from portal.courses.scope import reaches_group, reaches_lesson
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.scope.queries import is_in_reach, reaches_learner
from portal.permissions import RESERVED, Role
from portal.schools.queries import SchoolView
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner, make_organisation, make_trajectory
from tests.signing_in import make_account

DAY = timedelta(days=1)


def reached(scope: Scope) -> set[str]:
    """Return the given names of whom a scope reaches, by the condition and asked for one at a time, which agree."""
    learners = session.scalars(select(Learner)).all()
    by_condition = set(session.scalars(select(Learner.given_name).where(reaches_learner(scope))))
    assert by_condition == {each.given_name for each in learners if is_in_reach(each.id, scope)}
    return by_condition


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    made = make_group()
    make_learner("Amina")
    bilal = make_enrolled_learner(made)
    bilal.given_name = "Bilal"
    session.flush()
    return made


def named(name: str) -> Learner:
    return session.scalars(select(Learner).where(Learner.given_name == name)).one()


@pytest.mark.parametrize("role", ["administration", "coach", "privacy_officer", "management"])
def test_the_office_reaches_every_learner(group: LearnerGroup, role: str) -> None:
    assert reached(actor_of(new_id(), "Kim", frozenset({role})).scope) == {"Amina", "Bilal"}


def test_jobs_reach_every_learner(group: LearnerGroup) -> None:
    assert reached(PORTAL.scope) == {"Amina", "Bilal"}


@pytest.mark.promise("LB-06")
def test_a_teacher_reaches_the_learners_of_her_groups(group: LearnerGroup) -> None:
    account = make_account("Sam", "teacher")
    teacher = actor_of(account.id, account.name, frozenset({"teacher"}))
    assert reached(teacher.scope) == set()

    make_teacher_of(group, teacher)
    assert reached(teacher.scope) == {"Bilal"}


@pytest.mark.parametrize(("days", "expected"), [(None, {"Amina"}), (0, {"Amina"}), (-1, set())])
def test_who_comes_for_one_learner_reaches_her_until_her_day(
    group: LearnerGroup, days: int | None, expected: set[str]
) -> None:
    until = today() + days * DAY if days is not None else None
    given: dict[str, Any] = {"learner_id": named("Amina").id, "represents": True, "until": until}
    assert reached(actor_of(new_id(), "Moeder", frozenset({"representative"}), **given).scope) == expected


def test_a_column_of_another_table_is_narrowed_by_the_same_condition(group: LearnerGroup) -> None:
    for name, expected in (("Amina", 0), ("Bilal", 1)):
        scope = actor_of(new_id(), name, frozenset({"learner"}), learner_id=named(name).id).scope
        rows = session.scalars(select(Enrolment).where(reaches_learner(scope, Enrolment.learner_id))).all()
        assert len(rows) == expected


def test_a_clients_contact_reaches_whose_trajectory_runs_for_it(group: LearnerGroup) -> None:
    client, other = make_organisation("Gemeente Utrecht"), make_organisation("Gemeente Zeist")
    for name, values in {
        "Runs": {"client_id": client.id},
        "Over": {"client_id": client.id, "ends_on": today() - DAY},
        "ToCome": {"client_id": client.id, "starts_on": today() + DAY},
        "Others": {"client_id": other.id},
    }.items():
        make_trajectory(make_learner(name), **{"starts_on": today() - 9 * DAY, **values})

    scope = actor_of(new_id(), "Kim", frozenset({"client_contact"}), organisation_id=client.id).scope
    assert reached(scope) == {"Runs"}


def test_an_auditor_reaches_the_lessons_drawn_and_no_record(group: LearnerGroup) -> None:
    drawn, _other = make_lesson(group), make_lesson(group, held_on=today() - DAY)
    scope = actor_of(new_id(), "Ans", frozenset({"auditor"}), lessons=[drawn.id]).scope

    assert session.scalars(select(Lesson.id).where(reaches_lesson(scope))).all() == [drawn.id]
    assert reached(scope) == set()
    assert session.scalars(select(LearnerGroup).where(reaches_group(scope))).all() == []


@pytest.mark.parametrize("reach", list(Reach))
def test_each_kind_of_reach_is_defined_for_learners_groups_and_lessons(group: LearnerGroup, reach: Reach) -> None:
    make_lesson(group)
    found = [
        len(session.execute(select(table.id).where(condition(Scope(reach)))).all())
        for table, condition in ((Learner, reaches_learner), (LearnerGroup, reaches_group), (Lesson, reaches_lesson))
    ]
    assert all(found) if reach is Reach.SCHOOL else found == [0, 0, 0]


@pytest.mark.parametrize("role", sorted(RESERVED))
def test_a_role_that_opens_nothing_yet_reaches_nothing(group: LearnerGroup, role: Role) -> None:
    account = make_account("Iemand", role.value)
    make_teacher_of(group, account)
    make_lesson(group)
    make_trajectory(named("Amina"), client_id=make_organisation().id)
    scope = actor_of(account.id, account.name, frozenset({role.value})).scope

    assert reached(scope) == set()
    assert session.scalars(select(LearnerGroup).where(reaches_group(scope))).all() == []
    assert session.scalars(select(Lesson).where(reaches_lesson(scope))).all() == []
    assert scope.changes == frozenset()
