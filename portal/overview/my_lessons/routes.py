"""A learner's pages about her lessons and how much of them she followed."""

from datetime import timedelta

from flask import Response

from portal.attendance.notices.presenters import told_notice
from portal.attendance.notices.queries import AHEAD as REPORTED_AHEAD
from portal.attendance.notices.queries import are_kept, list_notices
from portal.attendance.own_register.queries import list_changes_of_learner, list_mark_origins
from portal.core import audit
from portal.core.clock import now, today
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page
from portal.hours.labels import duration
from portal.hours.queries import hours_of_learner, list_lessons_of_learner
from portal.learners.corrections.queries import list_own_views
from portal.overview.blueprint import blueprint
from portal.overview.my_lessons.presenters import by_month
from portal.overview.my_lessons.queries import list_teachers
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.signals.labels import OWN_ANSWERS
from portal.signals.presenters import basis_of
from portal.signals.queries import list_own_signals

AHEAD = timedelta(days=28)


@blueprint.get("/mijn/lessen")
@requires(Permission.RECORD_OWN)
def my_lessons() -> Response:
    """Show today's lesson first, then the four weeks to come."""
    learner_id, scope = require_actor().scope.get_own_learner_id(), require_actor().scope
    scope.must_see("attendance")
    coming = list_lessons_of_learner(learner_id, scope, first=today(), last=today() + AHEAD)
    audit.saw([learner_id], "overview.my_lessons", folds=True)
    return page(
        "overview/my_lessons.html",
        coming=list(reversed(coming)),
        teachers=list_teachers(scope),
        notices=list_notices(learner_id, scope, first=today()),
        told_notice=told_notice,
        reports_until=today() + REPORTED_AHEAD if are_kept() else None,
        moment=now(),
    )


@blueprint.get("/mijn/aanwezigheid")
@requires(Permission.RECORD_OWN)
def my_attendance() -> Response:
    """Show hours followed and every lesson so far; what is not filled in yet stands apart from absence."""
    learner_id, scope = require_actor().scope.get_own_learner_id(), require_actor().scope
    scope.must_see("attendance")
    audit.saw([learner_id], "overview.my_attendance", folds=True)
    if not current_policy().feature("attendance"):
        words = _("Uw school schrijft niet op of u in de les was.")
        return page("overview/not_kept.html", title=_("Mijn aanwezigheid"), words=words)
    past = [line for line in list_lessons_of_learner(learner_id, scope, last=today()) if line.kind not in _NOT_HELD]
    return page(
        "overview/my_attendance.html",
        hours=hours_of_learner(learner_id, scope),
        past=past,
        months=by_month(past),
        duration=duration,
        origins=list_mark_origins(learner_id, scope),
        notices=list_notices(learner_id, scope),
        told_notice=told_notice,
        changes=list_changes_of_learner(learner_id, scope),
        views=list_own_views({"attendance_mark"}, scope),
        signals=list_own_signals(scope),
        basis_of=basis_of,
        signal_answers=OWN_ANSWERS,
    )


_NOT_HELD = frozenset({"cancelled", "ahead"})
