"""A learner's attendance in a line, for the summary that opens her record."""

from uuid import UUID

from flask import url_for
from flask_babel import format_decimal

from portal.attendance.registers.queries import keeps_attendance
from portal.core.http.access import Actor
from portal.core.http.languages import _, _n
from portal.hours.queries import Hours, hours_of_learner
from portal.learners.record.presenters import SummaryFact
from portal.permissions import Permission


def attendance_fact(learner_id: UUID, by: Actor) -> SummaryFact | None:
    """Return what a learner within reach attended; None where the school keeps none, or who asks doesn't see it."""
    if not keeps_attendance() or "attendance" not in by.sees or not by.may(Permission.FIGURES_VIEW):
        return None
    hours = hours_of_learner(learner_id, by.scope)
    return SummaryFact(
        label=_("Presentie"),
        text=_("nog geen les ingevuld")
        if hours.percent is None
        else _("%(percent)s%% van de lestijd", percent=hours.percent),
        about=_about(hours),
        url=url_for("hours.learner_attendance", learner_id=learner_id),
    )


def _about(hours: Hours) -> str:
    followed = format_decimal(round(hours.minutes_total / 60, 1))
    parts = [_n("in %(num)s ingevulde les", "in %(num)s ingevulde lessen", hours.lessons_filled)]
    parts += [_("%(hours)s uur gevolgd", hours=followed)]
    parts += [_n("%(num)s les nog niet ingevuld", "%(num)s lessen nog niet ingevuld", hours.open)]
    counts = (hours.lessons_filled, hours.minutes_total, hours.open)
    return " · ".join(part for part, count in zip(parts, counts, strict=True) if count)
