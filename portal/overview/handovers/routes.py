"""Somebody who leaves hands over what she has: choosing who, what goes to whom, and what went."""

from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import id_asked, page, see_other
from portal.courses.groups.queries import list_teaching_accounts
from portal.learners.caseloads.queries import list_coach_names
from portal.overview.blueprint import blueprint
from portal.overview.handovers.forms import HandoverForm
from portal.overview.handovers.presenters import lines_of
from portal.overview.handovers.queries import Work, get_work, list_colleagues, list_done
from portal.overview.handovers.services import hand_over
from portal.permissions import Permission


@blueprint.get("/overdragen")
@requires(Permission.TIMETABLE_KEEP)
def handovers() -> Response:
    """List who teaches or coaches, to choose who hands over."""
    return page("overview/handovers.html", colleagues=list_colleagues())


@blueprint.get("/overdragen/<uuid:account_id>")
@requires(Permission.TIMETABLE_KEEP)
def handover(account_id: UUID) -> Response:
    """Show what somebody has, and ask who takes each part; once that is done, say what went to whom."""
    work = get_work(account_id, require_actor())
    return _handover(work, _form(work))


@blueprint.post("/overdragen/<uuid:account_id>")
@requires(Permission.TIMETABLE_KEEP)
@creates
def save_handover(account_id: UUID) -> BaseResponse:
    """Let others have what was chosen, from a day on, all or nothing."""
    by = require_actor()
    work = get_work(account_id, by)
    form = _form(work)
    if form.validate_on_submit():
        try:
            entry_id = hand_over(account_id, form.parts(), on=form.starts_on.data, despite=form.despite.data, by=by)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Het is overgedragen."), "good")
            return see_other(url_for("overview.handover", account_id=account_id, gedaan=entry_id))
    return _handover(work, form, status=422)


def _form(work: Work) -> HandoverForm:
    hers = work.member.id
    teachers = [(account.id, account.name) for account in list_teaching_accounts() if account.id != hers]
    coaches = [each for each in list_coach_names() if each[0] != hers]
    return HandoverForm(lines_of(work), teachers=teachers, coaches=coaches, starts_on=today())


def _handover(work: Work, form: HandoverForm, *, status: int = 200) -> Response:
    entry_id = id_asked("gedaan")
    done = list_done(entry_id, work.member.id, require_actor().scope) if entry_id is not None else []
    return page("overview/handover.html", member=work.member, form=form, done=done, status=status)
