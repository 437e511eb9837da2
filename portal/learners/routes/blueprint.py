"""The blueprint of learners, and what its addresses share: a record within reach."""

from uuid import UUID

from flask import Blueprint

from portal.core.access import Actor
from portal.core.errors import NotFound
from portal.learners.models import Learner
from portal.learners.services.reach import get_within_reach

blueprint = Blueprint("learners", __name__)


def reached(learner_id: UUID, by: Actor) -> Learner:
    """Return a learner within reach whose record is in use; raises NotFound."""
    learner = get_within_reach(learner_id, by)
    if learner.merged_into_id is not None:
        raise NotFound("learner")
    return learner
