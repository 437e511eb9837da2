"""A week of lessons: a teacher's own, and the school's by teacher, room and group."""

from typing import Any

from flask import Response, request

from portal.accounts.council.queries import may_monitor_staff
from portal.attendance.open_registers.queries import list_lessons_between
from portal.core.clock import today
from portal.core.http.access import require_actor, requires
from portal.core.http.pages import page
from portal.courses.groups.queries import list_holidays_between
from portal.overview.blueprint import blueprint
from portal.overview.weeks.forms import By, Week, by_asked, week_asked
from portal.overview.weeks.presenters import WeekDay, days_of_week, rows_of_week
from portal.permissions import Permission
from portal.policy.queries import current_policy


@blueprint.get("/mijn/week")
@requires(Permission.WEEK_OWN)
def my_week() -> Response:
    """Show a teacher the lessons of a week that she gives, or that another gives for her."""
    week = week_asked(request.args)
    return page("overview/my_week.html", week=week, days=_days(week, own=True), **_common())


@blueprint.get("/rooster")
@requires(Permission.TIMETABLE_VIEW)
def timetable() -> Response:
    """Show the lessons of a week within reach by teacher, room or group, or those of one of them.

    By teacher it says what is still open only where the works council's consent is recorded (WOR art. 27(1)(l)).
    """
    week, by, one = week_asked(request.args), by_asked(request.args), request.args.get("een", "")
    days = _days(week)
    rows = rows_of_week(days, by)
    wanted = [row for row in rows if row.key == one] if one else rows
    return page(
        "overview/timetable.html", week=week, days=days, by=by, ways=list(By), all_rows=rows, rows=wanted, one=one,
        says_open=by is not By.TEACHER or may_monitor_staff(), **_common(),
    )  # fmt: skip


def _days(week: Week, *, own: bool = False) -> list[WeekDay]:
    states = list_lessons_between(require_actor(), week.first, week.last, own=own)
    return days_of_week(week, states, list_holidays_between(week.first, week.last))


def _common() -> dict[str, Any]:
    has_registers = current_policy().feature("attendance")
    fills = has_registers and require_actor().may(Permission.REGISTER_KEEP)
    return {"today_on": today(), "has_registers": has_registers, "fills": fills}
