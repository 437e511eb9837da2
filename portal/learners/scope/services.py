"""Opening a record: within reach or refused, and a refusal inside the school is written down (LB-06)."""

from collections.abc import Sequence
from uuid import UUID

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.learners.scope.queries import is_in_reach

MOST_AT_ONCE = 200


def get_within_reach(learner_id: UUID, by: Actor, *, lock: bool = False) -> Learner:
    """Return a learner whom this person may reach, whose record is in use.

    With `lock` it stays in use until the commit: for who adds a row that points to her. Raises NotFound for one who
    isn't there, was merged into another or isn't hers; the last looks the same, and is written in the audit.
    """
    how = {"read": True, "key_share": True} if lock else None
    learner = session.get(Learner, (current_school_id(), learner_id), with_for_update=how, populate_existing=lock)
    if learner is None or not learner.is_in_use:
        raise NotFound("learner")
    must_reach(learner_id, by)
    return learner


def must_reach(learner_id: UUID, by: Actor) -> None:
    """Raise NotFound, which is written down, for a learner whom this person doesn't reach."""
    if not is_in_reach(learner_id, by.scope):
        raise NotFound("learner", refused="learners.outside_own_groups", learner_id=learner_id)


def check_number(ticked: Sequence[object]) -> None:
    """Raise Invalid where nobody was ticked, or more than are changed at once."""
    if not ticked:
        raise Invalid("learners", "nobody")
    if len(ticked) > MOST_AT_ONCE:
        raise Invalid("learners", "too_many", most=MOST_AT_ONCE)
