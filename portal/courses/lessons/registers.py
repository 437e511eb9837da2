"""What a group's page says of registers: attendance tells how far each is."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from portal.core.ports import Port
from portal.courses.lessons.queries import LessonView

# Called with lessons; returns by id how many learners are still to be filled in, and how many marks there are.
REGISTER_COUNTS: Port[Callable[[Sequence[LessonView]], Mapping[UUID, tuple[int, int]]]] = Port(
    "courses.register_counts"
)
