"""A learner's pages about her lessons and how much of them she followed."""

from flask import Response

from portal.core.access import requires
from portal.core.errors import NotFound
from portal.core.pages import page
from portal.overview.queries import lessons
from portal.overview.routes.blueprint import blueprint, own_id
from portal.permissions import Permission
from portal.policy.queries import current_policy


@blueprint.get("/mijn/lessen")
@requires(Permission.RECORD_OWN)
def my_lessons() -> Response:
    """Show today's lesson first, then the four weeks to come."""
    learner_id = own_id()
    return page(
        "overview/my_lessons.html",
        coming=lessons.list_coming(learner_id),
        teachers=lessons.list_teachers(learner_id),
    )


@blueprint.get("/mijn/aanwezigheid")
@requires(Permission.RECORD_OWN)
def my_attendance() -> Response:
    """Show hours followed and every lesson so far; what is not filled in yet stands apart from absence."""
    if not current_policy().feature("attendance"):
        raise NotFound("feature_off")
    learner_id = own_id()
    return page(
        "overview/my_attendance.html",
        hours=lessons.get_hours(learner_id),
        past=lessons.list_past(learner_id),
    )
