"""The list of registers that are still open."""

from flask import Response

from portal.attendance.blueprint import blueprint
from portal.attendance.open_registers.queries import OPEN_FOR, list_open_registers
from portal.core.clock import today
from portal.core.http.access import require_actor, requires
from portal.core.http.pages import page
from portal.permissions import Permission


@blueprint.get("/presentie")
@requires(Permission.REGISTER_KEEP)
def open_registers() -> Response:
    """List the lessons that are over while their register isn't filled in."""
    actor = require_actor()
    since = today() - OPEN_FOR
    return page("attendance/open_registers.html", states=list_open_registers(actor, since=since), since=since)
