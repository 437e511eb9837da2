"""Who teaches a group: a teacher of its own, or a substitute for a while."""

from uuid import UUID

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.clock import today
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.courses.blueprint import blueprint, show_form, store
from portal.courses.forms import EndForm, TeacherForm
from portal.courses.groups.queries import get_group, get_teacher
from portal.courses.groups.services import add_teacher, end_teacher
from portal.permissions import Permission


def _back_to(group_id: UUID) -> tuple[str, str]:
    return get_group(group_id, require_actor()).name, url_for("courses.group", group_id=group_id)


def _lead() -> str:
    return _(
        "Vanaf de eerste dag ziet deze docent de cursisten en de presentie van de groep. "
        "Na de laatste dag kan deze docent de presentie nog een week invullen."
    )


@blueprint.get("/groepen/<uuid:group_id>/docenten")
@requires(Permission.TIMETABLE_KEEP)
def new_teacher(group_id: UUID) -> Response:
    """Show the form of a teacher for a group."""
    return show_form(TeacherForm(starts_on=today()), title=_("Docent toevoegen"), back=_back_to(group_id), lead=_lead())


@blueprint.post("/groepen/<uuid:group_id>/docenten")
@requires(Permission.TIMETABLE_KEEP)
@creates
def save_teacher(group_id: UUID) -> BaseResponse:
    """Let somebody teach a group."""
    form, by = TeacherForm(), require_actor()

    def save() -> None:
        add_teacher(group_id, **form.values(), by=by)

    said = _("De docent staat bij de groep.")
    return store(form, save, title=_("Docent toevoegen"), back=_back_to(group_id), said=said, lead=_lead())


@blueprint.get("/groepen/<uuid:group_id>/docenten/<uuid:row_id>")
@requires(Permission.TIMETABLE_KEEP)
def teacher(group_id: UUID, row_id: UUID) -> Response:
    """Ask until when somebody teaches a group."""
    name = get_teacher(group_id, row_id, require_actor().scope).account.name
    title, lead = _("Docent laten stoppen"), _("Na deze dag ziet deze docent de groep niet meer.")
    return show_form(EndForm(ends_on=today()), title=title, back=_back_to(group_id), subject=name, lead=lead)


@blueprint.post("/groepen/<uuid:group_id>/docenten/<uuid:row_id>")
@requires(Permission.TIMETABLE_KEEP)
def stop_teacher(group_id: UUID, row_id: UUID) -> BaseResponse:
    """Let somebody teach a group until a day."""
    form, by = EndForm(), require_actor()

    def save() -> None:
        end_teacher(group_id, row_id, ends_on=form.ends_on.data, by=by)

    said = _("De laatste dag van deze docent is vastgelegd.")
    return store(form, save, title=_("Docent laten stoppen"), back=_back_to(group_id), said=said)
