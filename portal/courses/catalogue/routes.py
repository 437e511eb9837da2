"""The courses that the school gives."""

from uuid import UUID

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page
from portal.courses.blueprint import blueprint, show_form, store
from portal.courses.forms import KINDS, CourseForm
from portal.courses.groups.queries import get_course, list_courses
from portal.courses.groups.services import save_course
from portal.permissions import Permission


def _back() -> tuple[str, str]:
    return _("Cursussen"), url_for("courses.courses")


@blueprint.get("/cursussen")
@requires(Permission.TIMETABLE_VIEW)
def courses() -> Response:
    """List the courses."""
    return page("courses/courses.html", courses=list_courses(), kinds=KINDS)


@blueprint.get("/cursussen/nieuw")
@requires(Permission.TIMETABLE_KEEP)
def new_course() -> Response:
    """Show the form of a new course."""
    return show_form(CourseForm(), title=_("Nieuwe cursus"), back=_back())


@blueprint.post("/cursussen/nieuw")
@requires(Permission.TIMETABLE_KEEP)
@creates
def add_course() -> BaseResponse:
    """Add a course."""
    form, by = CourseForm(), require_actor()

    def save() -> None:
        save_course(None, **form.values(), by=by)

    return store(form, save, title=_("Nieuwe cursus"), back=_back(), said=_("De cursus is toegevoegd."))


@blueprint.get("/cursussen/<uuid:course_id>")
@requires(Permission.TIMETABLE_KEEP)
def course(course_id: UUID) -> Response:
    """Show the form of a course."""
    row = get_course(course_id)
    form = CourseForm(obj=row)
    form.kind.data = row.kind.value
    return show_form(form, title=row.name, back=_back(), is_named=True)


@blueprint.post("/cursussen/<uuid:course_id>")
@requires(Permission.TIMETABLE_KEEP)
def change_course(course_id: UUID) -> BaseResponse:
    """Change a course."""
    form, by, row = CourseForm(), require_actor(), get_course(course_id)

    def save() -> None:
        save_course(course_id, **form.values(), by=by)

    return store(form, save, title=row.name, back=_back(), said=_("De cursus is gewijzigd."), is_named=True)
