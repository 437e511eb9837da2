"""Of whom a municipality hears by law: asylum learners under the act of 2021 while it pays for their trajectory.

Progress, presence and effort, and nothing else (Wet inburgering 2021 art. 35, Besluit inburgering 2021 art. 9.2). Of
all others, and of every other client, the policy's own basis counts (LB-09, MN-07).
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.learners.scope.queries import reaches_learner
from portal.learners.trajectories.models import Act, Funding, TargetGroup, Trajectory
from portal.policy.queries import current_policy

_NATURE = "client"
_IS_OWED = and_(
    Trajectory.act == Act.WI2021,
    Trajectory.target_group == TargetGroup.ASYLUM,
    Trajectory.funding == Funding.MUNICIPALITY,
)


def is_owed(
    purpose: str, whose: ColumnElement[Any], client_id: UUID | None, starts_on: date, ends_on: date
) -> ColumnElement[bool] | None:
    """Return the condition on a learner's id that the law gives a client her data in a period; None where none does.

    No consent is asked then, and no objection counts.
    """
    if client_id is None or current_policy().purpose(purpose).nature != _NATURE:
        return None
    return exists().where(
        Trajectory.school_id == current_school_id(),
        Trajectory.learner_id == whose,
        Trajectory.client_id == client_id,
        _IS_OWED,
        Trajectory.starts_on <= ends_on,
        Trajectory.lasts_until(starts_on),
    )


def list_owed_purposes(learner_id: UUID, scope: Scope) -> frozenset[str]:
    """Return the purposes of which a learner within reach has nothing to choose: only her municipality pays for her."""
    day = today()
    owed, others = session.execute(
        select(func.count().filter(_IS_OWED), func.count().filter(~func.coalesce(_IS_OWED, False))).where(
            Trajectory.school_id == current_school_id(),
            Trajectory.learner_id == learner_id,
            reaches_learner(scope, Trajectory.learner_id),
            Trajectory.client_id.is_not(None),
            Trajectory.starts_on <= day,
            Trajectory.lasts_until(day),
        )
    ).one()
    if not owed or others:
        return frozenset()
    return frozenset(each.key for each in current_policy().purposes if each.nature == _NATURE)
