"""Copying groups to a next term."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _, _n, written
from portal.core.http.pages import page, see_other
from portal.courses.blueprint import blueprint
from portal.courses.copies.forms import CopyForm
from portal.courses.copies.services import copy_groups
from portal.courses.groups.queries import GroupView, list_groups
from portal.courses.terms.models import Term
from portal.courses.terms.queries import find_next_term, get_term, list_terms
from portal.permissions import Permission

_OVER_SINCE = timedelta(days=120)


@blueprint.get("/groepen/kopieren")
@requires(Permission.TIMETABLE_KEEP)
def choose_copies() -> Response:
    """Ask which groups are copied and to which days; `periode` names the term, the next one unless another is asked."""
    term = _term_asked()
    form = CopyForm(_groups(), data=_days(term))
    return _copies(form, term)


@blueprint.post("/groepen/kopieren")
@requires(Permission.TIMETABLE_KEEP)
@creates
def copy() -> BaseResponse:
    """Make the new groups, all or none."""
    groups = _groups()
    form = CopyForm(groups)
    if not form.validate_on_submit():
        return _copies(form, None, status=422)
    try:
        made = copy_groups(
            form.copies(),
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            with_teachers=form.with_teachers.data,
            ends_old=form.ends_old.data,
            despite=form.despite.data,
            by=require_actor(),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _copies(form, None, status=422)
    count = len(made)
    said = _n("%(num)s groep is gemaakt.", "%(num)s groepen zijn gemaakt.", count)
    stops = _said_of_old(form, groups) if form.ends_old.data else ""
    flash(" ".join(part for part in (said, stops, _("Zet er nu cursisten in.")) if part), "good")
    return see_other(url_for("courses.group", group_id=made[0].id) if count == 1 else url_for("courses.groups"))


def _said_of_old(form: CopyForm, groups: Sequence[GroupView]) -> str:
    """Say until when the groups go on that were copied and would have gone on; nothing where there are none."""
    last = form.starts_on.data - timedelta(days=1)
    asked = [each for each in groups if each.id in form.groups_asked()]
    count = len([each for each in asked if each.starts_on <= last < (each.ends_on or date.max)])
    if not count:
        return ""
    day = written("date", last)
    return _n("De oude groep stopt op %(day)s.", "De oude groepen stoppen op %(day)s.", count, day=day)


def _copies(form: CopyForm, term: Term | None, *, status: int = 200) -> Response:
    coming = [each for each in list_terms() if each.ends_on >= today()]
    return page("courses/copies.html", form=form, terms=coming, term=term, asked=form.groups_asked(), status=status)


def _groups() -> list[GroupView]:
    """Return what can be copied: the groups that go on, and those that ended lately."""
    by, since = require_actor(), today() - _OVER_SINCE
    lately = [each for each in list_groups(by, over=True) if each.ends_on is not None and each.ends_on >= since]
    return [*list_groups(by), *lately]


def _term_asked() -> Term | None:
    asked = request.args.get("periode", type=UUID)
    return get_term(asked) if asked is not None else find_next_term(today())


def _days(term: Term | None) -> dict[str, date | None]:
    return {"starts_on": term.starts_on, "ends_on": term.ends_on} if term is not None else {}
