"""A teacher who is away: choosing the days, who gives her lessons, and taking that back."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.queries import get_member
from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _, _n
from portal.core.http.pages import id_asked, page, see_other
from portal.courses.blueprint import blueprint
from portal.courses.clashes.queries import count_busy
from portal.courses.groups.queries import list_teaching_accounts
from portal.courses.replacements.forms import AwayForm, ReplacementForm, usual_days
from portal.courses.replacements.queries import (
    GivenGroup,
    StandIn,
    describe_replacement,
    get_replacement,
    list_given,
    list_replacements,
    list_stand_ins,
)
from portal.courses.replacements.services import replace_teacher, take_back_replacement
from portal.permissions import Permission


@blueprint.get("/docenten/<uuid:account_id>/vervangen")
@requires(Permission.TIMETABLE_KEEP)
def replacement(account_id: UUID) -> Response:
    """Show which lessons a teacher gives in some days, the coming week unless others are asked, and ask who does."""
    away = AwayForm(
        request.args if "starts_on" in request.args else None, data=usual_days(today()), meta={"csrf": False}
    )
    if "starts_on" in request.args and not away.validate():
        return _replacement(account_id, away, None, [], status=422)
    first, last = away.days()
    form = ReplacementForm(formdata=None, starts_on=first, ends_on=last)
    return _replacement(account_id, away, form, *_offer(account_id, form, first, last))


@blueprint.post("/docenten/<uuid:account_id>/vervangen")
@requires(Permission.TIMETABLE_KEEP)
@creates
def replace(account_id: UUID) -> BaseResponse:
    """Let another give a teacher's lessons of these days to the groups that are ticked, all or none."""
    form, away, by = ReplacementForm(), AwayForm(meta={"csrf": False}), require_actor()
    if not away.validate():
        return _replacement(account_id, away, None, [], status=422)
    given, stand_ins = _offer(account_id, form, *away.days())
    if form.validate_on_submit():
        try:
            entry_id = replace_teacher(
                account_id,
                UUID(form.substitute_id.data),
                group_ids=form.group_ids(),
                first=form.starts_on.data,
                last=form.ends_on.data,
                despite=form.despite.data,
                by=by,
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("De vervanging is bewaard."), "good")
            days = {"starts_on": form.starts_on.data.isoformat(), "ends_on": form.ends_on.data.isoformat()}
            return see_other(url_for("courses.replacement", account_id=account_id, gedaan=entry_id, **days))
    return _replacement(account_id, away, form, given, stand_ins, status=422)


@blueprint.post("/docenten/<uuid:account_id>/vervangen/<uuid:entry_id>/terug")
@requires(Permission.TIMETABLE_KEEP)
def take_back(account_id: UUID, entry_id: UUID) -> BaseResponse:
    """Let a teacher give her own lessons again, from today on."""
    try:
        count = take_back_replacement(entry_id, account_id, by=require_actor())
    except Invalid:
        count = 0
    if count:
        flash(_n("Ongedaan gemaakt op %(num)s plaats.", "Ongedaan gemaakt op %(num)s plaatsen.", count), "good")
    else:
        flash(_("Dit kan niet meer ongedaan worden gemaakt."), "info")
    return see_other(url_for("courses.replacement", account_id=account_id))


def _offer(
    account_id: UUID, form: ReplacementForm, first: date, last: date
) -> tuple[Sequence[GivenGroup], Sequence[StandIn]]:
    """Offer the lessons of these days in the form; return them, and who stands in already, before anything is tried."""
    given = list_given(account_id, require_actor().scope, first=first, last=last)
    busy = count_busy([lesson_id for group in given for lesson_id in group.lesson_ids], require_actor().scope)
    form.offer(given, [each for each in list_teaching_accounts() if each.id != account_id], busy)
    return given, list_stand_ins(account_id, require_actor().scope, first=first, last=last)


def _replacement(
    account_id: UUID,
    away: AwayForm,
    form: ReplacementForm | None,
    given: Sequence[GivenGroup],
    stand_ins: Sequence[StandIn] = (),
    *,
    status: int = 200,
) -> Response:
    scope, entry_id = require_actor().scope, id_asked("gedaan")
    arranged = [describe_replacement(each) for each in list_replacements(account_id, scope)]
    return page(
        "courses/replacement.html",
        member=get_member(account_id, scope),
        away=away,
        form=form,
        given=given,
        is_arranged=bool(stand_ins),
        stand_ins=[each for each in stand_ins if not any(one.tells(each) for one in arranged)],
        arranged=arranged,
        done=get_replacement(entry_id, account_id, scope).id if entry_id is not None else None,
        status=status,
    )
