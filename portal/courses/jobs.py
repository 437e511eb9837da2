"""What comes round for courses: lessons are made ahead from the weekly timetable."""

from portal.core.jobs import Run, every, job
from portal.courses.timetable.services import make_lessons

_DAY = 24 * 3600


@every(_DAY)
@job("courses.make_lessons")
def make_lessons_ahead(_run: Run) -> None:
    """Make the lessons of the coming weeks; those that are there stay."""
    make_lessons()
