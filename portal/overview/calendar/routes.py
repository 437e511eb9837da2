"""The calendar of who gives or follows lessons: its address, and what stands there."""

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.calendar_feeds.queries import Holder, find_holder, made_at
from portal.accounts.calendar_feeds.services import end_feed, renew_feed
from portal.core.errors import NotFound
from portal.core.http.access import public, require_actor, requires
from portal.core.http.forms import Form
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.overview.blueprint import blueprint
from portal.overview.calendar.presenters import CalendarAppointment, CalendarLesson, as_calendar
from portal.overview.calendar.queries import list_appointments, list_followed, list_given
from portal.permissions import Permission
from portal.progress.appointments.models import Appointment
from portal.schools.queries import current_school

_MOST_TOKEN = 100


@blueprint.get("/account/agenda")
@requires(Permission.ACCOUNT_OWN)
def calendar() -> Response:
    """Say whether there is an address for a calendar, and offer one."""
    return page("overview/calendar.html", since=made_at(require_actor()), address="", form=Form())


@blueprint.post("/account/agenda")
@requires(Permission.ACCOUNT_OWN)
def renew_calendar() -> Response:
    """Make an address, in place of any before, and show it once."""
    by = require_actor()
    address = url_for("overview.calendar_feed", token=renew_feed(by=by), _external=True)
    return page("overview/calendar.html", since=made_at(by), address=address, form=Form())


@blueprint.post("/account/agenda/uit")
@requires(Permission.ACCOUNT_OWN)
def end_calendar() -> BaseResponse:
    """Let the address answer no more."""
    end_feed(by=require_actor())
    flash(_("Het adres werkt niet meer."), "good")
    return see_other(url_for("overview.calendar"))


@blueprint.get("/agenda/<token>")
@public
def calendar_feed(token: str) -> Response:
    """Answer a calendar that knows the address with what its holder has; raises NotFound for any other."""
    holder = find_holder(token) if len(token) <= _MOST_TOKEN else None
    if holder is None:
        raise NotFound("calendar_feed")
    school = current_school()
    body = as_calendar(
        _lessons_of(holder),
        _appointments_of(holder),
        name=_("Lessen %(school)s", school=school.name),
        host=request.host,
    )
    return Response(body, content_type="text/calendar; charset=utf-8")


def _appointments_of(holder: Holder) -> list[CalendarAppointment]:
    coached, own = list_appointments(holder)
    found = [
        _appointment(
            each, _("Afspraak met een cursist"), url_for("learners.entries", learner_id=each.learner_id, _external=True)
        )
        for each in coached
    ]
    own_url = url_for("overview.my_lessons", _external=True)
    return [*found, *(_appointment(each, _("Afspraak op school"), own_url) for each in own)]


def _appointment(each: Appointment, title: str, url: str) -> CalendarAppointment:
    return CalendarAppointment(id=each.id, starts_at=each.starts_at, place=each.place, title=title, url=url)


def _lessons_of(holder: Holder) -> list[CalendarLesson]:
    given = [
        CalendarLesson(
            lesson=each.lesson,
            url=url_for("attendance.register", lesson_id=each.lesson.id, _external=True),
            substitutes=tuple(one.name for one in each.substitutes),
            is_replaced=bool(each.substitutes) and not each.is_taken_over_by(holder.account_id),
        )
        for each in list_given(holder)
    ]
    own_url = url_for("overview.my_lessons", _external=True)
    return [*given, *(CalendarLesson(lesson, own_url) for lesson in list_followed(holder))]
