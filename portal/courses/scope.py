"""Which groups and lessons a scope reaches: the office's all, a teacher's her own (LB-06), an auditor's those drawn.

A statement that is built once is kept for each reach, and given the values of `parameters_of` each time.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Date,
    Uuid,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.orm import aliased

from portal.core.clock import today
from portal.core.http.scope import Reach, Scope
from portal.courses.models import GroupTeacher, LearnerGroup, Lesson

FINISHING = timedelta(days=7)
"""So long after a last day, of a group or of a learner in it, its teacher can still finish registers and levels.

So can a substitute, or a teacher who left the group, the registers of lessons that she gave.
"""


def not_over(day: Any, *ends: Any) -> ColumnElement[bool]:
    """Say whether the earliest of these last days, of which each may be open, is at most a week before a day."""
    over: ColumnElement[bool] = func.coalesce(func.least(*ends, type_=Date()) + FINISHING.days, day) >= day
    return over


def taught_until(day: Any, *ends: Any, teacher: Any = GroupTeacher) -> ColumnElement[bool]:
    """Say of `group_teacher` whether her period lasts until this day, or until the earliest of these last days."""
    return and_(teacher.lasts_until(func.least(day, *ends, type_=Date())))


def teaches_group(account: Any, day: Any) -> ColumnElement[bool]:
    """Say of `learner_group` whether this account teaches it on this day, or did when it ended, a week before at most.

    Values or parameters.
    """
    teacher = aliased(GroupTeacher)  # a statement on who teaches a group may ask this too
    return exists().where(
        teacher.school_id == LearnerGroup.school_id,
        teacher.group_id == LearnerGroup.id,
        teacher.account_id == account,
        teacher.starts_on <= day,
        taught_until(day, LearnerGroup.ends_on, teacher=teacher),
        not_over(day, LearnerGroup.ends_on),
    )


def own_lessons(account: Any, still: Any) -> ColumnElement[bool]:
    """Say of `lesson` whether a teacher reaches it: held while she taught the group, or taken over by her.

    When her period or the group is over she has a week to finish: `still` is the day that both must have lasted until,
    a week ago. Before her first day nothing of it opens yet.
    """
    group = aliased(LearnerGroup)
    own = exists().where(
        GroupTeacher.school_id == Lesson.school_id,
        GroupTeacher.group_id == Lesson.group_id,
        GroupTeacher.account_id == account,
        GroupTeacher.lasts_until(still),
        group.school_id == Lesson.school_id,
        group.id == Lesson.group_id,
        group.lasts_until(still),
        GroupTeacher.starts_on <= func.least(Lesson.held_on, still + FINISHING.days, type_=Date()),
        GroupTeacher.lasts_until(Lesson.held_on),
    )
    return or_(own, and_(Lesson.substitute_id == account, Lesson.held_on >= still))


def parameters_of(scope: Scope) -> dict[str, Any]:
    """Return the values of the parameters in the conditions below, for a statement that was built for one reach."""
    day = today()
    return {
        "scope_account": scope.account_id,
        "scope_day": day,
        "scope_still": day - FINISHING,
        "scope_lessons": list(scope.lessons),
        "scope_learner": scope.own_learner_id,
        "scope_organisation": scope.organisation_id,
    }


def parameter(scope: Scope, name: str, kind: Any) -> BindParameter[Any]:
    """Return a parameter of a scope's condition with its value, which a statement that is kept is given anew."""
    return bindparam(name, parameters_of(scope)[name], type_=kind)


def reaches_group(scope: Scope) -> ColumnElement[bool]:
    """Say of `learner_group` whether a scope reaches it: the school's all, or for a teacher her own.

    Who comes for one learner, for a client's learners or for drawn lessons reaches no group as such.
    """
    match scope.reach:
        case Reach.SCHOOL:
            return true()
        case Reach.OWN_GROUPS:
            return teaches_group(parameter(scope, "scope_account", Uuid()), parameter(scope, "scope_day", Date()))
        case _:
            return false()


def reaches_lesson(scope: Scope) -> ColumnElement[bool]:
    """Say of `lesson` whether a scope reaches it: the school's all, a teacher's own, or those drawn for an auditor.

    A learner reads her lessons in her own record, where another's presence isn't; she reaches none as such.
    """
    match scope.reach:
        case Reach.SCHOOL:
            return true()
        case Reach.OWN_GROUPS:
            return own_lessons(parameter(scope, "scope_account", Uuid()), parameter(scope, "scope_still", Date()))
        case Reach.SAMPLED_LESSONS:
            return Lesson.id == func.any(parameter(scope, "scope_lessons", ARRAY(Uuid())))
        case _:
            return false()


def gives_lesson(
    scope: Scope, when: Callable[[Any], ColumnElement[bool]], *, or_is_replaced: bool = False
) -> ColumnElement[bool]:
    """Say of `lesson` whether it is of these days and hers to fill in: a teacher's what she gives, the office's all.

    With `or_is_replaced` also what another gives for her.
    """
    match scope.reach:
        case Reach.SCHOOL:
            return when(Lesson)
        case Reach.OWN_GROUPS:
            account, still = parameter(scope, "scope_account", Uuid()), parameter(scope, "scope_still", Date())
            return Lesson.id.in_(given_lessons(account, still, when, or_is_replaced=or_is_replaced))
        case _:
            return false()


def given_lessons(
    account: Any, still: Any, when: Callable[[Any], ColumnElement[bool]], *, or_is_replaced: bool = False
) -> CompoundSelect[UUID]:
    """Return the ids of the lessons that a teacher reaches and gives: her own groups', unless another takes them over.

    `when` narrows them by their day, so that only those are read; `still` as with `own_lessons`. With `or_is_replaced`
    also those that another takes over.
    """
    mine, taken = aliased(Lesson), aliased(Lesson)
    own = (
        select(mine.id)
        .join(GroupTeacher, (GroupTeacher.school_id == mine.school_id) & (GroupTeacher.group_id == mine.group_id))
        .join(LearnerGroup, (LearnerGroup.school_id == mine.school_id) & (LearnerGroup.id == mine.group_id))
        .where(
            GroupTeacher.account_id == account,
            GroupTeacher.lasts_until(still),
            LearnerGroup.lasts_until(still),
            GroupTeacher.starts_on <= func.least(mine.held_on, still + FINISHING.days, type_=Date()),
            GroupTeacher.lasts_until(mine.held_on),
            true() if or_is_replaced else or_(mine.substitute_id.is_(None), mine.substitute_id == account),
            when(mine),
        )
    )
    instead = select(taken.id).where(taken.substitute_id == account, taken.held_on >= still, when(taken))
    return union(own, instead)
