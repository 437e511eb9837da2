"""A learner's attendance in a line and by week, for the summary that opens her record."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import url_for
from flask_babel import format_decimal

from portal.attendance.registers.queries import keeps_attendance
from portal.core.clock import today
from portal.core.http.access import Actor
from portal.core.http.languages import _, _n, written
from portal.hours.queries import Hours, HoursByWeek, hours_by_week
from portal.learners.record.presenters import SummaryFact
from portal.permissions import Permission


def attendance_fact(learner_id: UUID, by: Actor) -> SummaryFact | None:
    """Return what a learner within reach attended; None where the school keeps none, or who asks doesn't see it."""
    if not keeps_attendance() or "attendance" not in by.sees or not by.may(Permission.FIGURES_VIEW):
        return None
    found = hours_by_week(learner_id, by.scope)
    hours = found.total
    weeks = weeks_of(found)
    return SummaryFact(
        label=_("Presentie"),
        text=_("nog geen les ingevuld")
        if hours.percent is None
        else _("%(percent)s%% van de lestijd", percent=hours.percent),
        about=_about(hours),
        url=url_for("hours.learner_attendance", learner_id=learner_id),
        picture="hours/_weeks.html" if any(week.is_held for week in weeks) else "",
        figures=weeks,
    )


WEEKS_DRAWN = 12


@dataclass(frozen=True)
class WeekOfLearner:
    """A week as a bar: which, and the share attended of the lesson time that is filled in, if any is.

    `is_held`: she had a lesson in it.
    """

    label: str
    percent: int | None
    is_held: bool

    @property
    def said(self) -> str:
        """What the bar says."""
        if self.percent is not None:
            return f"{self.percent} %"
        return _("nog niet ingevuld") if self.is_held else _("geen les")


def weeks_of(found: HoursByWeek) -> list[WeekOfLearner]:
    """Return the last weeks, this one included, the oldest first; those without a lesson too."""
    this = today() - timedelta(days=today().weekday())
    return [_week(this - timedelta(weeks=ago), found) for ago in range(WEEKS_DRAWN - 1, -1, -1)]


def _week(monday: date, found: HoursByWeek) -> WeekOfLearner:
    hours = found.weeks.get(monday)
    label = _("week van %(day)s", day=written("daymonth", monday))
    return WeekOfLearner(label=label, percent=hours.percent if hours else None, is_held=hours is not None)


def _about(hours: Hours) -> str:
    followed = format_decimal(round(hours.minutes_total / 60, 1))
    parts = [_n("in %(num)s ingevulde les", "in %(num)s ingevulde lessen", hours.lessons_filled)]
    parts += [_("%(hours)s uur gevolgd", hours=followed)]
    parts += [_n("%(num)s les nog niet ingevuld", "%(num)s lessen nog niet ingevuld", hours.open)]
    counts = (hours.lessons_filled, hours.minutes_total, hours.open)
    return " · ".join(part for part, count in zip(parts, counts, strict=True) if count)
