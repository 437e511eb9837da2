"""Lessons as events of an iCalendar (RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from icalendar import Calendar, Event

from portal.core.clock import now
from portal.core.http.languages import _
from portal.courses.lessons.queries import LessonView
from portal.courses.models import LessonPlace

_ASKED_AGAIN = timedelta(hours=4)


@dataclass(frozen=True)
class CalendarLesson:
    """A lesson with the page of the portal that is about it, and who gives it for another."""

    lesson: LessonView
    url: str
    substitutes: tuple[str, ...] = ()


def as_calendar(lessons: Iterable[CalendarLesson], *, name: str, host: str) -> bytes:
    """Return lessons as a calendar; a cancelled one stays in it and says so. No name of a learner is in it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Inzage//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _ASKED_AGAIN, parameters={"value": "DURATION"})
    for each in lessons:
        calendar.add_component(_event(each, host))
    return bytes(calendar.to_ical())


def _event(each: CalendarLesson, host: str) -> Event:
    lesson, event = each.lesson, Event()
    said = _("vervalt: %(group)s", group=lesson.group_name) if lesson.is_cancelled else lesson.group_name
    event.add("uid", f"{lesson.id}@{host}")
    event.add("dtstamp", now())
    event.add("dtstart", lesson.begins)
    event.add("dtend", lesson.ends)
    event.add("summary", said)
    event.add("status", "CANCELLED" if lesson.is_cancelled else "CONFIRMED")
    event.add("url", each.url)
    place = _("op afstand") if lesson.place is LessonPlace.DISTANCE else lesson.room
    if place:
        event.add("location", place)
    about = [_("Vervanging: %(names)s", names=", ".join(each.substitutes))] if each.substitutes else []
    about += [lesson.cancelled_because] if lesson.cancelled_because else []
    if about:
        event.add("description", "\n".join(about))
    return event
