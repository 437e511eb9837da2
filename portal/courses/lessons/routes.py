"""Single lessons: one more, another time or teacher, cancelled, put back, deleted."""

from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.clock import today
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.courses.blueprint import blueprint, show_form, store
from portal.courses.forms import BareForm, CancelForm, LessonForm, RestoreForm
from portal.courses.groups.queries import get_group, get_usual_kind
from portal.courses.lessons import services
from portal.permissions import Permission


def _back_to(group_id: UUID) -> tuple[str, str]:
    return get_group(group_id, require_actor()).name, url_for("courses.group", group_id=group_id)


@blueprint.get("/groepen/<uuid:group_id>/lessen/nieuw")
@requires(Permission.TIMETABLE_KEEP)
def new_lesson(group_id: UUID) -> Response:
    """Show the form of one more lesson."""
    room, kind = get_group(group_id, require_actor()).room, get_usual_kind(group_id, require_actor().scope)
    form = LessonForm(held_on=today(), room=room, kind=kind.value)
    return show_form(form, title=_("Nieuwe les"), back=_back_to(group_id))


@blueprint.post("/groepen/<uuid:group_id>/lessen/nieuw")
@requires(Permission.TIMETABLE_KEEP)
@creates
def add_lesson(group_id: UUID) -> BaseResponse:
    """Add a single lesson."""
    form, by = LessonForm(), require_actor()

    def save() -> None:
        services.save_lesson(group_id, None, **form.values(), by=by)

    return store(form, save, title=_("Nieuwe les"), back=_back_to(group_id), said=_("De les is toegevoegd."))


@blueprint.get("/groepen/<uuid:group_id>/lessen/<uuid:lesson_id>")
@requires(Permission.TIMETABLE_KEEP)
def lesson(group_id: UUID, lesson_id: UUID) -> Response:
    """Show what can be done to a lesson."""
    row = services.get_own_lesson(group_id, lesson_id, require_actor().scope)
    form = LessonForm(obj=row)
    form.substitute_id.data = str(row.substitute_id or "")
    form.kind.data, form.place.data = row.kind.value, row.place.value
    return _lesson_page(group_id, lesson_id, form, CancelForm(formdata=None))


@blueprint.post("/groepen/<uuid:group_id>/lessen/<uuid:lesson_id>")
@requires(Permission.TIMETABLE_KEEP)
def change_lesson(group_id: UUID, lesson_id: UUID) -> BaseResponse:
    """Change a lesson: its day, times, room or teacher."""
    form, by = LessonForm(), require_actor()

    def save() -> None:
        services.save_lesson(group_id, lesson_id, **form.values(), by=by)

    return store(form, save, title=_("Les wijzigen"), back=_back_to(group_id), said=_("De les is gewijzigd."))


@blueprint.post("/groepen/<uuid:group_id>/lessen/<uuid:lesson_id>/annuleren")
@requires(Permission.TIMETABLE_KEEP)
def cancel_lesson(group_id: UUID, lesson_id: UUID) -> BaseResponse:
    """Cancel a lesson, with the reason."""
    form = CancelForm()
    if not form.validate_on_submit():
        row = services.get_own_lesson(group_id, lesson_id, require_actor().scope)
        lesson_form = LessonForm(formdata=None, obj=row)
        lesson_form.kind.data, lesson_form.place.data = row.kind.value, row.place.value
        return _lesson_page(group_id, lesson_id, lesson_form, form, status=422)
    services.cancel_lesson(group_id, lesson_id, because=form.because.data, by=require_actor())
    flash(_("De les is geannuleerd."), "good")
    return see_other(_back_to(group_id)[1])


@blueprint.post("/groepen/<uuid:group_id>/lessen/<uuid:lesson_id>/terugzetten")
@requires(Permission.TIMETABLE_KEEP)
def restore_lesson(group_id: UUID, lesson_id: UUID) -> BaseResponse:
    """Put a cancelled lesson back."""
    form, by, back = RestoreForm(), require_actor(), _back_to(group_id)

    def save() -> None:
        services.restore_lesson(group_id, lesson_id, despite=form.despite.data, by=by)

    return store(form, save, title=_("Les gaat weer door"), back=back, said=_("De les gaat weer door."))


@blueprint.post("/groepen/<uuid:group_id>/lessen/<uuid:lesson_id>/verwijderen")
@requires(Permission.TIMETABLE_KEEP)
def delete_lesson(group_id: UUID, lesson_id: UUID) -> BaseResponse:
    """Delete a lesson that was made by mistake."""
    form, by, back = BareForm(), require_actor(), _back_to(group_id)

    def save() -> None:
        services.delete_lesson(group_id, lesson_id, by=by)

    return store(form, save, title=_("Les verwijderen"), back=back, said=_("De les is verwijderd."))


def _lesson_page(
    group_id: UUID, lesson_id: UUID, form: LessonForm, cancel: CancelForm, *, status: int = 200
) -> Response:
    return page(
        "courses/lesson.html",
        lesson=services.get_own_lesson(group_id, lesson_id, require_actor().scope),
        form=form,
        cancel_form=cancel,
        back=_back_to(group_id),
        group_id=group_id,
        status=status,
    )
