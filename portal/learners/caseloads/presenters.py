"""A learner's coach in a line, for the summary that opens her record."""

from uuid import UUID

from flask import url_for

from portal.core.clock import today
from portal.core.http.access import Actor
from portal.core.http.languages import _, written
from portal.learners.caseloads.queries import find_coach_of
from portal.learners.record.presenters import SummaryFact
from portal.permissions import Permission


def coach_fact(learner_id: UUID, by: Actor) -> SummaryFact | None:
    """Return whose learner somebody within reach is; None for who doesn't see trajectories."""
    if "trajectory" not in by.sees:
        return None
    coach, may_change = find_coach_of(learner_id, by.scope), by.may(Permission.CASELOAD_KEEP)
    if coach is None and not may_change:
        return None
    about = ""
    if coach is not None:
        day = written("date", coach.starts_on)
        about = _("vanaf %(day)s", day=day) if coach.starts_on > today() else _("sinds %(day)s", day=day)
    return SummaryFact(
        label=_("Begeleider"),
        text=coach.name if coach is not None else _("nog geen begeleider"),
        about=about,
        url=url_for("learners.choose_coach", learner_id=learner_id) if may_change else "",
        is_name=coach is not None,
    )
