"""What is done to a register; each file holds one thing that somebody does."""

from portal.attendance.services.recording import Mark, mark_everyone_present, record_attendance
from portal.attendance.services.storing import Recorded
from portal.attendance.services.undoing import undo_step

__all__ = ["Mark", "Recorded", "mark_everyone_present", "record_attendance", "undo_step"]
