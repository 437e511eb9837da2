"""What a municipality may be said to have asked of a trajectory, and what happens when somebody at a client goes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core import audit
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.scope import Scope
from portal.learners.trajectories.models import OF_FAMILY_OR_OTHER, Act, Trajectory
from portal.organisations.models import Organisation, OrganisationKind

_CLIENT, _ASKED_ON = "trajectory.client_id", "trajectory.municipality_asked_on"
_REQUEST, _ENDED_ON = "trajectory.municipality_request", "trajectory.municipality_request_ended_on"
_ABOUT_REQUEST = (_CLIENT, _ASKED_ON, _REQUEST, _ENDED_ON, "trajectory.act", "trajectory.target_group")


def must_fit_request(before: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Refuse what can't be of a municipality that asked how a learner is doing; `before` is what stood there.

    Day and words go together; only a client that is a municipality asks, of who came for family or another reason under
    the act of 2021 (Besluit inburgering 2021 art. 9.2(4)); what another client asked doesn't go over to a new one.
    Raises Invalid: request_incomplete, ends_before_start, request_of_others, not_a_municipality,
    request_of_other_client.
    """
    if all(values.get(key) == before.get(key) for key in _ABOUT_REQUEST):
        return
    asked_on, ended_on = values.get(_ASKED_ON), values.get(_ENDED_ON)
    if asked_on is None:
        if values.get(_REQUEST) is not None or ended_on is not None:
            raise Invalid(_ASKED_ON, "request_incomplete")
        return
    if values.get(_REQUEST) is None:
        raise Invalid(_REQUEST, "request_incomplete")
    if ended_on is not None and ended_on < asked_on:
        raise Invalid(_ENDED_ON, "ends_before_start")
    _must_be_askable(before, values)


def _must_be_askable(before: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    is_under_act = values.get("trajectory.act") == Act.WI2021
    if not is_under_act or values.get("trajectory.target_group") not in OF_FAMILY_OR_OTHER:
        raise Invalid(_ASKED_ON, "request_of_others")
    client_id = values.get(_CLIENT)
    client = session.get(Organisation, (current_school_id(), client_id)) if client_id is not None else None
    if client is None or client.kind is not OrganisationKind.MUNICIPALITY:
        raise Invalid(_ASKED_ON, "not_a_municipality")
    is_as_before = all(values.get(key) == before.get(key) for key in (_ASKED_ON, _REQUEST))
    if is_as_before and client_id != before.get(_CLIENT):
        raise Invalid(_ASKED_ON, "request_of_other_client")


def note_manager_gone(person_id: UUID, scope: Scope) -> None:
    """Note in the log of each learner whose client manager is about to be erased that her trajectory names nobody now.

    The trajectory keeps the organisation.
    """
    scope.must_reach_school("contact_person")
    hers = select(Trajectory.id, Trajectory.learner_id).where(
        Trajectory.school_id == current_school_id(), Trajectory.client_manager_id == person_id
    )
    for row in session.execute(hers.order_by(Trajectory.id)):
        audit.record(
            "learners.trajectory_changed",
            learner_id=row.learner_id,
            subject=("trajectory", row.id),
            changes={"trajectory.client_manager_id": (str(person_id), None)},
        )
