"""Of whom a municipality, or DUO, hears by law, and what.

A municipality that is her client: under the act of 2021, of asylum learners while it pays for their trajectory, and of
learners who came for family or another reason from the day on which it asked, until it took that back. Progress,
presence and effort, and nothing else (Wet inburgering 2021 art. 35, Besluit inburgering 2021 art. 9.2). For the latter
a municipality usually doesn't pay, so that it is her client is enough. That she lives there is in no field: the days of
her trajectory with that client stand for it. Of all others, and of every other client, the policy's own basis counts
(LB-09, MN-07).

DUO: hours of who came for family or another reason, and, for her loan, of who is under the act of 2013; of asylum
learners under the act of 2021 it gets none (art. 9.6(6)).
"""

from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.learners.scope.queries import reaches_learner
from portal.learners.trajectories.models import OF_FAMILY_OR_OTHER, Act, Funding, TargetGroup, Trajectory
from portal.organisations.models import Organisation, OrganisationKind
from portal.policy.queries import current_policy
from portal.policy.schema import Policy

_NATURE = "client"
_IS_OF_ASYLUM = and_(
    Trajectory.act == Act.WI2021,
    Trajectory.target_group == TargetGroup.ASYLUM,
    Trajectory.funding == Funding.MUNICIPALITY,
)


class MunicipalityRequest(NamedTuple):
    """That a municipality asked how a learner is doing: which one, and on which day."""

    client_name: str
    asked_on: date


def _is_of_family_or_other(trajectory: Any) -> ColumnElement[bool]:
    """Say so of a trajectory, by its columns; where the target group isn't known, it isn't."""
    return and_(trajectory.act == Act.WI2021, func.coalesce(trajectory.target_group.in_(OF_FAMILY_OR_OTHER), False))


def gives_hours_to_duo(trajectory: Any) -> ColumnElement[bool]:
    """Say of a trajectory, by its columns, that DUO gets the hours that were attended in it."""
    return or_(trajectory.act == Act.WI2013, _is_of_family_or_other(trajectory))


def _has_municipality() -> ColumnElement[bool]:
    """Say of a trajectory that its client is a municipality: who else pays or places hears nothing by law."""
    its_client = exists().where(
        Organisation.school_id == Trajectory.school_id,
        Organisation.id == Trajectory.client_id,
        Organisation.kind == OrganisationKind.MUNICIPALITY,
    )
    return its_client.correlate(Trajectory)


def _is_requested(asked_by: Any, lasting: Any) -> ColumnElement[bool]:
    """Say of a trajectory that its municipality asked by the first day, and hadn't taken that back by the second."""
    ended_on = Trajectory.municipality_request_ended_on
    return and_(
        _is_of_family_or_other(Trajectory),
        Trajectory.municipality_asked_on <= asked_by,
        or_(ended_on.is_(None), ended_on > lasting),
        _has_municipality(),
    )


def _is_owed(asked_by: Any, lasting: Any) -> ColumnElement[bool]:
    of_asylum = and_(_IS_OF_ASYLUM, _has_municipality())
    return func.coalesce(or_(of_asylum, _is_requested(asked_by, lasting)), False)


def _has_owed(
    whose: ColumnElement[Any], client_id: Any, starts_on: Any, ends_on: Any, owed: ColumnElement[bool]
) -> ColumnElement[bool]:
    return exists().where(
        Trajectory.school_id == current_school_id(),
        Trajectory.learner_id == whose,
        Trajectory.client_id == client_id,
        owed,
        Trajectory.starts_on <= ends_on,
        Trajectory.lasts_until(starts_on),
    )


def client_purposes(policy: Policy) -> frozenset[str]:
    """Return the purposes of a policy for which a client gets data."""
    return frozenset(each.key for each in policy.purposes if each.nature == _NATURE)


def is_owed(
    purpose: str, whose: ColumnElement[Any], client_id: UUID | None, starts_on: date, ends_on: date
) -> ColumnElement[bool] | None:
    """Return the condition on a learner's id that the law gives a client her data in a period; None where none does.

    No consent is asked then, and no objection counts. A request of a municipality is asked as it stands today, whatever
    the period: who asks how she is doing asks how she did.
    """
    if client_id is None or purpose not in client_purposes(current_policy()):
        return None
    return _has_owed(whose, client_id, starts_on, ends_on, _is_owed(today(), today()))


def was_owed(
    whose: ColumnElement[Any], client_id: ColumnElement[Any], starts_on: Any, ends_on: Any, given_on: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Say that the law gave a client a learner's data in a period, when it got them: each by its column."""
    return _has_owed(whose, client_id, starts_on, ends_on, _is_owed(given_on, given_on - timedelta(days=1)))


def list_owed_purposes(learner_id: UUID, scope: Scope) -> frozenset[str]:
    """Return the purposes of which a learner within reach has nothing to choose.

    Each client that she has now is a municipality that hears of her by law.
    """
    day = today()
    is_owed_now = _is_owed(day, day)
    owed, others = session.execute(
        select(func.count().filter(is_owed_now), func.count().filter(~is_owed_now)).where(*_running(learner_id, scope))
    ).one()
    return client_purposes(current_policy()) if owed and not others else frozenset()


def find_municipality_request(learner_id: UUID, scope: Scope) -> MunicipalityRequest | None:
    """Return which municipality asked last how a learner within reach is doing, and when; None where none did."""
    day = today()
    own_client = and_(Organisation.school_id == Trajectory.school_id, Organisation.id == Trajectory.client_id)
    row = session.execute(
        select(Organisation.name, Trajectory.municipality_asked_on)
        .select_from(Trajectory)
        .join(Organisation, own_client)
        .where(*_running(learner_id, scope), _is_requested(day, day))
        .order_by(Trajectory.municipality_asked_on.desc(), Trajectory.id)
        .limit(1)
    ).one_or_none()
    return MunicipalityRequest._make(row) if row is not None else None


def _running(learner_id: UUID, scope: Scope) -> tuple[Any, ...]:
    day = today()
    return (
        Trajectory.school_id == current_school_id(),
        Trajectory.learner_id == learner_id,
        reaches_learner(scope, Trajectory.learner_id),
        Trajectory.client_id.is_not(None),
        Trajectory.holds_on(day),
    )
