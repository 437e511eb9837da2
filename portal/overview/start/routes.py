"""The front door: everyone is led to the page she comes for."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.core.http.access import current_actor, public
from portal.overview.blueprint import blueprint
from portal.permissions import Permission
from portal.schools.queries import first_steps


@blueprint.get("/")
@public
def start() -> Response:
    """Lead to Vandaag, the coach's list, own lessons or data, or signing in; new management to its first day.

    A coach who teaches too has her lessons on Vandaag.
    """
    actor = current_actor()
    if actor is None:
        return redirect(url_for("accounts.sign_in"))
    if actor.may(Permission.SCHOOL_SET) and not first_steps().are_done:
        return redirect(url_for("schools.first_day"))
    if actor.may(Permission.CASELOAD_OWN) and not actor.may(Permission.REGISTER_KEEP):
        return redirect(url_for("overview.my_learners"))
    if actor.may(Permission.TODAY_VIEW):
        return redirect(url_for("overview.today"))
    sees_lessons = actor.learner_id is None or "attendance" in actor.own.sees
    return redirect(url_for("overview.my_lessons" if sees_lessons else "overview.my_data"))
