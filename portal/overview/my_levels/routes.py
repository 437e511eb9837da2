"""A learner's page about how far she is, on which she sets her own goals."""

from uuid import UUID

from flask import Response, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.attendance.notices.presenters import told_notice
from portal.core import audit
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.forms import Form
from portal.core.http.languages import _
from portal.core.http.pages import ids_ticked, page, see_saved, wants_partial
from portal.overview.blueprint import blueprint
from portal.overview.my_levels.queries import get_my_levels
from portal.overview.own_tasks.queries import get_own_tasks
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.progress.can_do.services import tick_own
from portal.progress.goals import services as goals
from portal.progress.goals.forms import GoalForm
from portal.progress.goals.queries import list_goals
from portal.progress.labels import PARTS, WORDS
from portal.progress.models import Rung


def _show(goal_form: GoalForm | None = None, status: int = 200) -> Response:
    policy, scope = current_policy(), require_actor().scope
    audit.saw([scope.get_own_learner_id()], "overview.my_levels")
    if not any(policy.feature(name) for name in ("levels", "exams", "notes")):
        words = _("Uw school bewaart geen niveau, examens of notities van u.")
        return page("overview/not_kept.html", title=_("Mijn niveau"), words=words)
    return page(
        "overview/my_levels.html",
        mine=get_my_levels(scope),
        tasks=get_own_tasks(scope),
        told_notice=told_notice,
        moment=now(),
        policy=policy,
        words=WORDS,
        parts=PARTS,
        goal_form=goal_form or GoalForm(formdata=None),
        status=status,
    )


@blueprint.get("/mijn/niveau")
@requires(Permission.RECORD_OWN)
def my_levels() -> Response:
    """Show levels over time, goals, results, notes and evaluations; where a school keeps none of them, that."""
    return _show()


@blueprint.post("/mijn/niveau/doel")
@requires(Permission.RECORD_OWN)
@creates
def set_goal() -> BaseResponse:
    """Set a goal of one's own."""
    form = GoalForm()
    if not form.validate_on_submit():
        return _goals_refused(form)
    try:
        goals.set_goal(form.chosen_skill, Rung(form.level.data), form.chosen_month, by=require_actor())
    except Invalid as refusal:
        form.refuse(refusal)
        return _goals_refused(form)
    return _goals_saved(_("Opgeslagen."))


@blueprint.post("/mijn/niveau/doel/<uuid:goal_id>/weg")
@requires(Permission.RECORD_OWN)
def remove_goal(goal_id: UUID) -> BaseResponse:
    """Take a goal of one's own away."""
    if Form().validate_on_submit():
        goals.remove_goal(goal_id, by=require_actor())
    return _goals_saved(_("Uw doel is weg."))


def _goals_saved(said: str) -> BaseResponse:
    """Answer htmx with the goals as they stand now, and a plain form with the page that shows them."""
    if not wants_partial():
        return see_saved(url_for("overview.my_levels"), place="doel", said=said)
    return _goals(GoalForm(formdata=None), said=said)


def _goals_refused(form: GoalForm) -> BaseResponse:
    return _goals(form, status=422) if wants_partial() else _show(form, 422)


def _goals(form: GoalForm, *, said: str = "", status: int = 200) -> Response:
    scope = require_actor().scope
    learner_id = scope.get_own_learner_id()
    audit.saw([learner_id], "overview.my_levels")
    html = render_template(
        "progress/_goals.html",
        goals=list_goals(learner_id, scope),
        goal_form=form,
        words=WORDS,
        is_own=True,
        said=said,
    )
    return Response(html, status)


@blueprint.post("/mijn/niveau/kunnen")
@requires(Permission.RECORD_OWN)
def tick_can_do() -> BaseResponse:
    """Store what she says she can do."""
    if Form().validate_on_submit():
        ticked, offered = (ids_ticked(name, "can_do_statement") for name in ("kan", "getoond"))
        tick_own(ticked, offered, by=require_actor())
    return see_saved(url_for("overview.my_levels"), place="kunnen", said=_("Opgeslagen."))
