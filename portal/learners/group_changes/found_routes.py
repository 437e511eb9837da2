"""Several of the learners that were found at once: putting them in a group, moving them, writing to them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.clock import today
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _, _n
from portal.courses.groups.queries import get_group
from portal.learners.blueprint import blueprint
from portal.learners.enrolments.queries import list_other_groups
from portal.learners.group_changes.forms import JoinFoundForm, MailTogetherForm, MoveTogetherForm
from portal.learners.group_changes.pages import MAIL, Change, Place, ask, carry_out
from portal.learners.group_changes.queries import TickedLearner, plan_join, plan_move_found
from portal.learners.group_changes.services import choose_learners, mail_together, move_together
from portal.learners.search.forms import kept_of, search_of
from portal.learners.search.selections import learners_meant
from portal.permissions import Permission
from portal.schools.queries import current_school


def _join_form(is_filled: bool) -> JoinFoundForm:
    groups = list_other_groups(None, require_actor())
    if is_filled:
        return JoinFoundForm(groups)
    form = JoinFoundForm(groups, formdata=None, starts_on=today())
    form.show_statement(current_school().policy_version_id)
    return form


def _move_form(is_filled: bool) -> MoveTogetherForm:
    groups = list_other_groups(None, require_actor())
    if is_filled:
        return MoveTogetherForm(groups)
    form = MoveTogetherForm(groups, formdata=None, on=today())
    form.show_statement(current_school().policy_version_id)
    return form


def _plan_join(lines: Sequence[TickedLearner], form: JoinFoundForm) -> Any:
    by = require_actor()
    to = get_group(UUID(form.group_id.data), by)
    return plan_join(lines, to=to, on=form.starts_on.data, scope=by.scope)


def _plan_move(lines: Sequence[TickedLearner], form: MoveTogetherForm) -> Any:
    by = require_actor()
    return plan_move_found(lines, to=get_group(UUID(form.to_group_id.data), by), on=form.on.data, scope=by.scope)


_JOIN = Change(name="join", make_form=_join_form, plan=_plan_join)
_MOVE = Change(name="move", make_form=_move_form, plan=_plan_move)


@blueprint.post("/cursisten/samen/inschrijven")
@requires(Permission.LEARNER_KEEP)
def ask_join_found() -> Response:
    """Ask in which group those who are ticked come and when; once that is given, show whom it concerns."""
    return ask(_place("join"), _JOIN, _ticked)


@blueprint.post("/cursisten/samen/verplaatsen")
@requires(Permission.LEARNER_KEEP)
def ask_move_found() -> Response:
    """Ask where those who are ticked go and when; once that is given, show whom it concerns."""
    return ask(_place("move"), _MOVE, _ticked)


@blueprint.post("/cursisten/samen/mailen")
@requires(Permission.LEARNER_KEEP)
def ask_mail_found() -> Response:
    """Ask what is written to those who are ticked; once that is given, show who gets it."""
    return ask(_place("mail"), MAIL, _ticked)


@blueprint.post("/cursisten/samen/verplaatsen/doen")
@requires(Permission.LEARNER_KEEP)
@creates
def move_found() -> BaseResponse:
    """Let those of whom the page said so go to another group, where it can be taken back."""

    def do(lines: Sequence[TickedLearner], form: MoveTogetherForm) -> str:
        plan, to_group_id = _plan_move(lines, form), UUID(form.to_group_id.data)
        entry_id = move_together(
            plan,
            of_group_id=to_group_id,
            to_group_id=to_group_id,
            on=form.on.data,
            statement_shown=form.statement.data or "",
            despite=form.despite.data,
            by=require_actor(),
        )
        count = len(plan.reached)
        flash(_n("%(num)s cursist is verplaatst.", "%(num)s cursisten zijn verplaatst.", count), "good")
        return url_for("learners.group_learners", group_id=to_group_id, gedaan=entry_id)

    return carry_out(_place("move"), _MOVE, _ticked, do)


@blueprint.post("/cursisten/samen/mailen/doen")
@requires(Permission.LEARNER_KEEP)
@creates
def mail_found() -> BaseResponse:
    """Send the mail to those of whom the page said so; it can't be taken back."""

    def do(lines: Sequence[TickedLearner], form: MailTogetherForm) -> str:
        subject, text = form.subject.data, form.text.data
        count = mail_together(lines, purpose=form.purpose.data, subject=subject, text=text, by=require_actor())
        flash(_n("%(num)s e-mail wordt verstuurd.", "%(num)s e-mails worden verstuurd.", count), "good")
        return _back()[1]

    return carry_out(_place("mail"), MAIL, _ticked, do)


def _ticked() -> list[TickedLearner]:
    by = require_actor()
    return choose_learners(learners_meant(by), by=by)


def _kept() -> dict[str, Any]:
    return dict(kept_of(search_of(request.args, require_actor())))


def _is_own_list() -> bool:
    """Say whether they were ticked in a coach's own list."""
    return request.args.get("vanuit") == "mijn"


def _back() -> tuple[str, str]:
    """Return what the list is called in which they were ticked, and its address."""
    if _is_own_list():
        return _("Mijn cursisten"), url_for("overview.my_learners")
    return _("Cursisten"), url_for("learners.find", **_kept())


def _place(change: str) -> Place:
    """The coach's own list, or that of the school as it was narrowed. Joining is done from a group's own page."""
    kept = {"vanuit": "mijn"} if _is_own_list() else _kept()
    endpoints = {"move": "learners.move_found", "mail": "learners.mail_found"}

    def do_url(form: Any) -> str:
        if change == "join":
            return url_for("learners.join_together", group_id=form.group_id.data)
        return url_for(endpoints[change], **kept)

    return Place(
        back=_back(),
        box="cursist",
        key="learner_id",
        ask_url=url_for(f"learners.ask_{change}_found", **kept),
        do_url=do_url,
    )
