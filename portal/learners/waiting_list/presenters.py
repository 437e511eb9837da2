"""What the summary of a record says of a learner who waits for a place."""

from uuid import UUID

from flask import url_for

from portal.core.http.access import Actor
from portal.core.http.languages import _, _n, comma, written
from portal.learners.record.presenters import SummaryFact
from portal.learners.waiting_list.queries import list_waiting_of
from portal.permissions import Permission


def waiting_fact(learner_id: UUID, by: Actor) -> SummaryFact | None:
    """Return for which courses a learner within reach waits; None where she waits for none, or it isn't seen."""
    lines = list_waiting_of(learner_id, by.scope)
    if not lines:
        return None
    days = lines[0].days
    since = _("sinds %(day)s", day=written("date", lines[0].since_on))
    return SummaryFact(
        label=_("Wachtlijst"),
        text=comma().join(line.group or line.course for line in lines),
        about=f"{since} · {_n('%(num)s dag', '%(num)s dagen', days)}",
        url=url_for("learners.waiting_list") if by.may(Permission.LEARNER_KEEP) else "",
        is_name=True,
    )
