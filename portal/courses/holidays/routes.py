"""Days on which the school gives no lessons."""

from datetime import timedelta
from uuid import UUID

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import _n
from portal.core.http.pages import page, see_other
from portal.courses.blueprint import blueprint
from portal.courses.forms import HolidayForm
from portal.courses.groups.queries import list_holidays, list_holidays_between
from portal.courses.holidays.calendar import list_closings, span_of, year_of
from portal.courses.holidays.forms import FillForm, Line, find_region
from portal.courses.holidays.services import count_planned, fill_in_holidays
from portal.courses.lessons.queries import list_lessons_on_holidays
from portal.courses.timetable import services as timetable
from portal.courses.timetable.services import Cleared
from portal.permissions import Permission
from portal.schools.queries import get_school

_YEARS_AHEAD = 2
_LOOKED_BACK = timedelta(days=366)


def _holidays(form: HolidayForm, *, status: int = 200, drops: Cleared | None = None) -> Response:
    still_given = list_lessons_on_holidays(require_actor(), since=today() - _LOOKED_BACK)
    holidays = list_holidays()
    return page(
        "courses/holidays.html",
        coming=[each for each in reversed(holidays) if each.ends_on >= today()],
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


@blueprint.get("/vakanties/invullen")
@requires(Permission.TIMETABLE_KEEP)
def propose_holidays() -> Response:
    """Propose the holidays of a school year and a region: of this year and the school's own unless others are asked."""
    years, asked = _years(), request.args.get("year", type=int)
    region = find_region(request.args.get("region")) or get_school().holiday_region
    form = FillForm(years, data={"year": asked if asked in years else years[0], "region": region})
    if region is not None:
        _add_lines(form)
    return _proposal(form)


@blueprint.post("/vakanties/invullen")
@requires(Permission.TIMETABLE_KEEP)
@creates
def fill_in() -> BaseResponse:
    """Add the holidays that are ticked, once the page has said how many lessons that drops."""
    form, actor = FillForm(_years()), require_actor()
    if not form.validate_on_submit():
        return _proposal(form, status=422)
    _add_lines(form)
    if not form.check_lines():
        return _proposal(form, status=422)
    try:
        asks = [_must_ask(line) for line in form.chosen()]
        if any(asks):
            return _proposal(form, must_confirm=True)
        values = [line.value() for line in form.chosen()]
        filled = fill_in_holidays(values, year=form.year.data, region=form.asked_region(), by=actor)
    except Invalid as refusal:
        form.refuse(refusal)
        return _proposal(form, status=422)
    added = _n("%(num)s vrije periode is toegevoegd.", "%(num)s vrije perioden zijn toegevoegd.", filled.added)
    gone = _n("%(num)s les vervalt.", "%(num)s lessen vervallen.", filled.gone)
    flash(f"{added} {gone}", "good")
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


def _years() -> list[int]:
    first = year_of(today())
    return [first + ahead for ahead in range(_YEARS_AHEAD + 1)]


def _add_lines(form: FillForm) -> None:
    """Give the form a line for each holiday of its year and region, with the lessons that are planned on its days."""
    first, last = span_of(form.year.data)
    there, planned = list_holidays_between(first, last), count_planned(first, last)
    form.add_lines(list_closings(form.year.data, form.asked_region()), there=there, planned=planned)


def _must_ask(line: Line) -> bool:
    value = line.value()
    cleared = timetable.count_dropped(starts_on=value.starts_on, ends_on=value.ends_on, by=require_actor())
    return line.must_ask(dropped=cleared.gone, kept=cleared.kept)


def _proposal(form: FillForm, *, must_confirm: bool = False, status: int = 200) -> Response:
    return page("courses/fill_in_holidays.html", form=form, must_confirm=must_confirm, status=status)
