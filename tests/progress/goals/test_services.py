"""A learner's own goal: set, put in the place of another, taken away; whose it is."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.progress.goals.queries import list_goals
from portal.progress.goals.services import remove_goal, set_goal
from portal.progress.models import Rung, Skill
from portal.schools.queries import SchoolView
from tests.factories.consent import as_learner
from tests.factories.courses import make_enrolled_learner, make_group

COACH = actor_of(new_id(), "Daan Smit", frozenset({"coach"}))
THIS_MONTH = today().replace(day=1)


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    return make_enrolled_learner(make_group(), "Amina")


@pytest.fixture
def herself(amina: Learner) -> Actor:
    return as_learner(amina)


def test_one_goal_a_skill_and_one_for_all(amina: Learner, herself: Actor) -> None:
    set_goal(None, Rung.A2, THIS_MONTH, by=herself)
    set_goal(Skill.READING, Rung.A2, THIS_MONTH, by=herself)
    set_goal(None, Rung.B1, THIS_MONTH, by=herself)

    found = list_goals(amina.id, COACH.scope)
    assert [(goal.skill, goal.level) for goal in found] == [(Skill.READING, Rung.A2), (None, Rung.B1)]
    events = session.scalars(select(AuditEvent).where(AuditEvent.event == "progress.goal_set")).all()
    assert [event.learner_ids for event in events] == [[amina.id]] * 3


@pytest.mark.parametrize(
    "month",
    [(THIS_MONTH - timedelta(days=1)).replace(day=1), date(THIS_MONTH.year + 6, 1, 1), THIS_MONTH + timedelta(days=1)],
)
def test_a_month_that_cannot_be(herself: Actor, month: date) -> None:
    with pytest.raises(Invalid, match="month_out_of_reach"):
        set_goal(None, Rung.B1, month, by=herself)


def test_she_takes_it_away_and_nobody_else_does(amina: Learner, herself: Actor) -> None:
    goal = set_goal(None, Rung.B1, THIS_MONTH, by=herself)
    another = as_learner(make_enrolled_learner(make_group(), "Bereket"))

    with pytest.raises(NotFound):
        remove_goal(goal.id, by=another)
    with pytest.raises(NotAllowed):
        remove_goal(goal.id, by=COACH)
    remove_goal(goal.id, by=herself)

    assert list_goals(amina.id, COACH.scope) == []


def test_a_teacher_of_another_group_sees_none(amina: Learner, herself: Actor) -> None:
    set_goal(None, Rung.B1, THIS_MONTH, by=herself)
    account_id = new_id()
    stranger = actor_of(account_id, "Tess", frozenset({"teacher"}))

    assert list_goals(amina.id, stranger.scope) == []
