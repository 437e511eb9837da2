"""A learner's pages about her lessons and how much of them she followed."""

from typing import Any
from uuid import UUID

from flask import Response, request

from portal.attendance.evidence.queries import list_own_evidence
from portal.attendance.mark_notes.queries import are_kept, list_own_mark_notes
from portal.attendance.notices.presenters import told_notice
from portal.attendance.notices.queries import list_notices
from portal.attendance.own_register.queries import list_changes_of_learner, list_mark_origins
from portal.core import audit
from portal.core.clock import now, today
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page
from portal.core.http.scope import Scope
from portal.hours.labels import duration
from portal.hours.queries import hours_of_learner, list_lessons_of_learner
from portal.learners.corrections.queries import list_own_views
from portal.overview.blueprint import blueprint
from portal.overview.my_lessons.presenters import WEEKS, Period, by_month, first_day, month_asked
from portal.overview.my_lessons.queries import list_teachers
from portal.overview.own_tasks.queries import get_own_tasks
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.signals.labels import OWN_ANSWERS
from portal.signals.presenters import basis_of
from portal.signals.queries import list_own_signals


@blueprint.get("/mijn/lessen")
@requires(Permission.RECORD_OWN)
def my_lessons() -> Response:
    """Show what she has to do now, then four weeks of lessons to come, from `vanaf` on."""
    learner_id, scope = require_actor().scope.get_own_learner_id(), require_actor().scope
    scope.must_see("attendance")
    first = first_day(request.args.get("vanaf"))
    lessons = list_lessons_of_learner(learner_id, scope, first=first, last=first + WEEKS)
    audit.saw([learner_id], "overview.my_lessons", folds=True)
    return page(
        "overview/my_lessons.html",
        "overview/_coming.html",
        tasks=get_own_tasks(scope),
        coming=Period(first, lessons[::-1]),
        teachers=list_teachers(scope),
        told_notice=told_notice,
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
    return page(
        "overview/my_attendance.html",
        "overview/_attended_months.html",
        tasks=get_own_tasks(scope),
        told_notice=told_notice,
        moment=now(),
        duration=duration,
        basis_of=basis_of,
        signal_answers=OWN_ANSWERS,
        **_attended(learner_id, scope),
    )


def _attended(learner_id: UUID, scope: Scope) -> dict[str, Any]:
    """Return her lessons so far, or those of the month that the address asks for, with what is said about them."""
    past = [line for line in list_lessons_of_learner(learner_id, scope, last=today()) if line.kind not in _NOT_HELD]
    months = by_month(past)
    known = [each.first_on for each in months]
    month = month_asked(request.args.get("maand"), known)
    return {
        "hours": hours_of_learner(learner_id, scope),
        "past": past,
        "months": [each for each in months if month in {None, each.first_on}],
        "months_known": known,
        "month": month,
        "origins": list_mark_origins(learner_id, scope),
        "notices": list_notices(learner_id, scope),
        "notes": list_own_mark_notes(learner_id, scope) if are_kept() and "progress" in scope.sees else {},
        "pictures": list_own_evidence(learner_id, scope),
        "changes": list_changes_of_learner(learner_id, scope),
        "views": list_own_views({"attendance_mark"}, scope),
        "signals": list_own_signals(scope),
    }


_NOT_HELD = frozenset({"cancelled", "ahead"})
