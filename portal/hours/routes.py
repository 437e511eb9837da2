"""Attendance and hours in figures: of a group, of a learner."""

from uuid import UUID

from flask import Response

from portal.attendance.notices.presenters import told_notice
from portal.attendance.notices.queries import list_notices
from portal.attendance.own_register.queries import list_mark_origins
from portal.core import audit
from portal.core.clock import today
from portal.core.errors import NotAllowed
from portal.core.http.access import require_actor, requires
from portal.core.http.pages import page
from portal.courses.groups.queries import get_group
from portal.hours.blueprint import blueprint
from portal.hours.figures.models import LEAST_PEOPLE
from portal.hours.queries import hours_of_learner, hours_together, list_hours_of_group, list_lessons_of_learner
from portal.learners.corrections.queries import list_views_on
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission


@blueprint.get("/groepen/<uuid:group_id>/presentie")
@requires(Permission.FIGURES_VIEW)
def group_figures(group_id: UUID) -> Response:
    """Show attendance and hours of a group, learner by learner.

    To who sees nobody's attendance as a whole, and not at all of a group of fewer than five.
    """
    actor = require_actor()
    group = get_group(group_id, actor)
    lines = list_hours_of_group(group)
    if "attendance" not in actor.sees:
        hours = hours_together(lines) if len(lines) >= LEAST_PEOPLE else None
        return page("hours/group_whole.html", group=group, hours=hours)
    audit.saw([line.learner_id for line in lines], "hours.group_figures", subject=("learner_group", group.id))
    return page("hours/group_figures.html", group=group, lines=lines)


@blueprint.get("/cursisten/<uuid:learner_id>/presentie")
@requires(Permission.FIGURES_VIEW)
def learner_attendance(learner_id: UUID) -> Response:
    """Show attendance and hours of a learner, lesson by lesson."""
    actor = require_actor()
    learner = get_within_reach(learner_id, actor)
    if "attendance" not in actor.sees:
        raise NotAllowed("category_not_seen", permission=Permission.FIGURES_VIEW.value)
    audit.saw([learner.id], "hours.learner_figures")
    lessons = [each for each in list_lessons_of_learner(learner.id, actor.scope, last=today()) if each.kind != "ahead"]
    notices = list_notices(learner.id, actor.scope)
    held = {each.lesson.id for each in lessons}
    return page(
        "hours/learner_figures.html",
        learner=learner,
        hours=hours_of_learner(learner.id, actor.scope),
        notices=notices,
        ahead=[said for said in notices.values() if said.held_on >= today() and said.lesson_id not in held],
        told_notice=told_notice,
        lessons=lessons,
        origins=list_mark_origins(learner.id, actor.scope),
        views=list_views_on(learner.id, {"attendance_mark"}, actor),
    )
