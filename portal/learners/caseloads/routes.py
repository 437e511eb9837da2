"""Who has which coach: of one learner, of several at once, and of a coach, with who stands in for her."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _, _n
from portal.core.http.pages import id_asked, page, see_other, see_saved
from portal.learners.blueprint import blueprint
from portal.learners.caseloads.forms import CoachForm, SubstituteForm
from portal.learners.caseloads.queries import (
    find_coach_of,
    get_coach,
    get_given,
    is_recent,
    list_coach_names,
    list_coaches,
    list_learners_of,
)
from portal.learners.caseloads.services import (
    add_substitute,
    end_substitute,
    give_coach,
    plan_giving,
    take_coach_back,
)
from portal.learners.group_changes.pages import Change, Place, ask, carry_out, undo
from portal.learners.group_changes.queries import Plan, TickedLearner
from portal.learners.group_changes.services import choose_learners
from portal.learners.record.models import Learner
from portal.learners.scope.services import get_within_reach
from portal.learners.search.forms import kept_of, search_of
from portal.learners.search.selections import learners_meant
from portal.permissions import Permission

_OWN = "mijn"


@blueprint.get("/cursisten/<uuid:learner_id>/begeleider")
@requires(Permission.CASELOAD_KEEP)
def choose_coach(learner_id: UUID) -> Response:
    """Ask which coach a learner has, and from when."""
    learner = get_within_reach(learner_id, require_actor())
    return _coach_page(learner, CoachForm(list_coach_names(), starts_on=today()))


@blueprint.post("/cursisten/<uuid:learner_id>/begeleider")
@requires(Permission.CASELOAD_KEEP)
@creates
def give_one_coach(learner_id: UUID) -> BaseResponse:
    """Let a learner have a coach from a day on, or none."""
    by, form = require_actor(), CoachForm(list_coach_names())
    learner = get_within_reach(learner_id, by)
    if form.validate_on_submit():
        try:
            lines = choose_learners([learner.id], by=by)
            give_coach(lines, account_id=form.chosen_coach(), starts_on=form.starts_on.data, by=by)
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal)
        else:
            url = url_for("learners.record", learner_id=learner.id)
            return see_saved(url, place="summary", said=_("De begeleider is bewaard."))
    return _coach_page(learner, form, status=422)


def _coach_page(learner: Learner, form: CoachForm, *, status: int = 200) -> Response:
    audit.saw([learner.id], "learners.record")
    coach = find_coach_of(learner.id, require_actor().scope)
    return page("learners/choose_coach.html", learner=learner, form=form, coach=coach, status=status)


def _form(is_filled: bool) -> CoachForm:
    coaches = list_coach_names()
    return CoachForm(coaches) if is_filled else CoachForm(coaches, formdata=None, starts_on=today())


def _plan(lines: Sequence[TickedLearner], form: CoachForm) -> Plan[TickedLearner]:
    return plan_giving(lines, account_id=form.chosen_coach(), starts_on=form.starts_on.data, by=require_actor())


_COACH = Change(name="coach", make_form=_form, plan=_plan)


@blueprint.post("/cursisten/samen/begeleider")
@requires(Permission.CASELOAD_KEEP)
def ask_coach_found() -> Response:
    """Ask which coach those who are ticked get and when; once that is given, show whom it concerns."""
    return ask(_place(), _COACH, _ticked)


@blueprint.post("/cursisten/samen/begeleider/doen")
@requires(Permission.CASELOAD_KEEP)
@creates
def coach_found() -> BaseResponse:
    """Give a coach to those of whom the page said so; a page follows on which it can be taken back."""

    def do(lines: Sequence[TickedLearner], form: CoachForm) -> str:
        account_id, by = form.chosen_coach(), require_actor()
        plan, entry_id = give_coach(lines, account_id=account_id, starts_on=form.starts_on.data, by=by)
        count = len(plan.reached)
        flash(
            _n(
                "De begeleider van %(num)s cursist is bewaard.",
                "De begeleider van %(num)s cursisten is bewaard.",
                count,
            )
        )
        if _came_from() == _OWN:
            return url_for("overview.my_learners", gedaan=entry_id)
        return url_for("learners.coaches", gedaan=entry_id)

    return carry_out(_place(), _COACH, _ticked, do)


@blueprint.post("/begeleiders/terug/<uuid:entry_id>")
@requires(Permission.CASELOAD_KEEP)
def take_coaches_back(entry_id: UUID) -> BaseResponse:
    """Take back that coaches were given at once, for who wasn't given another since."""
    back = url_for("overview.my_learners" if _came_from() == _OWN else "learners.coaches")
    return undo(back, lambda: take_coach_back(entry_id, by=require_actor()))


@blueprint.get("/begeleiders")
@requires(Permission.CASELOAD_KEEP)
def coaches() -> Response:
    """Show the coaches of the school with how many learners each has, and who stands in for whom."""
    return page("learners/coaches.html", coaches=list_coaches(), given=_given())


def _given() -> UUID | None:
    """Return what the address says was done just now, while it can be taken back."""
    entry_id = id_asked("gedaan")
    return entry_id if entry_id and is_recent(get_given(entry_id, require_actor().scope)) else None


@blueprint.get("/begeleiders/<uuid:account_id>")
@requires(Permission.CASELOAD_KEEP)
def caseload(account_id: UUID) -> Response:
    """Show whom a coach has, to be handed over, and who stands in for her."""
    by = require_actor()
    coach = get_coach(account_id, by.scope)
    lines = list_learners_of(coach, by.scope)
    audit.saw([line.learner_id for line in lines], "learners.list", folds=True)
    return page("learners/caseload.html", coach=coach, lines=lines)


@blueprint.get("/begeleiders/<uuid:account_id>/vervanger")
@requires(Permission.CASELOAD_KEEP)
def new_substitute(account_id: UUID) -> Response:
    """Ask who stands in for a coach, and when."""
    return _substitute_page(account_id, SubstituteForm(_others(account_id), starts_on=today()))


@blueprint.post("/begeleiders/<uuid:account_id>/vervanger")
@requires(Permission.CASELOAD_KEEP)
@creates
def save_substitute(account_id: UUID) -> BaseResponse:
    """Let a coach stand in for another from a day until a day."""
    form = SubstituteForm(_others(account_id))
    if form.validate_on_submit():
        try:
            add_substitute(
                account_id,
                account_id=UUID(form.account_id.data),
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                by=require_actor(),
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("De vervanging is bewaard."), "good")
            return see_other(url_for("learners.caseload", account_id=account_id))
    return _substitute_page(account_id, form, status=422)


@blueprint.post("/begeleiders/<uuid:account_id>/vervanger/<uuid:coach_substitute_id>/stop")
@requires(Permission.CASELOAD_KEEP)
def stop_substitute(account_id: UUID, coach_substitute_id: UUID) -> BaseResponse:
    """Let somebody stand in for a coach no more."""
    end_substitute(account_id, coach_substitute_id, by=require_actor())
    flash(_("De vervanging is gestopt."), "good")
    return see_other(url_for("learners.caseload", account_id=account_id))


def _others(account_id: UUID) -> list[tuple[UUID, str]]:
    return [each for each in list_coach_names() if each[0] != account_id]


def _substitute_page(account_id: UUID, form: SubstituteForm, *, status: int = 200) -> Response:
    coach = get_coach(account_id, require_actor().scope)
    return page("learners/substitute.html", coach=coach, form=form, status=status)


def _ticked() -> list[TickedLearner]:
    by = require_actor()
    return choose_learners(learners_meant(by), by=by)


def _came_from() -> str:
    return request.args.get("vanuit", "")


def _place() -> Place:
    """The list in which they were ticked: her own, that of a coach, or that of the school as it was narrowed."""
    kept: dict[str, Any] = dict(kept_of(search_of(request.args, require_actor())))
    back = _("Cursisten"), url_for("learners.find", **kept)
    if _came_from() == _OWN:
        back, kept = (_("Mijn cursisten"), url_for("overview.my_learners")), {"vanuit": _OWN}
    do_url = url_for("learners.coach_found", **kept)
    return Place(
        back=back,
        box="cursist",
        key="learner_id",
        ask_url=url_for("learners.ask_coach_found", **kept),
        do_url=lambda _form: do_url,
    )
