"""Lessons and appointments as events of an iCalendar (RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from portal.core.clock import now
from portal.core.http.languages import _, comma
from portal.courses.lessons.queries import LessonView
from portal.courses.models import LessonPlace

if TYPE_CHECKING:
    from icalendar import Event

_ASKED_AGAIN = timedelta(hours=4)


@dataclass(frozen=True)
class CalendarLesson:
    """A lesson with the page of the portal that is about it, and who gives it for another.

    `is_replaced`: somebody else gives it for whose calendar it is, whose time it doesn't take then.
    """

    lesson: LessonView
    url: str
    substitutes: tuple[str, ...] = ()
    is_replaced: bool = False

    @property
    def title(self) -> str:
        """What the calendar calls it: the group, and what became of the lesson."""
        group = self.lesson.group_name
        if self.lesson.is_cancelled:
            return _("vervalt: %(group)s", group=group)
        return _("vervangen: %(group)s", group=group) if self.is_replaced else group


@dataclass(frozen=True)
class CalendarAppointment:
    """An appointment with the page of the portal that is about it, and what a calendar that others may see says."""

    id: UUID
    starts_at: datetime
    place: str | None
    title: str
    url: str


def as_calendar(
    lessons: Iterable[CalendarLesson], appointments: Iterable[CalendarAppointment] = (), *, name: str, host: str
) -> bytes:
    """Return lessons and appointments as a calendar; a cancelled lesson stays in it and says so.

    No name of a learner is in it, nor what an appointment is about.
    """
    from icalendar import Calendar  # eight megabytes, which most processes never need

    calendar = Calendar()
    calendar.add("prodid", "-//Inzage//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _ASKED_AGAIN, parameters={"value": "DURATION"})
    for each in lessons:
        calendar.add_component(_event(each, host))
    for meeting in appointments:
        calendar.add_component(_meeting(meeting, host))
    return bytes(calendar.to_ical())


def _meeting(meeting: CalendarAppointment, host: str) -> "Event":
    """Make an event of an appointment, of which it isn't stored how long it takes."""
    from icalendar import Event

    event = Event()
    event.add("uid", f"{meeting.id}@{host}")
    event.add("dtstamp", now())
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("summary", meeting.title)
    event.add("status", "CONFIRMED")
    event.add("url", meeting.url)
    if meeting.place:
        event.add("location", meeting.place)
    return event


def _event(each: CalendarLesson, host: str) -> "Event":
    from icalendar import Event

    lesson, event = each.lesson, Event()
    event.add("uid", f"{lesson.id}@{host}")
    event.add("dtstamp", now())
    event.add("dtstart", lesson.begins)
    event.add("dtend", lesson.ends)
    event.add("summary", each.title)
    event.add("status", "CANCELLED" if lesson.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if lesson.is_cancelled or each.is_replaced else "OPAQUE")
    event.add("url", each.url)
    place = _("op afstand") if lesson.place is LessonPlace.DISTANCE else lesson.room
    if place:
        event.add("location", place)
    about = [_("Vervanging: %(names)s", names=comma().join(each.substitutes))] if each.substitutes else []
    about += [lesson.cancelled_because] if lesson.cancelled_because else []
    if about:
        event.add("description", "\n".join(about))
    return event
