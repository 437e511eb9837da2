"""A learner's trajectory in a line, for the summary that opens her record."""

from uuid import UUID

from flask import url_for

from portal.core.clock import today
from portal.core.http.access import Actor
from portal.core.http.languages import _, _n, written
from portal.learners.record.presenters import SummaryFact
from portal.learners.trajectories.labels import ACTS, ROUTES
from portal.learners.trajectories.queries import TrajectoryWithClient, find_latest
from portal.policy.queries import current_policy

_SAID_IN_DAYS = 100
"""From so many days before its end on, the days that are left are said too."""


def trajectory_fact(learner_id: UUID, by: Actor) -> SummaryFact | None:
    """Return the latest trajectory of a learner within reach; None where none is kept, or who asks doesn't see it."""
    if "trajectory" not in by.sees or not current_policy().allows("trajectory.act"):
        return None
    found = find_latest(learner_id, by.scope)
    return SummaryFact(
        label=_("Traject"),
        text=_what(found) if found is not None else _("nog geen traject"),
        about=_term(found) if found is not None else "",
        name=(found.client_name or "") if found is not None else "",
        url=url_for("learners.entries", learner_id=learner_id),
    )


def _what(trajectory: TrajectoryWithClient) -> str:
    return str(ROUTES[trajectory.route] if trajectory.route is not None else ACTS[trajectory.act])


def _term(trajectory: TrajectoryWithClient) -> str:
    if trajectory.ends_on is None:
        return _("vanaf %(day)s", day=written("date", trajectory.starts_on))
    left = (trajectory.ends_on - today()).days
    if left < 0:
        return _("geëindigd op %(day)s", day=written("date", trajectory.ends_on))
    until = _("tot en met %(day)s", day=written("date", trajectory.ends_on))
    return f"{until} ({_n('nog %(num)s dag', 'nog %(num)s dagen', left)})" if left <= _SAID_IN_DAYS else until
