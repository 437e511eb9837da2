"""Where a learner says that she can't come to a lesson, and takes it back."""

from typing import Any
from uuid import UUID

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.attendance.blueprint import blueprint
from portal.attendance.notices.forms import AbsenceForm
from portal.attendance.notices.queries import get_own_lesson, list_notices
from portal.attendance.notices.services import get_reportable, report_absence, take_back
from portal.core import audit
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.forms import Form
from portal.core.http.languages import _
from portal.core.http.pages import page, see_saved
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects


@blueprint.get("/mijn/lessen/<uuid:lesson_id>/afmelden")
@requires(Permission.RECORD_OWN)
def report(lesson_id: UUID) -> Response:
    """Show the form for a lesson of hers, with what she said before."""
    scope = require_actor().scope
    try:
        get_reportable(lesson_id, by=require_actor())
    except Conflict as refusal:
        return _show(lesson_id, closed=refusal.code)
    said = list_notices(scope.get_own_learner_id(), scope).get(lesson_id)
    values = {} if said is None else {"reason": said.reason.value if said.reason else "", "note": said.note}
    return _show(lesson_id, AbsenceForm(formdata=None, data=values))


@blueprint.post("/mijn/lessen/<uuid:lesson_id>/afmelden")
@requires(Permission.RECORD_OWN)
@creates
@collects
def store_report(lesson_id: UUID) -> BaseResponse:
    """Store that she can't come; a refusal keeps what was typed."""
    actor, form = require_actor(), AbsenceForm()
    try:
        get_reportable(lesson_id, by=actor)
        if not form.validate_on_submit():
            return _show(lesson_id, form, status=422)
        report_absence(lesson_id, reason=form.chosen_reason, note=form.note.data, by=actor)
    except Conflict as refusal:
        return _show(lesson_id, closed=refusal.code, status=409)
    except Invalid as refusal:
        form.refuse(refusal)
        return _show(lesson_id, form, status=422)
    name = actor.acts_for
    return _back(
        lesson_id,
        _("De docent ziet dat %(name)s niet komt.", name=name) if name else _("Uw docent ziet dat u niet komt."),
    )


@blueprint.post("/mijn/lessen/<uuid:lesson_id>/toch-komen")
@requires(Permission.RECORD_OWN)
def take_absence_back(lesson_id: UUID) -> BaseResponse:
    """Take back that she can't come."""
    actor = require_actor()
    try:
        get_reportable(lesson_id, by=actor)
        if Form().validate_on_submit():
            take_back(lesson_id, by=actor)
    except Conflict as refusal:
        return _show(lesson_id, closed=refusal.code, status=409)
    name = actor.acts_for
    return _back(
        lesson_id, _("De docent ziet dat %(name)s komt.", name=name) if name else _("Uw docent ziet dat u komt.")
    )


def _back(lesson_id: UUID, said: str) -> BaseResponse:
    return see_saved(url_for("overview.my_lessons"), place=f"les-{lesson_id}", said=said)


def _show(lesson_id: UUID, form: AbsenceForm | None = None, *, status: int = 200, **context: Any) -> Response:
    """Show the lesson with the form; or why it is too late (`closed`)."""
    scope = require_actor().scope
    audit.saw([scope.get_own_learner_id()], "attendance.own_notice", folds=True)
    lesson = get_own_lesson(lesson_id, scope)
    return page("attendance/report_absence.html", lesson=lesson, form=form, status=status, **context)
