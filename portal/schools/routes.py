"""A school's look for every page, and the pages where its management sets it."""

from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.errors import Invalid
from portal.core.http.access import freshly, public, require_actor, requires
from portal.core.http.body_limits import takes_upload
from portal.core.http.creation import creates
from portal.core.http.forms import Form
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.permissions import Permission
from portal.schools import services
from portal.schools.forms import (
    HelpForm,
    HostForm,
    LevelsForm,
    LogoForm,
    LookForm,
    NotificationsForm,
    RetentionForm,
    SignInForm,
    VisitorsForm,
)
from portal.schools.hosting.details import find_hosting
from portal.schools.hosting.labels import SAFEGUARDS
from portal.schools.queries import current_school, first_steps, get_logo, get_school, list_hosts
from portal.schools.services import LARGEST_LOGO, remove_logo, store_logo

blueprint = Blueprint("schools", __name__)
A_YEAR = "public, max-age=31536000, immutable"


@blueprint.get("/school.css")
@public
def style() -> Response:
    """Send the school's colour, from which every tint follows."""
    school = current_school()
    sheet = f":root {{ --school-h: {school.hue}; --school-c: {school.chroma} }}\n"
    return _for_a_year(Response(sheet, mimetype="text/css"))


@blueprint.get("/school/logo")
@public
def logo() -> Response:
    """Send the school's logo."""
    content, media_type = get_logo()
    return _for_a_year(Response(content, mimetype=media_type))


def _for_a_year(response: Response) -> Response:
    if request.args.get("v") == str(current_school().look_version):
        response.headers["Cache-Control"] = A_YEAR
    return response


@blueprint.get("/instellingen")
@requires(Permission.SCHOOL_SET)
def settings() -> Response:
    """Show what management can set."""
    return _page()


@blueprint.post("/instellingen/uiterlijk")
@requires(Permission.SCHOOL_SET)
def change_look() -> BaseResponse:
    """Change name and colour."""
    form = LookForm()
    if not form.validate():
        return _page(form)
    services.change_look(
        form.name.data or "", hue=form.hue.data or 0, chroma=float(form.chroma.data), by=require_actor()
    )
    return _done()


@blueprint.post("/instellingen/logo")
@requires(Permission.SCHOOL_SET)
@takes_upload(8)
def change_logo() -> BaseResponse:
    """Store another logo, or take it away."""
    form = LogoForm()
    if "weg" in request.form:
        remove_logo(by=require_actor())
        return _done()
    uploaded = request.files.get("logo")
    try:
        if uploaded is None or not uploaded.filename:
            raise Invalid("logo", "logo_missing")
        store_logo(uploaded.stream.read(LARGEST_LOGO + 1), by=require_actor())
    except Invalid as refusal:
        form.validate()
        form.refuse(refusal)
        return _page(form)
    return _done()


@blueprint.post("/instellingen/inloggen")
@requires(Permission.SCHOOL_SET)
@freshly(60)
def change_sign_in_rules() -> BaseResponse:
    """Change how strict signing in is for staff."""
    form = SignInForm()
    if not form.validate():
        return _page(form)
    try:
        services.change_sign_in_rules(
            idle_minutes=form.idle_minutes.data or 0,
            second_factor_roles=frozenset(form.second_factor_roles.data or ()),
            by=require_actor(),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(form)
    return _done()


@blueprint.post("/instellingen/hulp")
@requires(Permission.SCHOOL_SET)
def change_opening_hours() -> BaseResponse:
    """Change when the school can be reached."""
    form = HelpForm()
    if not form.validate():
        return _page(form)
    services.change_opening_hours(form.opening_hours.data, by=require_actor())
    return _done()


@blueprint.post("/instellingen/formulieren")
@requires(Permission.SCHOOL_SET)
def change_visitor_forms() -> BaseResponse:
    """Switch the forms for who doesn't sign in on or off."""
    form = VisitorsForm()
    if not form.validate():
        return _page(form)
    names = ("takes_questions", "takes_enquiries", "takes_subscribers")
    services.change_visitor_forms(takes={name: bool(form[name].data) for name in names}, by=require_actor())
    return _done()


@blueprint.post("/instellingen/niveaus")
@requires(Permission.SCHOOL_SET)
def change_levels() -> BaseResponse:
    """Change which levels the school works with, and what learners see beside their own."""
    form = LevelsForm()
    if not form.validate():
        return _page(form)
    services.change_levels(
        uses_sublevels=form.uses_sublevels.data, shows_group_range=form.shows_group_range.data, by=require_actor()
    )
    return _done()


@blueprint.post("/instellingen/meldingen")
@requires(Permission.SCHOOL_SET)
def change_notifications() -> BaseResponse:
    """Change when the mail of the day goes out, and for how long notifications are kept."""
    form = NotificationsForm()
    if not form.validate():
        return _page(form)
    services.change_notifications(
        daily_mail_hour=form.daily_mail_hour.data or 0,
        notification_days=form.notification_days.data or 0,
        by=require_actor(),
    )
    return _done()


@blueprint.post("/instellingen/wissen")
@requires(Permission.SCHOOL_SET)
def change_retention() -> BaseResponse:
    """Change when people are shown whose data goes, and how many may go in a night."""
    form = RetentionForm()
    if not form.validate():
        return _page(form)
    services.change_retention(
        preview_days=form.retention_preview_days.data or 0,
        cap_people=form.retention_cap_people.data or 0,
        cap_percent=form.retention_cap_percent.data or 0,
        by=require_actor(),
    )
    return _done()


@blueprint.post("/instellingen/adressen")
@requires(Permission.SCHOOL_SET)
@creates
@freshly(60)
def add_host() -> BaseResponse:
    """Let the school answer at another address."""
    form = HostForm()
    if not form.validate():
        return _page(form)
    try:
        services.add_host(form.host.data or "", by=require_actor())
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(form)
    return _done()


@blueprint.post("/instellingen/adressen/<uuid:host_id>/weg")
@requires(Permission.SCHOOL_SET)
def remove_host(host_id: UUID) -> BaseResponse:
    """Let the school no longer answer at an address."""
    services.remove_host(host_id, in_use=request.host.partition(":")[0], by=require_actor())
    return _done()


@blueprint.post("/instellingen/adressen/<uuid:host_id>/eerste")
@requires(Permission.SCHOOL_SET)
@freshly(60)
def make_primary_host(host_id: UUID) -> BaseResponse:
    """Make an address the school's own."""
    services.make_primary_host(host_id, by=require_actor())
    return _done()


@blueprint.get("/eerste-dag")
@requires(Permission.SCHOOL_SET)
def first_day() -> Response:
    """Show what a new school does first, and what of it is done."""
    return page("schools/first_day.html", steps=first_steps())


def _done() -> BaseResponse:
    flash(_("Opgeslagen."), "good")
    return see_other(url_for("schools.settings"))


def _page(refused: Form | None = None) -> Response:
    """Show the settings; a form that was refused keeps what was typed and its messages."""
    row = get_school()
    forms: dict[str, Form] = {
        "look": LookForm(formdata=None, obj=row),
        "logo": LogoForm(formdata=None),
        "help": HelpForm(formdata=None, obj=row),
        "levels": LevelsForm(formdata=None, obj=row),
        "visitors": VisitorsForm(formdata=None, obj=row),
        "notifications": NotificationsForm(formdata=None, obj=row),
        "retention": RetentionForm(formdata=None, obj=row),
        "sign_in": SignInForm(formdata=None, obj=row),
        "host": HostForm(formdata=None),
    }
    forms["look"].show_strength(row.chroma)
    for name, form in forms.items():
        if type(form) is type(refused) and refused is not None:
            forms[name] = refused
    return page(
        "schools/settings.html",
        status=200 if refused is None else 422,
        forms=forms,
        hosts=list_hosts(),
        host_in_use=request.host.partition(":")[0],
        most_minutes=row.idle_minutes_most,
        hosting=(hosting := find_hosting()),
        agreement=hosting.agreements.get(row.slug),
        safeguards=SAFEGUARDS,
    )
