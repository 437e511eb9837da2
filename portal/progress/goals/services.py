"""Setting a goal and taking it away: hers alone, or whose representative does it for her."""

from datetime import date
from uuid import UUID

from sqlalchemy import delete, select

from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.permissions import Permission
from portal.progress.goals.models import Goal
from portal.progress.levels.queries import check_rung
from portal.progress.models import Rung, Skill
from portal.progress.services import must_be_kept

YEARS_AHEAD = 5


def _own_learner_id(by: Actor) -> UUID:
    """Return whose goals she sets, her record held until the commit; raises NotFound and NotAllowed."""
    must_be_kept("levels")
    by.must(Permission.RECORD_OWN)
    by.scope.must_see("level")
    learner_id = by.scope.get_own_learner_id()
    own = select(Learner.id).where(Learner.school_id == current_school_id(), Learner.id == learner_id)
    session.execute(own.with_for_update(key_share=True))
    return learner_id


def set_goal(skill: Skill | None, level: Rung, by_month: date, *, by: Actor) -> Goal:
    """Set the goal for a skill, or for all; it takes the place of the one that stood there.

    `by_month` is the first day of the month. Raises Invalid for a month that is over or too far ahead.
    """
    learner_id, this_month = _own_learner_id(by), today().replace(day=1)
    if by_month.day != 1 or not this_month <= by_month <= this_month.replace(year=this_month.year + YEARS_AHEAD):
        raise Invalid("by_month", "month_out_of_reach")
    check_rung(level, "level")
    session.execute(
        delete(Goal).where(
            Goal.school_id == current_school_id(), Goal.learner_id == learner_id, Goal.skill.is_not_distinct_from(skill)
        )
    )
    goal = Goal(learner_id=learner_id, skill=skill, level=level, by_month=by_month, set_at=now())
    session.add(goal)
    session.flush()
    _log("progress.goal_set", goal, by)
    return goal


def remove_goal(goal_id: UUID, *, by: Actor) -> None:
    """Take a goal of one's own away; raises NotFound."""
    learner_id = _own_learner_id(by)
    goal = session.get(Goal, (current_school_id(), goal_id))
    if goal is None or goal.learner_id != learner_id:
        raise NotFound("goal")
    _log("progress.goal_removed", goal, by)
    session.delete(goal)
    session.flush()


def _log(event: str, goal: Goal, by: Actor) -> None:
    facts = {"skill": goal.skill.value if goal.skill else None}
    audit.record(event, learner_id=goal.learner_id, subject=("goal", goal.id), facts=facts, by=by)
