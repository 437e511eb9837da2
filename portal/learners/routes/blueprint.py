"""The blueprint of learners, and what its addresses share: a record within reach, and the tabs above it."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, current_app, url_for
from flask_babel import LazyString

from portal.core.access import Actor, require_actor
from portal.core.errors import NotFound
from portal.core.i18n import _l
from portal.learners.models import Learner
from portal.learners.services.reach import get_within_reach
from portal.permissions import Permission

blueprint = Blueprint("learners", __name__)


@dataclass(frozen=True)
class _Tab:
    endpoint: str
    label: LazyString
    permission: Permission


_TABS = (
    _Tab("learners.record", _l("Gegevens"), Permission.LEARNER_VIEW),
    _Tab("learners.entries", _l("Traject en dossier"), Permission.LEARNER_VIEW),
    _Tab("attendance.learner_attendance", _l("Aanwezigheid"), Permission.FIGURES_VIEW),
    _Tab("progress.learner", _l("Voortgang"), Permission.PROGRESS_VIEW),
    _Tab("learners.access", _l("Toegang"), Permission.LEARNER_INVITE),
    _Tab("learners.history", _l("Geschiedenis"), Permission.LEARNER_VIEW),
)


def tabs_for(learner_id: UUID, current: str) -> list[tuple[LazyString, str, bool]]:
    """Return the pages about a learner that this person may open: label, address, whether it is this one."""
    actor = require_actor()
    return [
        (tab.label, url_for(tab.endpoint, learner_id=learner_id), tab.endpoint == current)
        for tab in _TABS
        if tab.endpoint in current_app.view_functions and actor.may(tab.permission)
    ]


def reached(learner_id: UUID, by: Actor) -> Learner:
    """Return a learner within reach whose record is in use; raises NotFound."""
    learner = get_within_reach(learner_id, by)
    if learner.merged_into_id is not None:
        raise NotFound("learner")
    return learner
