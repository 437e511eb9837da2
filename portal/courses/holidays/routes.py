"""Days on which the school gives no lessons."""

from datetime import timedelta
from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _n
from portal.core.http.pages import page, see_other
from portal.courses.blueprint import blueprint
from portal.courses.forms import HolidayForm
from portal.courses.groups.queries import list_holidays
from portal.courses.lessons.queries import list_lessons_on_holidays
from portal.courses.timetable import services as timetable
from portal.courses.timetable.services import Cleared
from portal.permissions import Permission

_LOOKED_BACK = timedelta(days=366)


def _holidays(form: HolidayForm, *, status: int = 200, drops: Cleared | None = None) -> Response:
    still_given = list_lessons_on_holidays(require_actor(), since=today() - _LOOKED_BACK)
    holidays = list_holidays()
    return page(
        "courses/holidays.html",
        coming=[each for each in holidays if each.ends_on >= today()],
        past=[each for each in holidays if each.ends_on < today()],
        still_given=still_given,
        on_it={
            each.id: sum(1 for lesson in still_given if each.starts_on <= lesson.held_on <= each.ends_on)
            for each in holidays
        },
        form=form,
        drops=drops,
        status=status,
    )


@blueprint.get("/vakanties")
@requires(Permission.TIMETABLE_VIEW)
def holidays() -> Response:
    """List the days without lessons."""
    return _holidays(HolidayForm())


@blueprint.post("/vakanties")
@requires(Permission.TIMETABLE_KEEP)
@creates
def add_holiday() -> BaseResponse:
    """Add days without lessons, once the page has said how many lessons that drops."""
    form, actor = HolidayForm(), require_actor()
    if not form.validate_on_submit():
        return _holidays(form, status=422)
    values = form.values()
    try:
        drops = timetable.count_dropped(starts_on=values["starts_on"], ends_on=values["ends_on"], by=actor)
        if form.must_ask(drops.gone):
            return _holidays(form, drops=drops)
        cleared = timetable.add_holiday(**values, by=actor)
    except Invalid as refusal:
        form.refuse(refusal)
        return _holidays(form, status=422)
    gone = cleared.gone
    flash(_n("Toegevoegd. %(num)s les vervalt.", "Toegevoegd. %(num)s lessen vervallen.", gone), "good")
    return see_other(url_for("courses.holidays"))


@blueprint.post("/vakanties/<uuid:holiday_id>/lessen-annuleren")
@requires(Permission.TIMETABLE_KEEP)
def cancel_lessons_on(holiday_id: UUID) -> BaseResponse:
    """Cancel all lessons that still stand on these days."""
    count = timetable.cancel_lessons_on(holiday_id, by=require_actor())
    flash(_n("%(num)s les is geannuleerd.", "%(num)s lessen zijn geannuleerd.", count), "good")
    return see_other(url_for("courses.holidays"))


@blueprint.post("/vakanties/<uuid:holiday_id>/verwijderen")
@requires(Permission.TIMETABLE_KEEP)
def remove_holiday(holiday_id: UUID) -> BaseResponse:
    """Take days without lessons away."""
    made = timetable.remove_holiday(holiday_id, by=require_actor())
    said = _n(
        "De dagen zijn weg. %(num)s les is weer gemaakt.", "De dagen zijn weg. %(num)s lessen zijn weer gemaakt.", made
    )
    flash(said, "good")
    return see_other(url_for("courses.holidays"))
