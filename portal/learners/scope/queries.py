"""Which learners a scope reaches: the school's, a teacher's groups' (LB-06), a client's, or one."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, SQLColumnExpression, Uuid, false, select, true

from portal.core.db.scope import current_school_id, hidden_categories
from portal.core.db.session import session
from portal.core.http.scope import Reach, Scope
from portal.courses.models import GroupTeacher, LearnerGroup
from portal.courses.scope import not_over, parameter, taught_until
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Trajectory


def taught_by(account: Any, day: Any) -> Select[UUID]:
    """Return the learners in a group that this account teaches on this day; values or parameters.

    After the last day of the group, or of a learner in it, a week is left to finish.
    """
    return (
        select(Enrolment.learner_id)
        .join(
            GroupTeacher,
            (GroupTeacher.school_id == Enrolment.school_id) & (GroupTeacher.group_id == Enrolment.group_id),
        )
        .join(
            LearnerGroup,
            (LearnerGroup.school_id == Enrolment.school_id) & (LearnerGroup.id == Enrolment.group_id),
        )
        .where(
            GroupTeacher.account_id == account,
            GroupTeacher.starts_on <= day,
            Enrolment.lasts_until(GroupTeacher.starts_on),
            taught_until(day, LearnerGroup.ends_on, Enrolment.ends_on),
            not_over(day, LearnerGroup.ends_on, Enrolment.ends_on),
        )
        .correlate(None)
    )


def _with_client(client: Any, day: Any) -> Select[UUID]:
    running = select(Trajectory.learner_id).where(Trajectory.client_id == client, Trajectory.holds_on(day))
    return running.correlate(None)


def reaches_learner(scope: Scope, learner_id: SQLColumnExpression[Any] = Learner.id) -> ColumnElement[bool]:
    """Say of a learner's id, a column or a value, whether a scope reaches her record.

    A client's contact reaches those of whom her organisation is the client of a running trajectory; an auditor none,
    since the rows of a drawn lesson come with that lesson.
    """
    day = parameter(scope, "scope_day", Date())
    match scope.reach:
        case Reach.SCHOOL:
            return true()
        case Reach.OWN_GROUPS:
            return learner_id.in_(taught_by(parameter(scope, "scope_account", Uuid()), day))
        case Reach.OWN_CLIENT:
            return learner_id.in_(_with_client(parameter(scope, "scope_organisation", Uuid()), day))
        case Reach.ONE_LEARNER:
            return learner_id == parameter(scope, "scope_learner", Uuid())
        case _:
            return false()


def seen_of(sees: frozenset[str], *learner_ids: UUID) -> frozenset[str]:
    """Return which of these categories are seen of these learners: none that one of them restricted (ST-08)."""
    return sees.difference(*(hidden_categories(learner_id) for learner_id in learner_ids))


def find_kept_id(learner_id: UUID, scope: Scope) -> UUID | None:
    """Return the id of the record that this one was merged into; None for one in use, out of reach, or not there."""
    learner = session.get(Learner, (current_school_id(), learner_id))
    kept_id = learner.merged_into_id if learner is not None else None
    return kept_id if kept_id is not None and is_in_reach(kept_id, scope) else None


def is_in_reach(learner_id: UUID, scope: Scope) -> bool:
    """Say whether a scope reaches a learner's record."""
    match scope.reach:
        case Reach.SCHOOL:
            return True
        case Reach.ONE_LEARNER:
            return learner_id == scope.own_learner_id
        case Reach.OWN_GROUPS | Reach.OWN_CLIENT:
            wanted = select(Learner.id).where(
                Learner.school_id == current_school_id(), Learner.id == learner_id, reaches_learner(scope)
            )
            return session.scalar(wanted) is not None
        case _:
            return False


def names_of_learners(learner_ids: Collection[UUID], scope: Scope) -> dict[UUID, str]:
    """Return the names of those of these learners whom a scope reaches, without who has none left."""
    if not learner_ids:
        return {}
    wanted = select(Learner.id, Learner.full_name.label("name")).where(
        Learner.school_id == current_school_id(), Learner.id.in_(list(learner_ids)), reaches_learner(scope)
    )
    return {row.id: row.name for row in session.execute(wanted) if row.name}
