"""The register of a lesson: showing it, recording, undoing, changes."""

from collections.abc import Mapping
from uuid import UUID

from flask import Response, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.attendance.blueprint import blueprint
from portal.attendance.registers.forms import RegisterForm, message_for
from portal.attendance.registers.presenters import (
    RowView,
    is_closed,
    present_refused,
    present_register,
    present_rows,
    row_key,
    takes_notes,
    takes_pictures,
)
from portal.attendance.registers.queries import count_missed, get_register, list_changes, list_register
from portal.attendance.registers.services import mark_everyone_present, record_attendance
from portal.attendance.registers.undo import undo_step
from portal.core import audit
from portal.core.errors import Conflict, Invalid, NotFound, Refusal
from portal.core.http.access import require_actor, requires
from portal.core.http.pages import page, see_other, wants_partial
from portal.core.steps import last_step_of
from portal.courses.lessons.queries import LessonView, get_lesson
from portal.learners.names_in_texts.queries import find_names_by_learner
from portal.permissions import Permission


@blueprint.get("/lessen/<uuid:lesson_id>/presentie")
@requires(Permission.REGISTER_KEEP)
def register(lesson_id: UUID) -> Response:
    """Show the register of a lesson; `stap` names what was just stored, or else what she stored together today."""
    by = require_actor()
    lesson, rows = get_register(lesson_id, by)
    audit.saw([row.learner_id for row in rows], "attendance.register", subject=("lesson", lesson.id))
    step = request.args.get("stap", type=UUID)
    stored = [row.learner_id for row in rows if step is not None and row.step_id == step]
    taken = ((row.step_id, row.marked_by, row.marked_at) for row in rows if not row.mark.is_open)
    shown = present_rows(rows, {row.learner_id: row.missed for row in rows}, stored=stored)
    return _register(lesson, shown, last_step=last_step_of(by.account_id, taken))


@blueprint.post("/lessen/<uuid:lesson_id>/presentie")
@requires(Permission.REGISTER_KEEP)
def record(lesson_id: UUID) -> BaseResponse:
    """Store one row as it is tapped, or a plain form; a refusal keeps what was typed (422, or 409 for another's)."""
    actor = require_actor()
    form = RegisterForm(request.form.to_dict())
    lesson, rows = get_register(lesson_id, actor, form.only)
    try:
        form.tell_of_names(find_names_by_learner(form.reasons(), actor.scope))
        stored = record_attendance(lesson, form.marks(), by=actor, rows=rows)
    except (Invalid, Conflict) as refusal:
        return _refused(lesson, form, refusal)
    if form.only and wants_partial():
        return _row(lesson, present_rows(stored.rows, form.missed(), stored=[form.only]))
    return _back(lesson, stored.step_id)


@blueprint.post("/lessen/<uuid:lesson_id>/presentie/iedereen")
@requires(Permission.REGISTER_KEEP)
def everyone_present(lesson_id: UUID) -> BaseResponse:
    """Mark as present whoever is still open."""
    actor = require_actor()
    lesson = get_lesson(lesson_id, actor)
    but = RegisterForm(request.form.to_dict()).chosen()
    stored = mark_everyone_present(lesson, by=actor, but=but)
    return _answer_step(lesson, {row.learner_id for row in stored.rows}, stored.step_id)


@blueprint.post("/lessen/<uuid:lesson_id>/presentie/ongedaan")
@requires(Permission.REGISTER_KEEP)
def undo(lesson_id: UUID) -> BaseResponse:
    """Take back what was just stored: one row, or all of *iedereen aanwezig*."""
    actor = require_actor()
    lesson = get_lesson(lesson_id, actor)
    only = request.values.get("cursist", type=UUID)
    try:
        undo_step(lesson, request.form.get("stap", type=UUID) or UUID(int=0), by=actor, only=only)
    except Conflict as refusal:
        if only is None or not wants_partial():
            raise
        return _row(lesson, _rows_of(lesson, only, error=message_for(refusal)), status=409)
    if only is not None and wants_partial():
        return _row(lesson, _rows_of(lesson, only))
    return _answer_step(lesson, set(), None)


@blueprint.get("/lessen/<uuid:lesson_id>/presentie/wijzigingen")
@requires(Permission.REGISTER_KEEP)
def changes(lesson_id: UUID) -> Response:
    """Show what was changed in a register, by whom and why."""
    lesson, rows = get_register(lesson_id, require_actor())
    audit.saw([row.learner_id for row in rows], "attendance.changes", subject=("lesson", lesson.id))
    return page("attendance/changes.html", lesson=lesson, changes=list_changes(lesson))


def _missed(lesson: LessonView) -> Mapping[UUID, int]:
    return count_missed(lesson, require_actor().scope)


def _rows_of(lesson: LessonView, learner_id: UUID, *, error: str = "") -> list[RowView]:
    rows = list_register(lesson, learner_id)
    if not rows:
        raise NotFound("learner")
    return present_rows(rows, _missed(lesson), error=error)


def _back(lesson: LessonView, step_id: UUID | None) -> BaseResponse:
    """Lead to the register, which shows what was just stored."""
    register_url = url_for("attendance.register", lesson_id=lesson.id)
    return see_other(f"{register_url}?stap={step_id}" if step_id is not None else register_url)


def _answer_step(lesson: LessonView, stored: set[UUID], step_id: UUID | None) -> BaseResponse:
    if not wants_partial():
        return _back(lesson, step_id)
    return _register(lesson, present_rows(list_register(lesson), _missed(lesson), stored=stored))


def _refused(lesson: LessonView, form: RegisterForm, refusal: Refusal) -> BaseResponse:
    if refusal.code in {"lesson_cancelled", "lesson_in_future"}:
        response = _register(lesson, [], status=409)
        response.headers["HX-Refresh"] = "true"
        return response
    status = 422 if isinstance(refusal, Invalid) else 409
    missed = form.missed() if form.only else _missed(lesson)
    rows = present_refused(list_register(lesson, form.only), missed, form.rows, refusal)
    if form.only and wants_partial():
        return _row(lesson, rows, status=status) if rows else _gone(form.only)
    gone = len(refusal.facts.get("learner_ids", ())) if refusal.code == "not_in_group" else 0
    rows = rows if form.only is None else present_rows(list_register(lesson), _missed(lesson))
    return _register(lesson, rows, status=status, refused=True, gone=gone)


def _row(lesson: LessonView, rows: list[RowView], *, status: int = 200) -> Response:
    """Answer a tap: the row of that one learner, as it stands now."""
    html = render_template(
        "attendance/_rows.html", lesson=lesson, rows=rows, is_closed=is_closed(lesson), takes_notes=takes_notes()
    )
    return Response(html, status)


def _gone(learner_id: UUID) -> Response:
    """Answer a tap on somebody who is no longer in the group: her row says so, without her name."""
    return Response(render_template("attendance/_gone.html", key=row_key(learner_id)), 422)


def _register(
    lesson: LessonView,
    rows: list[RowView],
    *,
    last_step: tuple[UUID, int] | None = None,
    status: int = 200,
    refused: bool = False,
    gone: int = 0,
) -> Response:
    return page(
        "attendance/register.html",
        "attendance/_register.html",
        status=status,
        lesson=lesson,
        takes_notes=takes_notes(),
        takes_pictures=takes_pictures(lesson),
        register=present_register(lesson, rows, last_step=last_step, was_refused=refused, gone=gone),
    )
