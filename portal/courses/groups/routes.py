"""Groups: the list, one with its timetable and lessons, a new one, a weekly lesson."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.clock import now, today
from portal.core.errors import Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _, _n
from portal.core.http.lists import format_asked, in_order, order_asked, send_list
from portal.core.http.pages import page, see_other
from portal.courses.blueprint import blueprint, show_form, store
from portal.courses.forms import WEEKDAYS, EndForm, GroupForm, SlotForm
from portal.courses.groups.places import PLACES_TAKEN
from portal.courses.groups.presenters import days_of
from portal.courses.groups.queries import (
    GROUP_ORDERS,
    GroupView,
    get_group,
    get_slot,
    get_usual_kind,
    list_groups,
    list_holidays_between,
    list_slots,
    list_teachers,
)
from portal.courses.groups.services import save_group, take_list
from portal.courses.lessons.queries import LessonView, list_lessons
from portal.courses.lessons.registers import REGISTER_COUNTS
from portal.courses.timetable.services import add_slot, end_slot
from portal.permissions import Permission
from portal.policy.queries import current_policy

_WEEKS = timedelta(weeks=4)


def _back_to(group_id: UUID) -> tuple[str, str]:
    group = get_group(group_id, require_actor())
    return group.name, url_for("courses.group", group_id=group_id)


@blueprint.get("/groepen")
@requires(Permission.TIMETABLE_VIEW)
def groups() -> Response:
    """List the groups within reach, in the order that was asked: those that go on, or those that are over."""
    over, order, found = _groups()
    taken = _places_taken(found)
    return page("courses/groups.html", groups=found, taken=taken, over=over, order=order, today_on=today())


@blueprint.post("/groepen/ophalen")
@requires(Permission.TIMETABLE_VIEW)
def take_groups() -> Response:
    """Give the list of groups as a file, as it is narrowed and sorted."""
    wanted, (_over, _order, found) = format_asked(), _groups()
    taken = _places_taken(found)
    headings = [
        _("Groep"), _("Cursus"), _("Docent"), _("Lokaal"), _("Cursisten"), _("Plaatsen"), _("Eerste dag"),
        _("Laatste dag"),
    ]  # fmt: skip
    rows = [
        (
            each.name, each.course_name, ", ".join(each.teachers), each.room, taken.get(each.id, 0), each.capacity,
            each.starts_on, each.ends_on,
        )
        for each in found
    ]  # fmt: skip
    take_list(len(rows), wanted.value, by=require_actor())
    return send_list(_("Groepen"), wanted, headings, rows)


def _places_taken(groups: Sequence[GroupView]) -> Mapping[UUID, int]:
    return PLACES_TAKEN.only([each.id for each in groups])


def _groups() -> tuple[bool, str, list[GroupView]]:
    over, order = "voorbij" in request.args, order_asked(GROUP_ORDERS, "course")
    return over, order, in_order(list_groups(require_actor(), over=over), order, GROUP_ORDERS)


@blueprint.get("/groepen/nieuw")
@requires(Permission.TIMETABLE_KEEP)
def new_group() -> Response:
    """Show the form of a new group."""
    return show_form(GroupForm(), title=_("Nieuwe groep"), back=(_("Groepen"), url_for("courses.groups")))


@blueprint.post("/groepen/nieuw")
@requires(Permission.TIMETABLE_KEEP)
@creates
def add_group() -> BaseResponse:
    """Add a group."""
    form, by = GroupForm(), require_actor()

    def save() -> None:
        made.append(save_group(None, **form.values(), by=by).id)

    made: list[UUID] = []
    back = (_("Groepen"), url_for("courses.groups"))
    said = _("De groep is toegevoegd. Geef haar nu vaste lessen, een docent en cursisten.")
    answer = store(form, save, title=_("Nieuwe groep"), back=back, said=said)
    return see_other(url_for("courses.group", group_id=made[0])) if made else answer


@blueprint.get("/groepen/<uuid:group_id>")
@requires(Permission.TIMETABLE_VIEW)
def group(group_id: UUID) -> Response:
    """Show a group: its teachers, its weekly lessons, and eight weeks of lessons around a day."""
    actor = require_actor()
    found = get_group(group_id, actor)
    around = request.args.get("rond", type=date.fromisoformat) or today()
    around = min(max(around, date(2000, 1, 1)), date(2100, 1, 1))
    first, last = around - _WEEKS, around + _WEEKS
    lessons = list_lessons(group_id, actor, first=first, last=last)
    return page(
        "courses/group.html",
        group=found,
        taken=_places_taken([found]).get(group_id, 0) if found.capacity else 0,
        teachers=list_teachers(group_id, actor.scope),
        slots=list_slots(found),
        weekdays=WEEKDAYS,
        days=days_of(lessons, list_holidays_between(first, last)),
        registers=_registers(lessons),
        first=first,
        last=last,
        earlier=around - 2 * _WEEKS,
        later=around + 2 * _WEEKS,
        today=today(),
        fills=actor.may(Permission.REGISTER_KEEP) and current_policy().feature("attendance"),
    )


def _registers(lessons: Sequence[LessonView]) -> Mapping[UUID, tuple[int, int]]:
    """Return how far the register is of each lesson that has begun and goes on, where the school keeps registers."""
    if not current_policy().feature("attendance"):
        return {}
    return REGISTER_COUNTS.only([each for each in lessons if each.begins <= now() and not each.is_cancelled])


@blueprint.get("/groepen/<uuid:group_id>/wijzigen")
@requires(Permission.TIMETABLE_KEEP)
def edit_group(group_id: UUID) -> Response:
    """Show the form of a group."""
    found = get_group(group_id, require_actor())
    form = GroupForm(obj=found)
    form.course_id.data = str(found.course_id)
    return show_form(form, title=found.name, back=_back_to(group_id), is_named=True)


@blueprint.post("/groepen/<uuid:group_id>/wijzigen")
@requires(Permission.TIMETABLE_KEEP)
def change_group(group_id: UUID) -> BaseResponse:
    """Change a group."""
    form, by, back = GroupForm(), require_actor(), _back_to(group_id)

    def save() -> None:
        save_group(group_id, **form.values(), by=by)

    return store(form, save, title=back[0], back=back, said=_("De groep is gewijzigd."), is_named=True)


@blueprint.get("/groepen/<uuid:group_id>/rooster")
@requires(Permission.TIMETABLE_KEEP)
def new_slot(group_id: UUID) -> Response:
    """Show the form of a weekly lesson."""
    form = SlotForm(from_on=today(), kind=get_usual_kind(group_id, require_actor().scope).value)
    return show_form(form, title=_("Nieuwe vaste les"), back=_back_to(group_id))


@blueprint.post("/groepen/<uuid:group_id>/rooster")
@requires(Permission.TIMETABLE_KEEP)
@creates
def save_slot(group_id: UUID) -> BaseResponse:
    """Give a group a weekly lesson, and make its lessons."""
    form, by = SlotForm(), require_actor()

    def save() -> None:
        add_slot(group_id, **form.values(), by=by)

    said = _("De vaste les staat in het rooster. De lessen van de komende twaalf weken zijn gemaakt.")
    return store(form, save, title=_("Nieuwe vaste les"), back=_back_to(group_id), said=said)


@blueprint.get("/groepen/<uuid:group_id>/rooster/<uuid:slot_id>")
@requires(Permission.TIMETABLE_KEEP)
def slot(group_id: UUID, slot_id: UUID) -> Response:
    """Ask until when a weekly lesson lasts."""
    get_slot(group_id, slot_id, require_actor().scope)
    return _end_page(group_id, EndForm(ends_on=today()))


@blueprint.post("/groepen/<uuid:group_id>/rooster/<uuid:slot_id>")
@requires(Permission.TIMETABLE_KEEP)
def stop_slot(group_id: UUID, slot_id: UUID) -> BaseResponse:
    """Let a weekly lesson end."""
    form, back = EndForm(), _back_to(group_id)
    if not form.validate_on_submit():
        return _end_page(group_id, form, status=422)
    try:
        cleared = end_slot(group_id, slot_id, until_on=form.ends_on.data, by=require_actor())
    except Invalid as refusal:
        form.refuse(refusal)
        return _end_page(group_id, form, status=422)
    gone, kept = cleared.gone, cleared.kept
    flash(_n("De vaste les stopt. %(num)s les is weg.", "De vaste les stopt. %(num)s lessen zijn weg.", gone), "good")
    if kept:
        flash(
            _n(
                "%(num)s les na die dag blijft staan. Gaat die niet door? Annuleer die dan.",
                "%(num)s lessen na die dag blijven staan. Gaan die niet door? Annuleer die dan.",
                kept,
            ),
            "wait",
        )
    return see_other(back[1])


def _end_page(group_id: UUID, form: EndForm, *, status: int = 200) -> Response:
    lead = _(
        "Lessen na deze dag verdwijnen. Lessen met presentie, en lessen die iemand heeft gewijzigd of geannuleerd, "
        "blijven staan."
    )
    return show_form(form, title=_("Vaste les stoppen"), back=_back_to(group_id), status=status, lead=lead)
