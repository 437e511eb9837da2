"""The note at a learner's row of a register: a partial beside the register, a page without script."""

from uuid import UUID

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.attendance.blueprint import blueprint
from portal.attendance.mark_notes.forms import MarkNoteForm
from portal.attendance.mark_notes.queries import REASON, MarkNoteView, find_mark_note
from portal.attendance.mark_notes.services import find_learner_id, get_row, write_mark_note
from portal.attendance.registers.queries import RegisterRow
from portal.core import audit
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.pages import page, see_other, wants_partial
from portal.courses.lessons.queries import LessonView
from portal.learners.names_in_texts.pages import tells_of_names
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others
from portal.policy.queries import current_policy


@blueprint.get("/lessen/<uuid:lesson_id>/presentie/notitie")
@requires(Permission.REGISTER_KEEP)
def mark_note_of(lesson_id: UUID) -> Response:
    """Show the note at the row that the address names by its key, `c`: a row of the register has no room for more."""
    return mark_note(lesson_id, find_learner_id(lesson_id, request.args.get("c", ""), by=require_actor()))


@blueprint.get("/lessen/<uuid:lesson_id>/presentie/notitie/<uuid:learner_id>")
@requires(Permission.REGISTER_KEEP)
def mark_note(lesson_id: UUID, learner_id: UUID) -> Response:
    """Show the note at a learner's row, to be written or changed."""
    lesson, row = get_row(lesson_id, learner_id, by=require_actor())
    note = find_mark_note(lesson, row)
    values = {} if note is None else {"body": note.text, "hidden_because": note.hidden_because, "seen": note.version}
    form = MarkNoteForm(formdata=None, data={**values, "is_hidden": bool(values.get("hidden_because"))})
    return _show(lesson, row, form, has_note=note is not None)


@blueprint.post("/lessen/<uuid:lesson_id>/presentie/notitie/<uuid:learner_id>")
@requires(Permission.REGISTER_KEEP)
@collects_of_others
def write_note(lesson_id: UUID, learner_id: UUID) -> BaseResponse:
    """Store the note; a refusal keeps what was typed."""
    by, form = require_actor(), MarkNoteForm()
    lesson, row = get_row(lesson_id, learner_id, by=by)
    if not form.validate_on_submit() or tells_of_names(form, learner_id):
        return _show(lesson, row, form, status=422)
    hidden = form.hidden_because.data if form.is_hidden.data else None
    try:
        write_mark_note(
            lesson_id, learner_id, form.body.data or "", seen=form.seen.data or "", hidden_because=hidden, by=by
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _show(lesson, row, form, status=422)
    except Conflict as refusal:
        return _conflict(lesson, row, form, refusal)
    if wants_partial():
        return _show(lesson, row, None, has_note=bool(form.body.data))
    return see_other(url_for("attendance.register", lesson_id=lesson.id) + f"#r{row.key}")


def _conflict(lesson: LessonView, row: RegisterRow, form: MarkNoteForm, refusal: Conflict) -> Response:
    """Show what was typed, with the note that somebody wrote meanwhile, or that none can stand here."""
    if refusal.code != "note_changed":
        return _show(lesson, row, form, status=409, is_closed=True)
    stands = find_mark_note(lesson, row)
    form.seen.data = stands.version if stands is not None else ""
    return _show(lesson, row, form, status=409, is_changed=True, stands=stands)


def _show(
    lesson: LessonView,
    row: RegisterRow,
    form: MarkNoteForm | None,
    *,
    status: int = 200,
    has_note: bool = False,
    is_closed: bool = False,
    is_changed: bool = False,
    stands: MarkNoteView | None = None,
) -> Response:
    """Show the form; without one, that it is stored."""
    audit.saw([row.learner_id], "attendance.mark_note", subject=("lesson", lesson.id))
    return page(
        "attendance/mark_note.html",
        "attendance/_mark_note.html",
        status=status,
        lesson=lesson,
        row=row,
        key=row.key,
        form=form,
        has_note=has_note,
        is_closed=is_closed,
        is_changed=is_changed,
        stands=stands,
        may_hide=current_policy().allows(REASON),
    )
