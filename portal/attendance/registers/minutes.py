"""Contact minutes: what a mark counts for."""

from portal.attendance.models import Status
from portal.attendance.registers.queries import MarkValue
from portal.core.errors import Invalid
from portal.courses.lessons.queries import LessonView


def contact_minutes(lesson_minutes: int, value: MarkValue) -> int:
    """Return the minutes that a mark counts for: the lesson without its break, less late and early; never below 0."""
    if value.status is not Status.PRESENT:
        return 0
    return max(0, lesson_minutes - value.late_minutes - value.early_minutes)


def check_minutes(lesson: LessonView, value: MarkValue) -> None:
    """Raise Invalid for minutes that are negative, without presence, or as long as the lesson itself."""
    if value.late_minutes < 0 or value.early_minutes < 0:
        raise Invalid("late_minutes", "negative")
    if value.status is not Status.PRESENT and (value.late_minutes or value.early_minutes):
        raise Invalid("late_minutes", "only_when_present")
    if not (value.late_minutes or value.early_minutes):
        return
    longest = int((lesson.ends - lesson.begins).total_seconds()) // 60
    if value.late_minutes + value.early_minutes >= longest > 0:
        raise Invalid("late_minutes", "longer_than_lesson", longest=longest)
