"""*Vandaag*, the start page of who works at the school."""

from flask import Response

from portal.core.clock import today as today_on
from portal.core.http.access import require_actor, requires
from portal.core.http.pages import page
from portal.overview.blueprint import blueprint
from portal.overview.today.queries import today_of
from portal.permissions import Permission


@blueprint.get("/vandaag")
@requires(Permission.TODAY_VIEW)
def today() -> Response:
    """Show today's lessons, what is still open, and what waits."""
    return page("overview/today.html", today=today_of(require_actor()), day=today_on())
