"""What people do with progress: levels of a group at once, results, evaluations and notes."""

from portal.progress.services.levels import NewLevel, delete_level, record_levels
from portal.progress.services.results import record_result
from portal.progress.services.writing import change_visibility, write_evaluation, write_note

__all__ = [
    "NewLevel",
    "change_visibility",
    "delete_level",
    "record_levels",
    "record_result",
    "write_evaluation",
    "write_note",
]
