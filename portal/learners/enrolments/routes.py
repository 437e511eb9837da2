"""Who is in a group: joining, leaving and moving, each from its day."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor, require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _, _n
from portal.core.http.lists import in_order, order_asked
from portal.core.http.pages import ids_ticked, page, see_other
from portal.courses.groups.queries import GroupView, get_group, list_groups
from portal.learners.blueprint import blueprint
from portal.learners.enrolments.forms import WHY_NOT, JoinForm, JoinTogetherForm, LeaveForm, MoveForm
from portal.learners.enrolments.labels import END_REASONS
from portal.learners.enrolments.models import EndReason, Enrolment
from portal.learners.enrolments.places import count_places_taken
from portal.learners.enrolments.queries import (
    MEMBER_ORDERS,
    get_enrolment,
    list_enrolled,
    list_groups_of,
    list_other_groups,
    list_payers,
)
from portal.learners.enrolments.services import join_group, join_group_together, leave_group, move_to_group
from portal.learners.group_changes.queries import find_change, list_ticked_learners
from portal.learners.scope.queries import names_of_learners
from portal.learners.scope.services import get_within_reach
from portal.learners.search.queries import Search, find_learners
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.schools.queries import current_school


@blueprint.get("/groepen/<uuid:group_id>/cursisten")
@requires(Permission.LEARNER_VIEW)
def group_learners(group_id: UUID) -> Response:
    """Show who is, will be and was in a group; who may, finds learners here to put in it."""
    return _group_page(group_id, JoinTogetherForm(formdata=None, starts_on=today()))


@blueprint.post("/groepen/<uuid:group_id>/cursisten")
@requires(Permission.LEARNER_KEEP)
@creates
def join_together(group_id: UUID) -> BaseResponse:
    """Put whoever is ticked in a group; who can't be is named, with why."""
    actor, form = require_actor(), JoinTogetherForm()
    get_group(group_id, actor)
    ticked = ids_ticked("cursist", "learner")
    if not form.validate_on_submit():
        return _group_page(group_id, form, ticked=ticked, status=422)
    try:
        left_out, entry_id = join_group_together(
            ticked,
            group_id,
            starts_on=form.starts_on.data,
            statement_shown=form.statement.data or "",
            despite=form.despite.data,
            by=actor,
        )
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal)
        return _group_page(group_id, form, ticked=ticked, status=422)
    count = len(ticked) - len(left_out)
    if count:
        flash(_n("%(num)s cursist is ingeschreven.", "%(num)s cursisten zijn ingeschreven.", count), "good")
    if not left_out:
        return see_other(url_for("learners.group_learners", group_id=group_id, gedaan=entry_id))
    return _group_page(group_id, form, left_out=left_out, done=entry_id, status=200 if count else 422)


def _group_page(
    group_id: UUID,
    form: JoinTogetherForm,
    *,
    ticked: Sequence[UUID] = (),
    left_out: Sequence[tuple[UUID, str]] = (),
    done: UUID | None = None,
    status: int = 200,
) -> Response:
    actor = require_actor()
    group = get_group(group_id, actor)
    order = order_asked(MEMBER_ORDERS, "name")
    lines = in_order(list_enrolled(group), order, MEMBER_ORDERS)
    search = _searched() if actor.may(Permission.LEARNER_KEEP) else Search()
    found = find_learners(search, actor).learners if search != Search() else []
    chosen = list_ticked_learners(ticked, actor.scope) if ticked and not found else []
    names = names_of_learners([each for each, _why in left_out], actor.scope)
    audit.saw([line.learner_id for line in lines], "learners.group", subject=("learner_group", group_id))
    if found or names or chosen:
        seen = [*(each.id for each in found), *(each.learner_id for each in chosen), *names]
        audit.saw(seen, "learners.search", folds=True)
    form.show_statement(current_school().policy_version_id)
    return page(
        "learners/group_learners.html",
        group=group,
        taken=count_places_taken([group_id]).get(group_id, 0) if group.capacity else 0,
        lines=lines,
        order=order,
        search=search,
        found=found,
        chosen=chosen,
        there={line.learner_id for line in lines if line.state != "over"},
        form=form,
        policy=current_policy(),
        ticked=ticked,
        left_out=[(names[each], why) for each, why in left_out if each in names],
        why_not=WHY_NOT,
        end_reasons=END_REASONS,
        done=done or _done(group, actor),
        status=status,
    )


def _done(group: GroupView, by: Actor) -> UUID | None:
    """Return what was just done to members at once, where the address says so and it can be taken back."""
    try:
        entry_id = UUID(request.args.get("gedaan", ""))
    except ValueError:
        return None
    may = by.may(Permission.LEARNER_KEEP) and find_change(group, entry_id) is not None
    return entry_id if may else None


def _searched() -> Search:
    asked = request.args
    return Search(text=asked.get("zoek", "").strip(), is_without_group=asked.get("groep") == "geen")


@blueprint.get("/cursisten/<uuid:learner_id>/groep")
@requires(Permission.LEARNER_KEEP)
def choose_group(learner_id: UUID) -> Response:
    """Ask in which group a learner is put whose record is open."""
    actor = require_actor()
    learner = get_within_reach(learner_id, actor)
    audit.saw([learner_id], "learners.enrolment")
    there = {line.group_id for line in list_groups_of(learner_id, actor.scope)}
    groups = sorted(list_groups(actor), key=lambda group: group.starts_on > today())
    taken = count_places_taken([group.id for group in groups])
    return page("learners/choose_group.html", learner=learner, groups=groups, there=there, taken=taken)


@blueprint.get("/groepen/<uuid:group_id>/cursisten/<uuid:learner_id>/inschrijven")
@requires(Permission.LEARNER_KEEP)
def enrol(group_id: UUID, learner_id: UUID) -> Response:
    """Show the enrolment of a learner, with the statement in force (LB-01)."""
    return _enrol_page(
        group_id, learner_id, JoinForm(list_payers(learner_id, require_actor().scope), starts_on=today())
    )


@blueprint.post("/groepen/<uuid:group_id>/cursisten/<uuid:learner_id>/inschrijven")
@requires(Permission.LEARNER_KEEP)
@creates
def join(group_id: UUID, learner_id: UUID) -> BaseResponse:
    """Put a learner in a group; which version of the statement the page showed is kept."""
    actor = require_actor()
    form = JoinForm(list_payers(learner_id, actor.scope))
    get_group(group_id, actor)
    if not form.validate_on_submit():
        return _enrol_page(group_id, learner_id, form, status=422)
    try:
        join_group(
            learner_id,
            group_id,
            starts_on=form.starts_on.data,
            trajectory_id=form.trajectory(),
            statement_shown=form.statement.data or "",
            despite=form.despite.data,
            by=actor,
        )
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal)
        return _enrol_page(group_id, learner_id, form, status=422)
    flash(_("De cursist is ingeschreven."), "good")
    if _is_from_record():
        return see_other(url_for("learners.record", learner_id=learner_id))
    return see_other(url_for("learners.group_learners", group_id=group_id))


@blueprint.get("/groepen/<uuid:group_id>/inschrijvingen/<uuid:enrolment_id>")
@requires(Permission.LEARNER_KEEP)
def enrolment(group_id: UUID, enrolment_id: UUID) -> Response:
    """Show how a learner can leave a group, or move to another."""
    return _enrolment_page(group_id, get_enrolment(group_id, enrolment_id, require_actor().scope))


@blueprint.post("/groepen/<uuid:group_id>/inschrijvingen/<uuid:enrolment_id>/einde")
@requires(Permission.LEARNER_KEEP)
def leave(group_id: UUID, enrolment_id: UUID) -> BaseResponse:
    """Let a learner leave a group after a day."""
    actor, form = require_actor(), LeaveForm()
    row = get_enrolment(group_id, enrolment_id, actor.scope)
    if form.validate_on_submit():
        try:
            reason = EndReason(form.reason.data)
            leave_group(group_id, enrolment_id, ends_on=form.ends_on.data, reason=reason, by=actor)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("De laatste dag in de groep is vastgelegd."), "good")
            return see_other(url_for("learners.group_learners", group_id=group_id))
    return _enrolment_page(group_id, row, leave_form=form, status=422)


@blueprint.post("/groepen/<uuid:group_id>/inschrijvingen/<uuid:enrolment_id>/verhuizen")
@requires(Permission.LEARNER_KEEP)
@creates
def move(group_id: UUID, enrolment_id: UUID) -> BaseResponse:
    """Let a learner go to another group from a day on."""
    actor = require_actor()
    row, form = get_enrolment(group_id, enrolment_id, actor.scope), MoveForm(list_other_groups(group_id, actor))
    if form.validate_on_submit():
        try:
            to_group = UUID(form.to_group_id.data)
            move_to_group(
                group_id,
                enrolment_id,
                to_group_id=to_group,
                on=form.on.data,
                statement_shown=form.statement.data or "",
                despite=form.despite.data,
                by=actor,
            )
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal)
        else:
            flash(_("De cursist gaat naar de andere groep."), "good")
            return see_other(url_for("learners.group_learners", group_id=to_group))
    return _enrolment_page(group_id, row, move_form=form, status=422)


def _enrol_page(group_id: UUID, learner_id: UUID, form: JoinForm, *, status: int = 200) -> Response:
    actor = require_actor()
    learner = get_within_reach(learner_id, actor)
    audit.saw([learner_id], "learners.enrolment")
    group, policy = get_group(group_id, actor), current_policy()
    form.show_statement(current_school().policy_version_id)
    back = (
        (_("Groep kiezen"), url_for("learners.choose_group", learner_id=learner_id))
        if _is_from_record()
        else (group.name, url_for("learners.group_learners", group_id=group_id))
    )
    return page(
        "learners/enrol.html",
        status=status,
        group=group,
        taken=count_places_taken([group_id]).get(group_id, 0),
        learner=learner,
        form=form,
        policy=policy,
        back=back,
    )


def _is_from_record() -> bool:
    return request.args.get("vanuit") == "dossier"


def _enrolment_page(
    group_id: UUID,
    row: Enrolment,
    *,
    leave_form: LeaveForm | None = None,
    move_form: MoveForm | None = None,
    status: int = 200,
) -> Response:
    actor = require_actor()
    get_within_reach(row.learner_id, actor)
    audit.saw([row.learner_id], "learners.enrolment")
    move_form = move_form or MoveForm(list_other_groups(group_id, actor), formdata=None, on=today())
    move_form.show_statement(current_school().policy_version_id)
    return page(
        "learners/enrolment.html",
        group=get_group(group_id, actor),
        row=row,
        policy=current_policy(),
        leave_form=leave_form or LeaveForm(formdata=None, ends_on=row.ends_on or today(), reason=row.end_reason),
        end_reasons=END_REASONS,
        move_form=move_form,
        status=status,
    )
