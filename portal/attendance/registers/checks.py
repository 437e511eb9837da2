"""What a mark may say: minutes late and left early, and of an absence whether it was authorised."""

from portal.attendance.registers.queries import Mark
from portal.core.errors import Invalid
from portal.courses.lessons.queries import LessonView


def check_mark(lesson: LessonView, mark: Mark) -> None:
    """Raise Invalid for minutes that are negative, without presence, or as long as the lesson itself, and for an
    authorised presence.
    """
    if mark.is_authorised is not None and not mark.is_absence:
        raise Invalid("is_authorised", "only_when_absent")
    if mark.late_minutes < 0 or mark.early_minutes < 0:
        raise Invalid("late_minutes", "negative")
    if not mark.is_present and (mark.late_minutes or mark.early_minutes):
        raise Invalid("late_minutes", "only_when_present")
    if not (mark.late_minutes or mark.early_minutes):
        return
    longest = int((lesson.ends - lesson.begins).total_seconds()) // 60
    if mark.late_minutes + mark.early_minutes >= longest > 0:
        raise Invalid("late_minutes", "longer_than_lesson", longest=longest)
