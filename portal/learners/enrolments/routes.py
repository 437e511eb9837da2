"""Who is in a group: joining, leaving and moving, each from its day."""

from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.courses.groups.queries import get_group, list_groups
from portal.learners.blueprint import blueprint
from portal.learners.enrolments.forms import JoinForm, LeaveForm, MoveForm
from portal.learners.enrolments.models import Enrolment
from portal.learners.enrolments.queries import get_enrolment, list_enrolled, list_payers
from portal.learners.enrolments.services import join_group, leave_group, move_to_group
from portal.learners.scope.services import get_within_reach
from portal.learners.search.queries import Search, find_learners
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.schools.queries import current_school


@blueprint.get("/groepen/<uuid:group_id>/cursisten")
@requires(Permission.LEARNER_VIEW)
def group_learners(group_id: UUID) -> Response:
    """Show who is, will be and was in a group; who may, finds a learner here to put in it."""
    actor = require_actor()
    group = get_group(group_id, actor)
    lines = list_enrolled(group)
    text = request.args.get("zoek", "").strip() if actor.may(Permission.LEARNER_KEEP) else ""
    found = find_learners(Search(text=text), actor).learners if text else []
    audit.saw([line.learner_id for line in lines], "learners.group", subject=("learner_group", group_id))
    if found:
        audit.saw([each.id for each in found], "learners.search", folds=True)
    there = {line.learner_id for line in lines if line.state != "over"}
    return page("learners/group_learners.html", group=group, lines=lines, text=text, found=found, there=there)


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
            by=actor,
        )
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal)
        return _enrol_page(group_id, learner_id, form, status=422)
    flash(_("De cursist is ingeschreven."), "good")
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
            leave_group(group_id, enrolment_id, ends_on=form.ends_on.data, by=actor)
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
    row, form = get_enrolment(group_id, enrolment_id, actor.scope), MoveForm(_other_groups(group_id))
    if form.validate_on_submit():
        try:
            to_group, shown = UUID(form.to_group_id.data), form.statement.data or ""
            move_to_group(
                group_id, enrolment_id, to_group_id=to_group, on=form.on.data, statement_shown=shown, by=actor
            )
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal)
        else:
            flash(_("De cursist gaat naar de andere groep."), "good")
            return see_other(url_for("learners.group_learners", group_id=to_group))
    return _enrolment_page(group_id, row, move_form=form, status=422)


def _other_groups(group_id: UUID) -> list[tuple[UUID, str]]:
    groups = sorted(list_groups(require_actor()), key=lambda group: group.starts_on > today())
    return [(group.id, group.name) for group in groups if group.id != group_id]


def _enrol_page(group_id: UUID, learner_id: UUID, form: JoinForm, *, status: int = 200) -> Response:
    actor = require_actor()
    learner = get_within_reach(learner_id, actor)
    audit.saw([learner_id], "learners.enrolment")
    group, policy = get_group(group_id, actor), current_policy()
    form.show_statement(current_school().policy_version_id)
    return page("learners/enrol.html", status=status, group=group, learner=learner, form=form, policy=policy)


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
    move_form = move_form or MoveForm(_other_groups(group_id), formdata=None, on=today())
    move_form.show_statement(current_school().policy_version_id)
    return page(
        "learners/enrolment.html",
        group=get_group(group_id, actor),
        row=row,
        policy=current_policy(),
        leave_form=leave_form or LeaveForm(formdata=None, ends_on=today()),
        move_form=move_form,
        status=status,
    )
