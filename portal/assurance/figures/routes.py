"""*Bewijs*: each promise of the school with its live figure."""

from flask import Response

from portal.assurance.blueprint import blueprint
from portal.assurance.figures.presenters import present_report
from portal.assurance.figures.queries import list_evidence
from portal.core.http.access import requires
from portal.core.http.pages import page
from portal.permissions import Permission
from portal.policy.queries import current_policy


@blueprint.get("/bewijs")
@requires(Permission.ASSURANCE_VIEW)
def evidence() -> Response:
    """Show what was counted last, what is not as promised first."""
    return page("assurance/evidence.html", report=present_report(list_evidence(), current_policy()))
