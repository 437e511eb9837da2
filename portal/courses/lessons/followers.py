"""What a lesson was before somebody changed it, for whoever tells those who come to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from portal.core.ports import Port
from portal.courses.models import Lesson


@dataclass(frozen=True)
class LessonBefore:
    """A lesson as it stood: when and where it was, and whether it was cancelled."""

    id: UUID
    held_on: date
    starts_at: time
    ends_at: time
    room: str | None
    is_at_school: bool
    is_cancelled: bool


LESSON_FOLLOWERS: Port[Callable[[LessonBefore], None]] = Port("courses.lesson_followers")
"""Called once a lesson was moved, cancelled or put back, with what it was."""


def before(lesson: Lesson) -> LessonBefore:
    """Return a lesson as it stands, before it is changed."""
    return LessonBefore(
        id=lesson.id,
        held_on=lesson.held_on,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        room=lesson.room,
        is_at_school=lesson.place.value == "school",
        is_cancelled=lesson.is_cancelled,
    )


def follow(lesson: Lesson, was: LessonBefore) -> None:
    """Hand on what a lesson was, where it is another now for those who come to it."""
    if before(lesson) != was:
        for follower in LESSON_FOLLOWERS.all:
            follower(was)
