"""The pictures that prove presence in a lesson at a distance: handing in a screenshot, seeing, erasing; her own."""

from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.attendance.blueprint import blueprint
from portal.attendance.evidence.forms import ScreenshotForm, screenshot_form
from portal.attendance.evidence.queries import (
    get_evidence,
    get_pictured,
    is_kept,
    list_evidence,
    open_own_picture,
    open_picture,
)
from portal.attendance.evidence.services import attach_screenshot, list_refusals, remove_evidence, why_not_open
from portal.attendance.registers.queries import Register
from portal.core import audit
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.body_limits import takes_upload
from portal.core.http.creation import creates
from portal.core.http.forms import Form
from portal.core.http.languages import _, _n
from portal.core.http.pages import page, see_other
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others


@blueprint.get("/lessen/<uuid:lesson_id>/beelden")
@requires(Permission.REGISTER_KEEP)
def lesson_evidence(lesson_id: UUID) -> Response:
    """Show of whom there is a picture in a lesson, and how to hand in a screenshot."""
    _must_be_kept()
    found = get_pictured(lesson_id, require_actor())
    return _show(found, screenshot_form(found.rows, list_refusals(found.rows, require_actor())))


@blueprint.post("/lessen/<uuid:lesson_id>/beelden")
@requires(Permission.REGISTER_KEEP)
@takes_upload(8)
@creates
@collects_of_others
def hand_in_screenshot(lesson_id: UUID) -> BaseResponse:
    """Keep each learner's part of a screenshot; a refusal keeps what was typed."""
    _must_be_kept()
    by = require_actor()
    found = get_pictured(lesson_id, by)
    form = screenshot_form(found.rows, list_refusals(found.rows, by))
    if not form.validate_on_submit():
        return _show(found, form, status=422)
    try:
        made = attach_screenshot(lesson_id, form.screenshot(found.rows), by=by)
    except Invalid as refusal:
        form.refuse(refusal)
        return _show(found, form, status=422)
    except Conflict:
        return _show(found, form, status=409)
    flash(_n("%(num)s beeld is bewaard.", "%(num)s beelden zijn bewaard.", len(made)), "good")
    return see_other(url_for("attendance.lesson_evidence", lesson_id=lesson_id))


@blueprint.get("/lessen/<uuid:lesson_id>/beelden/<uuid:lesson_evidence_id>")
@requires(Permission.REGISTER_KEEP)
def evidence_picture(lesson_id: UUID, lesson_evidence_id: UUID) -> Response:
    """Send the picture of one learner."""
    _must_be_kept()
    row = get_evidence(lesson_id, lesson_evidence_id, require_actor())
    content = b"".join(open_picture(row))
    audit.saw([row.learner_id], "attendance.evidence", subject=("lesson", row.lesson_id))
    return Response(content, mimetype="image/jpeg")


@blueprint.post("/lessen/<uuid:lesson_id>/beelden/<uuid:lesson_evidence_id>/weg")
@requires(Permission.REGISTER_KEEP)
def drop_evidence(lesson_id: UUID, lesson_evidence_id: UUID) -> BaseResponse:
    """Erase a picture."""
    _must_be_kept()
    if Form().validate_on_submit():
        remove_evidence(lesson_id, lesson_evidence_id, by=require_actor())
        flash(_("Het beeld is gewist."), "good")
    return see_other(url_for("attendance.lesson_evidence", lesson_id=lesson_id))


@blueprint.get("/mijn/aanwezigheid/beelden/<uuid:lesson_evidence_id>")
@requires(Permission.RECORD_OWN)
def own_evidence(lesson_evidence_id: UUID) -> Response:
    """Send a picture of her own."""
    scope = require_actor().scope
    content = b"".join(open_own_picture(lesson_evidence_id, scope))
    audit.saw([scope.get_own_learner_id()], "attendance.own_evidence", folds=True)
    return Response(content, mimetype="image/jpeg")


def _must_be_kept() -> None:
    """Raise NotFound where the school keeps no pictures of lessons, NotAllowed where she doesn't see them."""
    if not is_kept():
        raise NotFound("feature_off")
    require_actor().scope.must_see("evidence")


def _show(found: Register, form: ScreenshotForm, *, status: int = 200) -> Response:
    lesson, rows = found
    audit.saw([row.learner_id for row in rows], "attendance.evidence", subject=("lesson", lesson.id))
    refused = {key: form.message_for(refusal) for key, refusal in list_refusals(rows, require_actor()).items()}
    return page(
        "attendance/evidence.html",
        status=status,
        lesson=lesson,
        rows=rows,
        form=form,
        refused=refused,
        closed=why_not_open(lesson),
        pictures=list_evidence(lesson),
    )
