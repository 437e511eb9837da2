"""The front door: everyone is led to the page she comes for."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.core.access import current_actor, public
from portal.overview.routes.blueprint import blueprint
from portal.permissions import Permission


@blueprint.get("/")
@public
def start() -> Response:
    """Lead to Vandaag, to the own lessons or data, or to signing in."""
    actor = current_actor()
    if actor is None:
        return redirect(url_for("accounts.sign_in"))
    if actor.may(Permission.TODAY_VIEW):
        return redirect(url_for("overview.today"))
    return redirect(url_for("overview.my_lessons"))
