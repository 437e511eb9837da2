"""The school's forecast: how many people's terms end, what waits for somebody's word, and who goes soon."""

from datetime import timedelta
from uuid import UUID

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Conflict
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _, _n
from portal.core.http.pages import page, page_number, see_saved
from portal.core.personal_data import PersonKind
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.retention.blueprint import blueprint
from portal.retention.deidentified.presenters import present_figures
from portal.retention.deidentified.sums import FEWEST
from portal.retention.forecast.presenters import present_forecast, titles_of
from portal.retention.holds.presenters import patterns_of_holds
from portal.retention.holds.queries import list_in_force
from portal.retention.labels import ONE_OF, REASONS, STATES
from portal.retention.runs.queries import find_announced, find_waiting, list_nearly_due, list_runs
from portal.retention.runs.services import confirm_run, take_back_confirmation
from portal.schools.queries import get_school


@blueprint.get("/bewaren")
@requires(Permission.RETENTION_VIEW)
def forecast() -> Response:
    """Show how many people's terms end by month, what is past its term and why, and what the nights did."""
    scope, school = require_actor().scope, get_school()
    return page(
        "retention/forecast.html",
        forecast=present_forecast(scope),
        waiting=find_waiting(),
        announced=find_announced(today()),
        runs=list_runs(scope),
        states=STATES,
        preview_days=school.retention_preview_days,
        policy=current_policy(),
    )


@blueprint.get("/bewaren/mensen")
@requires(Permission.RETENTION_KEEP)
def people() -> Response:
    """List who is past a term or will be within the days of the preview, and who is under a hold."""
    by, day = require_actor(), today()
    until = day + timedelta(days=get_school().retention_preview_days)
    found = list_nearly_due(until, by.scope, page=page_number())
    held = list_in_force(day, by.scope)
    seen = [(each.kind, each.person_id) for each in found.rows] + [(each.kind, each.person_id) for each in held]
    audit.saw([person_id for kind, person_id in seen if kind is PersonKind.LEARNER], "retention.people")
    return page(
        "retention/people.html",
        found=found,
        held=held,
        until=until,
        today=day,
        titles_of=titles_of,
        kinds=ONE_OF,
        addresses=patterns_of_holds(),
        reasons=REASONS,
    )


@blueprint.post("/bewaren/bevestigen/<uuid:retention_run_id>")
@requires(Permission.RETENTION_KEEP)
def confirm(retention_run_id: UUID) -> BaseResponse:
    """Let the people who wait go, in parts; refused where another number waits by now than she read."""
    people = request.form.get("mensen", -1, type=int)
    try:
        run = confirm_run(retention_run_id, people=people, by=require_actor())
    except Conflict:
        return _back(_("Er is iets veranderd. Er is niets bevestigd. Kijk nog een keer naar het aantal."))
    return _back(
        _n(
            "Bevestigd. %(num)s persoon wordt gewist, vanaf de volgende nacht.",
            "Bevestigd. %(num)s personen worden gewist, vanaf de volgende nacht.",
            run.waiting,
        )
    )


@blueprint.post("/bewaren/bevestiging-intrekken/<uuid:retention_run_id>")
@requires(Permission.RETENTION_KEEP)
def take_back(retention_run_id: UUID) -> BaseResponse:
    """Let those who are still there wait again."""
    try:
        take_back_confirmation(retention_run_id, by=require_actor())
    except Conflict:
        return _back(_("Hier was niets meer bevestigd."))
    return _back(_("Ingetrokken. Wie er nog is, blijft."))


def _back(said: str) -> BaseResponse:
    return see_saved(url_for("retention.forecast"), place="bewaren", said=said)


@blueprint.get("/bewaren/zonder-naam")
@requires(Permission.RETENTION_VIEW)
def figures_without_names() -> Response:
    """List what is kept, of at least five people a line."""
    return page("retention/without_names.html", lines=present_figures(require_actor()), fewest=FEWEST)
