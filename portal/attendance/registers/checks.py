"""What a mark may say: minutes late and left early, and of an absence whether it was authorised."""

from portal.attendance.registers.queries import Mark
from portal.core.errors import Invalid
from portal.courses.lessons.queries import LessonView


def check_mark(lesson: LessonView, mark: Mark) -> None:
    """Raise Invalid for minutes that are negative, without presence, or as long as the lesson without its break.

    And for a presence that is authorised.
    """
    if mark.is_authorised is not None and not mark.is_absence:
        raise Invalid("is_authorised", "only_when_absent")
    late = mark.late_minutes or 0
    if late < 0 or mark.early_minutes < 0:
        raise Invalid("late_minutes", "negative")
    if not mark.is_present and (mark.late_minutes != 0 or mark.early_minutes):
        raise Invalid("late_minutes", "only_when_present")
    if not (late or mark.early_minutes):
        return
    if late + mark.early_minutes >= lesson.minutes:
        raise Invalid("late_minutes", "longer_than_lesson", longest=lesson.minutes)
