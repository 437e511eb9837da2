"""What happens to trajectories when somebody at a client goes."""

from uuid import UUID

from sqlalchemy import select

from portal.core import audit
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.learners.trajectories.models import Trajectory


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
