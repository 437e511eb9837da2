"""The blueprint of learners, and whose own record is shown: what its pages share."""

from uuid import UUID

from flask import Blueprint

from portal.core.http.access import require_actor

blueprint = Blueprint("learners", __name__)


def own_learner_id() -> UUID:
    """Return the learner whose own record is shown; raises NotFound for who has none."""
    return require_actor().scope.get_own_learner_id()
