"""The list of registers that are still open, and reminding those whose they are."""

from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.council.queries import may_monitor_staff
from portal.attendance.blueprint import blueprint
from portal.attendance.open_registers.queries import (
    MOST_OPEN,
    OPEN_FOR,
    count_by_teacher,
    count_open_registers,
    list_open_registers,
)
from portal.attendance.open_registers.services import remind_teachers
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.forms import Form
from portal.core.http.languages import _, _n
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.pages import page, page_number, see_other
from portal.core.values import EARLIEST
from portal.permissions import Permission


@blueprint.get("/presentie")
@requires(Permission.REGISTER_KEEP)
def open_registers() -> Response:
    """List the lessons that are over while their register isn't filled in; with `ouder` also those of long ago."""
    return _page()


@blueprint.post("/presentie/herinneren")
@requires(Permission.REGISTER_REMIND)
def remind() -> BaseResponse:
    """Remind the teachers who were ticked, in the portal and by mail."""
    try:
        reminded, had = remind_teachers(request.form.getlist("docent", type=UUID), by=require_actor())
    except Conflict:
        return _page(status=409)
    except Invalid:
        return _page(refused=_("Vink eerst een docent aan."), status=422)
    if reminded:
        flash(
            _n("%(num)s docent krijgt een herinnering.", "%(num)s docenten krijgen een herinnering.", reminded), "good"
        )
    if had:
        flash(
            _n(
                "%(num)s docent kreeg vandaag al een herinnering.",
                "%(num)s docenten kregen vandaag al een herinnering.",
                had,
            )
        )
    return see_other(url_for("attendance.open_registers"))


def _page(*, refused: str = "", status: int = 200) -> Response:
    """Show the list; to who may remind also whom, or why that is off."""
    actor, is_whole = require_actor(), "ouder" in request.args
    since = EARLIEST if is_whole else today() - OPEN_FOR
    may_remind = actor.may(Permission.REGISTER_REMIND)
    is_on = may_remind and may_monitor_staff()
    total = min(count_open_registers(actor, since=since), MOST_OPEN)
    asked = min(page_number(), Paged([], 1, total).pages)
    last = asked * PER_PAGE
    states = list_open_registers(actor, since=since, limit=MOST_OPEN if is_on else last)
    found = Paged(states[last - PER_PAGE : last], asked, total)
    return page(
        "attendance/open_registers.html",
        found=found,
        since=None if is_whole else since,
        may_remind=may_remind,
        is_on=is_on,
        teachers=count_by_teacher(states) if is_on else [],
        refused=refused,
        form=Form(),
        status=status,
    )
