"""The waiting list: who waits, putting somebody on it, placing her in a group, taking her off."""

from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.lists import order_asked
from portal.core.http.pages import page, page_number, see_other
from portal.courses.groups.queries import GroupView, list_courses, list_groups
from portal.learners.blueprint import blueprint
from portal.learners.enrolments.places import count_places_taken
from portal.learners.enrolments.queries import list_payers
from portal.learners.names_in_texts.pages import tells_of_names
from portal.learners.scope.services import get_within_reach
from portal.learners.search.queries import list_choices
from portal.learners.trajectories.labels import ROUTES
from portal.learners.trajectories.models import Route
from portal.learners.waiting_list.forms import PlaceForm, TakeOffForm, WaitForm, kept_of, waiting_search_of
from portal.learners.waiting_list.models import WaitingEntry
from portal.learners.waiting_list.queries import ORDERS, get_waiting, list_waiting
from portal.learners.waiting_list.services import add_to_waiting_list, place_from_waiting_list, take_off_waiting_list
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.schools.queries import current_school


@blueprint.get("/wachtlijst")
@requires(Permission.LEARNER_KEEP)
def waiting_list() -> Response:
    """Show who waits for a place, who waits longest first unless another order is asked."""
    by, order, search = require_actor(), order_asked(ORDERS, "since"), waiting_search_of(request.args)
    found = list_waiting(search, by.scope, order=order, page=page_number())
    audit.saw([line.learner_id for line in found.rows], "learners.waiting_list", folds=True)
    return page(
        "learners/waiting_list.html",
        found=found,
        order=order,
        search=search,
        kept=kept_of(search),
        courses=[(course.id, course.name) for course in list_courses()],
        clients=list_choices().clients,
        routes=[(route.value, ROUTES[route]) for route in Route],
    )


@blueprint.get("/cursisten/<uuid:learner_id>/wachtlijst")
@requires(Permission.LEARNER_KEEP)
def new_waiting(learner_id: UUID) -> Response:
    """Ask for which course a learner waits, and since when."""
    return _wait_page(learner_id, _wait_form(is_filled=False))


@blueprint.post("/cursisten/<uuid:learner_id>/wachtlijst")
@requires(Permission.LEARNER_KEEP)
@creates
def add_waiting(learner_id: UUID) -> BaseResponse:
    """Put a learner on the waiting list."""
    form = _wait_form(is_filled=True)
    if form.validate_on_submit() and not tells_of_names(form, learner_id):
        try:
            add_to_waiting_list(learner_id, **form.values(), by=require_actor())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("De cursist staat op de wachtlijst."), "good")
            return see_other(url_for("learners.record", learner_id=learner_id))
    return _wait_page(learner_id, form, status=422)


@blueprint.get("/wachtlijst/<uuid:waiting_entry_id>")
@requires(Permission.LEARNER_KEEP)
def waiting(waiting_entry_id: UUID) -> Response:
    """Show how somebody who waits is placed in a group, or taken off the list."""
    row = get_waiting(waiting_entry_id, require_actor().scope)
    return _waiting_page(row)


@blueprint.post("/wachtlijst/<uuid:waiting_entry_id>/plaatsen")
@requires(Permission.LEARNER_KEEP)
@creates
def place_waiting(waiting_entry_id: UUID) -> BaseResponse:
    """Put somebody who waits in a group, and take her off the list."""
    by = require_actor()
    row = get_waiting(waiting_entry_id, by.scope)
    form = _place_form(row, is_filled=True)
    if form.validate_on_submit():
        try:
            group_id = UUID(form.group_id.data)
            place_from_waiting_list(
                waiting_entry_id,
                group_id=group_id,
                starts_on=form.starts_on.data,
                trajectory_id=form.trajectory(),
                statement_shown=form.statement.data or "",
                despite=form.despite.data,
                by=by,
            )
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal)
        else:
            flash(_("De cursist is ingeschreven en staat niet meer op de wachtlijst."), "good")
            return see_other(url_for("learners.waiting_list"))
    return _waiting_page(row, place_form=form, status=422)


@blueprint.post("/wachtlijst/<uuid:waiting_entry_id>/eraf")
@requires(Permission.LEARNER_KEEP)
def take_off_waiting(waiting_entry_id: UUID) -> BaseResponse:
    """Take somebody off the waiting list, with why."""
    by, form = require_actor(), TakeOffForm()
    row = get_waiting(waiting_entry_id, by.scope)
    if form.validate_on_submit():
        try:
            take_off_waiting_list(waiting_entry_id, reason=form.chosen(), by=by)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("De cursist staat niet meer op de wachtlijst."), "good")
            return see_other(url_for("learners.waiting_list"))
    return _waiting_page(row, off_form=form, status=422)


def _wait_form(*, is_filled: bool) -> WaitForm:
    courses, groups = list_courses(active_only=True), list_groups(require_actor())
    return WaitForm(courses, groups) if is_filled else WaitForm(courses, groups, formdata=None, since_on=today())


def _wait_page(learner_id: UUID, form: WaitForm, *, status: int = 200) -> Response:
    learner = get_within_reach(learner_id, require_actor())
    audit.saw([learner_id], "learners.waiting")
    return page("learners/new_waiting.html", learner=learner, form=form, status=status)


def _place_form(row: WaitingEntry, *, is_filled: bool) -> PlaceForm:
    by = require_actor()
    groups = sorted(list_groups(by), key=lambda group: group.course_id != row.course_id)
    taken = count_places_taken([group.id for group in groups])
    named = [(group.id, _named(group, taken.get(group.id, 0))) for group in groups]
    payers = list_payers(row.learner_id, by.scope)
    if is_filled:
        return PlaceForm(payers, named)
    return PlaceForm(payers, named, formdata=None, group_id=str(row.group_id or ""), starts_on=today())


def _named(group: GroupView, taken: int) -> str:
    if group.capacity is None:
        return group.name
    count = _("%(taken)s van %(count)s", taken=taken, count=group.capacity)
    return f"{group.name} ({count})"


def _waiting_page(
    row: WaitingEntry, *, place_form: PlaceForm | None = None, off_form: TakeOffForm | None = None, status: int = 200
) -> Response:
    learner = get_within_reach(row.learner_id, require_actor())
    audit.saw([row.learner_id], "learners.waiting")
    place_form = place_form or _place_form(row, is_filled=False)
    place_form.show_statement(current_school().policy_version_id)
    return page(
        "learners/waiting.html",
        row=row,
        learner=learner,
        place_form=place_form,
        off_form=off_form or TakeOffForm(formdata=None),
        policy=current_policy(),
        status=status,
    )
